import { createHash } from "node:crypto";
import path from "node:path";
import { dojo, requiredSteps, steps as allSteps } from "../../course/steps.ts";
import type { Step } from "../../kit/step.ts";
import { escaped } from "../../report/escaped.ts";
import { stubOf } from "../../runner/workspace/stubs.ts";
import { graderFiles, packScript } from "./grader-files.ts";
import { inFolder, settings, textFile, type Asked, type Pack, type PackedFile } from "./pack.ts";

/** Where the grader is in the course and, while it grades, in /grade. */
const GRADER = "serverFilesCourse/backprop-dojo";
/** Seconds until PrairieLearn ends a grading: files that all loop without end take most of it. */
const TIMEOUT = 300;

/** A question of a PrairieLearn course, and the grader in the files that the course's questions share. */
export async function prairielearnPack(asked: Asked): Promise<Pack> {
  const { steps } = asked;
  const question = `questions/${questionName(steps)}`;
  const [only, ...others] = steps;
  return {
    files: new Map([
      [`${question}/info.json`, textFile(`${JSON.stringify(infoOf(steps), null, 2)}\n`)],
      [`${question}/question.html`, textFile(others.length === 0 ? editorPage(only!) : uploadPage(steps))],
      ...(others.length === 0 ? [stubFile(question, only!)] : []),
      ...inFolder(`${question}/tests`, new Map(settings(asked))),
      [`${GRADER}/run.sh`, packScript("prairielearn/run.sh")],
      ...inFolder(GRADER, await graderFiles()),
    ]),
    into: { mark: "infoCourse.json", replaced: GRADER, kept: question },
    next: [
      `The question is ${questionName(steps)}: in a PrairieLearn course with these folders, sync, and use it in an assessment.`,
      "Packed into a course, the grader is replaced, and a question that is there stays as it is.",
    ],
  };
}

/** backprop-dojo for the whole course, backprop-dojo-dprobs for a step, backprop-dojo-part1 for a part. */
function questionName(steps: readonly Step[]): string {
  const [first, ...others] = steps;
  if (others.length === 0) return `backprop-dojo-${first!.id}`;
  const isPart = ({ number }: { number: number }): boolean => {
    const own = allSteps.filter(({ part }) => part === number);
    return own.length === steps.length && own.every((step) => steps.includes(step));
  };
  const part = dojo.parts.find(isPart);
  if (part) return `backprop-dojo-part${part.number}`;
  if (steps.length === requiredSteps.length && steps.every(({ isOptional }) => !isOptional)) return "backprop-dojo";
  return `backprop-dojo-${digestOf(steps).slice(0, 8)}`;
}

function digestOf(steps: readonly Step[]): string {
  return createHash("sha256")
    .update(steps.map(({ id }) => id).join(" "))
    .digest("hex");
}

function infoOf(steps: readonly Step[]): object {
  const [first, ...others] = steps;
  return {
    uuid: uuidOf(steps),
    title: others.length === 0 ? `Backprop Dojo: ${first!.id}` : `Backprop Dojo: ${steps.length} steps`,
    topic: "Backpropagation",
    type: "v3",
    gradingMethod: "External",
    singleVariant: true,
    externalGradingOptions: {
      image: "node:24-slim",
      entrypoint: "/grade/serverFilesCourse/backprop-dojo/run.sh",
      serverFilesCourse: ["backprop-dojo"],
      timeout: TIMEOUT,
    },
  };
}

/** The same question has the same identifier whenever it is packed, in the form of a random one. */
function uuidOf(steps: readonly Step[]): string {
  const hex = digestOf(steps);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}

/** One step is written in the page. */
function editorPage(step: Step): string {
  const name = path.posix.basename(step.file);
  return page(
    `<p>Write the function <code>${escaped(step.export)}</code>. The comment above it says what it is given and what it returns.</p>`,
    `<pl-file-editor file-name="${name}" source-file-name="${name}" ace-mode="ace/mode/typescript"></pl-file-editor>`,
  );
}

function stubFile(question: string, step: Step): [string, PackedFile] {
  return [`${question}/${path.posix.basename(step.file)}`, textFile(stubOf(step))];
}

/** Several steps are handed in as files, as many as there are so far. */
function uploadPage(steps: readonly Step[]): string {
  const names = steps.map(({ file }) => path.posix.basename(file)).join(",");
  return page(
    "<p>Hand in your files of the exercises, as many as you have worked on.</p>",
    `<pl-file-upload optional-file-names="${names}"></pl-file-upload>`,
  );
}

function page(text: string, element: string): string {
  return [
    "<pl-question-panel>",
    `  ${text}`,
    "</pl-question-panel>",
    "",
    element,
    "",
    "<pl-submission-panel>",
    "  <pl-external-grader-results></pl-external-grader-results>",
    "  <pl-file-preview></pl-file-preview>",
    "</pl-submission-panel>",
    "",
  ].join("\n");
}
