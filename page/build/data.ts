import { readFileSync } from "node:fs";
import path from "node:path";
import vm from "node:vm";
import { dojo, functionSteps } from "../../grader/course/steps.ts";
import type { Step } from "../../grader/kit/step.ts";
import { headingsOf } from "../../grader/kit/lesson.ts";
import { batchName, sizesOfBatch, type Network } from "../../grader/network/network.ts";
import { readTorch } from "../../grader/runner/data.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { stubOf } from "../../grader/runner/workspace/stubs.ts";
import { bitsOf, drawnParameters, type LectureData } from "../lecture.ts";
import type { CourseDigest, PartDigest } from "../site.ts";
import type { CourseTexts } from "../workshop/texts.ts";

/** The names that the language itself defines: a context of V8's, without what can sleep or returns the host's objects. */
export function languageNames(): string[] {
  const left = ["console", "WebAssembly", "SharedArrayBuffer", "Atomics"];
  const names = vm.runInNewContext("Object.getOwnPropertyNames(globalThis)") as string[];
  return [...names].filter((name) => !left.includes(name)).sort();
}

/** The stubs of some steps, by file. */
export function stubsOf(some: readonly Step[]): Record<string, string> {
  return Object.fromEntries(some.map((step) => [step.file, stubOf(step)]));
}

/**
 * @param some the steps that views know
 * @param files the files of the lessons, from exercises/
 */
export function courseDigest(
  some: readonly Step[],
  files: readonly string[],
  { steps: texts, recaps }: CourseTexts,
): CourseDigest {
  const parts = dojo.parts.map(({ number, folder }) => ({ number, folder, title: titleOf(folder) }));
  const isShown = ({ number }: PartDigest): boolean => some.some(({ part }) => part === number);
  return {
    texts: [files],
    ends: recaps.map(({ steps }) => steps),
    parts: parts.filter(isShown),
    beyond: parts.filter((part) => !isShown(part)),
    steps: some.map((step) => {
      const { id, part, number, label, file, kind, lesson, isOptional, ...room } = step;
      return {
        isOptional,
        id,
        part,
        number,
        label,
        file,
        kind,
        lesson,
        measuredOn: measuredOn(step),
        chain: "chain" in room ? room.chain : undefined,
        hasCheck: "asks" in room && room.asks === "gradient",
        hasQuestions: texts[id]!.questions.length > 0,
        hasExperiment: texts[id]!.experiment !== undefined,
      };
    }),
  };
}

function measuredOn(step: Step): string {
  const isExample = step.kind === "program" || (step.kind === "function" && step.example !== undefined);
  return isExample ? "the lesson's numbers" : batchName(step.network);
}

/** The title of a part's lesson: `Part 0: warm-ups`. */
function titleOf(folder: string): string {
  const [title] = headingsOf(readFileSync(path.join(projectRoot, "exercises", folder, "README.md"), "utf8"));
  return title!.title;
}

/** The batch that PyTorch's tensors are stored for, without them: the page computes its own, equal in every bit. */
export function lectureData(): LectureData {
  const [network] = functionSteps.map(({ network }) => network).filter(({ stored }) => stored !== undefined) as [
    Network,
  ];
  const { tensors } = readTorch(network.stored!);
  const { vocab } = sizesOfBatch(network, tensors) as { vocab: number };
  const indices = Object.keys(network.indices).map((name) => {
    const { shape } = tensors[name]!;
    return [name, { shape, elements: [...tensors[name]!.toArray()] }];
  });
  const differences = Object.entries(drawnParameters(vocab)).map(([name, drawn]) => {
    const bits = bitsOf(drawn);
    return [name, Array.from(bitsOf(tensors[name]!), (stored, i) => stored - bits[i]!)];
  });
  return { vocab, indices: Object.fromEntries(indices), differences: Object.fromEntries(differences) } as LectureData;
}

/** The names that part 4 trains on. */
export function names(): Buffer {
  return readFileSync(path.join(projectRoot, "data", "names.txt"));
}
