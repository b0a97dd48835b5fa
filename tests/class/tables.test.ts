import { array, assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { fileNames, isFileName } from "../../grader/class/names.ts";
import { pointsOf, pointsPerStep } from "../../grader/class/points.ts";
import { matchPeople, readRoster } from "../../grader/class/roster.ts";
import { engines, inShard, shardFrom } from "../../grader/class/shard.ts";
import { person, timeOf } from "../../grader/class/sources/found.ts";
import { dojo, requiredSteps, steps } from "../../grader/course/steps.ts";

describe("a roster", () => {
  const match = (table: string, ...people: ReturnType<typeof person>[]) =>
    matchPeople(
      people.map((one) => [one]),
      readRoster(table),
    ).people.map(([one]) => one!.id);

  it("has its columns in any order, with the titles of many systems", () => {
    expect(match("Email,SID,Last Name,First Name\na@x.edu,7,Lovelace,Ada\n", person("a@x.edu"))).toEqual(["7"]);
    expect(match("username,first_name,last_name,email,section,github_id\nada,A,L,,,9\n", person("ADA"))).toEqual([
      "ada",
    ]);
    expect(match("Identifier;Full name;Grade\nParticipant 12;Ada L;\n", person("12"))).toEqual(["12"]);
    expect(match("\uFEFFidentifier\tgithub_username\n17\tada\n", person("ada", { login: "ada" }))).toEqual(["17"]);
  });

  it("fits by name in any order and spelling, where the id is unknown", () => {
    const table = 'ID,Student\n1,"Şahin, Zoë"\n2,"Kowalewskaja, Sofja Wassiljewna"\n';
    expect(match(table, person("Zoe Sahin"))).toEqual(["1"]);
    expect(match(table, person("x", { name: "sahinzoe" }))).toEqual(["1"]);
    expect(match(table, person("Sofja Wassiljewna Kowalewskaja"))).toEqual(["2"]);
  });

  it("fits nobody by a name that two have, or by the letters of another name", () => {
    const table = "ID,Name\n1,Ada Lovelace\n2,Ada Lovelace\n3,Ronald Ng\n";
    expect(match(table, person("Ada Lovelace"), person("2"), person("Arnold Ng"))).toEqual([
      "Ada Lovelace",
      "2",
      "Arnold Ng",
    ]);
  });

  it("gives nobody the line of a namesake", () => {
    const table = 'ID,Student\n1,"Hopper, Ada"\n2,"Turing, Alan"\n';
    const [ada, alan] = [person("1", { name: "hopperada" }), person("2", { name: "turingalan" })];
    // the ids are those of the roster: a third one is somebody who is not on it
    expect(match(table, ada, alan, person("3", { name: "hopperada" }))).toEqual(["1", "2", "3"]);
    expect(match(table, alan, person("3", { name: "hopperada" }))).toEqual(["2", "3"]);
    // of two people with one name, neither is told by it
    expect(match(table, person("Ada Hopper"), person("Hopper Ada"))).toEqual(["Ada Hopper", "Hopper Ada"]);
    // nor by it where somebody was found by more
    expect(match(table, person("1"), person("Ada Hopper"))).toEqual(["1", "Ada Hopper"]);
  });

  it("fits by the login that begins an email address, if it knows no email addresses", () => {
    const [ada, alan] = [person("ada@x.edu"), person("7", { email: "alan@x.edu" })];
    expect(match("ID,SIS Login ID\n1,ada\n2,alan\n", ada, alan)).toEqual(["1", "2"]);
    expect(match("ID,Login,Email\n1,ada,ada@y.edu\n", ada)).toEqual(["ada@x.edu"]);
    expect(match("ID,Login\n1,ada\n", ada, person("ada@y.edu"))).toEqual(["ada@x.edu", "ada@y.edu"]);
  });

  it("that fits nobody changes nobody, and everyone on it is missing", () => {
    const { found, missing } = matchPeople([[person("ada")]], readRoster("id,name\n1,Bob\n"));
    expect({ found, missing: missing.map(({ id }) => id) }).toEqual({ found: 0, missing: ["1"] });
  });

  it.each([
    ["", "no column"],
    ["a,b\n1,2\n", "no column"],
    ['id\n"open', "no table"],
  ])("%j is refused", (table, why) => {
    expect(() => readRoster(table)).toThrow(why);
  });
});

describe("the names of result files", () => {
  it("are what people are called, as far as a file can be", () => {
    expect(fileNames(["Ada Lovelace_12", "user@x.edu", "../../etc", "Şule"])).toEqual([
      "ada-lovelace_12",
      "user@x.edu",
      "etc",
      "sule",
    ]);
  });

  it("are safe and unique, whatever people are called", () => {
    const names = [
      "Ada",
      "ada",
      "ADA",
      "李雷",
      "雷李",
      "con",
      "class",
      "",
      "..",
      "-rf",
      "a".repeat(300),
      "a".repeat(299),
      "x/../y",
      "\u202E",
      "a\0b",
      "😀",
    ];
    const files = fileNames(names);
    for (const file of files) expect(file).toMatch(/^[a-z0-9_@][a-z0-9_.@-]{0,95}$/);
    expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(names.length);
    expect(files).not.toContain("class");
  });

  it("are what merge reads, whatever people are called", () => {
    const names = array(string({ unit: "binary" }), { minLength: 1, maxLength: 5 });
    assert(
      property(names, (some) => {
        for (const file of fileNames([...some, ...some.map((name) => `@${name}`)])) expect(file).toSatisfy(isFileName);
      }),
    );
  });
});

describe("points", () => {
  it("are one for each selected step of parts 0 to 4, and of the optional parts", () => {
    const possible = (selected: typeof steps): number => pointsOf([], pointsPerStep(dojo, selected)).possible;
    expect(possible(requiredSteps)).toBe(steps.filter(({ part }) => part < 5).length);
    const engine = steps.filter(({ part }) => part === 6);
    expect(engine.length).toBeGreaterThan(0);
    expect(possible(engine)).toBe(engine.length);
  });

  it("of a file are the closest ones that it names", () => {
    const perStep = pointsPerStep(dojo, steps, '{ "*": 1, "part4": 10, "part0": 0, "da": 3, "5.1": 2 }');
    const of = (id: string) => perStep.get(id);
    expect([of("dcounts"), of("train"), of("db"), of("da"), of("gap"), of("uses")]).toEqual([1, 10, 0, 3, 2, 1]);
  });

  it.each([
    ["{", "no JSON"],
    ["[1]", "no JSON object"],
    ['{ "dcount": 1 }', "no step"],
    ['{ "*": 0.5 }', "no whole number"],
    ['{ "*": -1 }', "no whole number"],
    ['{ "*": "=1" }', "no whole number"],
    ['{ "dcounts": 0 }', "no point"],
  ])("%s are refused", (file, why) => {
    expect(() => pointsPerStep(dojo, steps, file)).toThrow(why);
  });
});

/** What Slurm says to one job of an array. */
const slurm = (id: number, first: number, last: number, count: number, step: number): Record<string, string> => ({
  SLURM_ARRAY_TASK_ID: String(id),
  SLURM_ARRAY_TASK_MIN: String(first),
  SLURM_ARRAY_TASK_MAX: String(last),
  SLURM_ARRAY_TASK_COUNT: String(count),
  SLURM_ARRAY_TASK_STEP: String(step),
});

describe("shards", () => {
  const ids = Array.from({ length: 100 }, (_, i) => `student-${i}`);

  it.each([1, 2, 7, 100, 130])("of %i cut a class into equal parts, each submission in one", (count) => {
    const parts = Array.from({ length: count }, (_, i) => inShard(ids, { index: i + 1, count }));
    expect(parts.flat().sort()).toEqual([...ids].sort());
    const sizes = parts.map(({ length }) => length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    expect(inShard([...ids].reverse(), { index: 1, count })).toEqual(parts[0]);
  });

  it("are told by each system that runs several", () => {
    for (const { index, first, count } of engines) {
      const start = typeof first === "object" ? 4 : first;
      const environment = {
        [index]: String(start + 2),
        [count ?? "SHARD_COUNT"]: "7",
        ...(typeof first === "object" && { [first.first]: "4", [first.last]: "10", [first.step]: "1" }),
      };
      expect(shardFrom("auto", environment), index).toMatchObject({ index: 3, count: 7 });
    }
    expect(shardFrom("2/7", {})).toMatchObject({ index: 2, count: 7 });
    // --array=1-13:4
    expect(shardFrom("auto", slurm(9, 1, 13, 4, 4))).toMatchObject({ index: 3, count: 4 });
    // two that agree
    expect(shardFrom("auto", { SHARD_INDEX: "3", SHARD_COUNT: "7", JOB_COMPLETION_INDEX: "2" }).index).toBe(3);
  });

  it.each<[string, Record<string, string>, string]>([
    ["auto", {}, "no system"],
    ["auto", { CI_NODE_INDEX: "1", CI_NODE_TOTAL: "2", CIRCLE_NODE_INDEX: "1", CIRCLE_NODE_TOTAL: "2" }, "CircleCI"],
    ["auto", { JOB_COMPLETION_INDEX: "0" }, "Kubernetes (JOB_COMPLETION_INDEX) does not say how many"],
    ["auto", { PARALLEL_SEQ: "1" }, "set SHARD_COUNT as well, or write --shard 2/7"],
    ["auto", { CI_NODE_INDEX: "0", CI_NODE_TOTAL: "2" }, "from 1/1"],
    ["auto", { CI_NODE_INDEX: "x", CI_NODE_TOTAL: "2" }, "from 1/1"],
    // --array=3,7 of ten: not the whole class
    ["auto", slurm(3, 3, 7, 2, 1), "gaps"],
    ["auto", slurm(4, 3, 7, 3, 2), "from 1/1"],
    ["auto", { SLURM_ARRAY_TASK_ID: "3", SHARD_COUNT: "7" }, "needs SLURM_ARRAY_TASK_MIN and SLURM_ARRAY_TASK_MAX"],
    ["0/7", {}, "from 1/1"],
    ["8/7", {}, "from 1/1"],
    ["2", {}, "from 1/1"],
  ])("%s of %j is refused", (typed, environment, why) => {
    expect(() => shardFrom(typed, environment)).toThrow(why);
  });
});

it("times are read as systems write them", () => {
  expect(timeOf("2026-10-17 23:29:29.594846000 -07:00")).toBe("2026-10-18T06:29:29Z");
  expect(timeOf("2026-10-17T23:29:29Z")).toBe("2026-10-17T23:29:29Z");
  expect([timeOf("yesterday"), timeOf(7), timeOf("2026-13-45 99:00:00 Z")]).toEqual([null, null, null]);
});
