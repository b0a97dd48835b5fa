import { expect, expectTypeOf, it } from "vitest";
import type { GivenNames } from "../../grader/course/given.ts";
import type { course } from "../../grader/course/index.ts";
import { givenNamesType } from "../../grader/kit/given-types.ts";
import { functionSteps } from "../../grader/course/steps.ts";
import { graderFolder } from "../../grader/runner/project.ts";

const FILE = `${graderFolder}/course/given.ts`;

/** The file's text, from the course. */
function textOfNames(): string {
  return [
    "// Made from the rooms by npx vitest run tests/course/given.test.ts --update, so that the type checker can check an",
    "// exercise without reading the course.",
    "",
    givenNamesType(functionSteps),
  ].join("\n");
}

it("the types of a learner's file contain exactly the names that its step is given", async () => {
  await expect(textOfNames()).toMatchFileSnapshot(FILE);
});

type Rooms = (typeof course)[keyof typeof course]["rooms"][number];
type FunctionRooms = Extract<Rooms, { kind: "function" }>;
type NamesOfRooms = { [Id in FunctionRooms["id"]]: Extract<FunctionRooms, { id: Id }>["given"][number] };

it("and so do the types of its mistakes", () => {
  expectTypeOf<GivenNames>().toEqualTypeOf<NamesOfRooms>();
});
