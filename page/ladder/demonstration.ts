import { functionSteps } from "../../grader/course/steps.ts";
import { makemore } from "../../grader/course/makemore/network.ts";
import { lectureQuestion } from "../../grader/grading/questions.ts";
import { lectureBatch } from "../../grader/grading/lecture.ts";
import type { Case } from "../../grader/kit/case.ts";
import type { FunctionStep } from "../../grader/kit/step.ts";
import { readSafetensors } from "../../grader/network/safetensors.ts";
import { makeLadders } from "../../grader/report/ladder/ladders.ts";
import { makeAnswer } from "../../grader/report/ladder/make-answer.ts";
import { type LadderAnswer } from "../../grader/report/ladder/panels.ts";
import type { RungResult } from "../../grader/report/ladder/state.ts";
import { mountLadder } from "./mount.ts";
import type { LadderData } from "./view.ts";

declare const LECTURE: string;

/** ?step=dbook&passed=19&wrong=dbndiff&open=counts&choose=dcounts... see tests/ladder/demonstration.ts */
const asked = new URLSearchParams(location.search);
const theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";

const bytes = Uint8Array.from(atob(LECTURE), (character) => character.charCodeAt(0));
const lecture = lectureBatch(makemore, readSafetensors(bytes).tensors, "ours");
const caseOf = (step: FunctionStep): Case => lectureQuestion(step, lecture).cases[0];

const single = functionSteps.find(({ id }) => id === asked.get("step"));
const ladders = makeLadders(functionSteps, () => lecture);
const { id, ladder } = ladders.of(single ?? functionSteps.find(({ chain }) => chain === "link")!)!;

/** The first steps passed, one of them perhaps with its first known mistake. */
function graded(): Pick<LadderData, "results" | "answers"> {
  const results = new Map<string, RungResult>();
  const answers = new Map<string, LadderAnswer>();
  const steps = single ? [single] : functionSteps.filter(({ part }) => part === 1);
  for (const step of steps.slice(0, Number(asked.get("passed") ?? 19))) {
    const mistake = step.id === asked.get("wrong") ? step.mistakes[0] : undefined;
    const { given, truth, sizes } = caseOf(step);
    const reference = step.example || step.asks === "value" ? truth.toTensor() : lecture.gradients[step.tensor]!;
    const answer = mistake ? mistake.answer(given as never) : reference;
    const verdict = mistake ? "wrong" : "exact";
    const broken = [...results.values()].some(({ passed }) => !passed) ? asked.get("wrong") : null;
    results.set(step.id, {
      id: step.id,
      verdict,
      passed: !mistake,
      inChain: step.chain ? { verdict: broken ? "wrong" : "exact", brokenAt: broken } : null,
      mistake: mistake ? { id: mistake.id, sentence: mistake.sentence } : null,
      message: null,
    });
    const on = step.example ? "example" : "lecture";
    const gradient = { on, sizes, batch: lecture.batch, reference, answer } as const;
    answers.set(step.id, makeAnswer(step, { verdict }, gradient, "ours"));
  }
  return { results, answers };
}

const container = document.querySelector<HTMLElement>("#ladder")!;
const mounted = mountLadder(container, {
  follow: async (tensor, place) => {
    const start = performance.now();
    const trace = ladders.follow(id, tensor, place);
    document.title = `followed in ${(performance.now() - start).toFixed(1)} ms`;
    return trace;
  },
  work: (step) => alert(`to ${step}`),
});
mounted.show({ ladder, ...graded(), theme });

/** Opens a rung, and follows an element in one of its matrices. */
async function play(): Promise<void> {
  const open = asked.get("open");
  if (!open) return;
  mounted.open(open);
  const place = asked.get("choose");
  if (place === null) return;
  const grids = [...container.querySelectorAll<HTMLElement>(".grid")];
  const grid = grids[Number(asked.get("panel") ?? 0)]!;
  grid.focus();
  const columns = Number(grid.getAttribute("aria-colcount"));
  const press = (key: string): boolean => grid.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  for (let i = 0; i < Math.floor(Number(place) / columns); i++) press("ArrowDown");
  for (let i = 0; i < Number(place) % columns; i++) press("ArrowRight");
  press("Enter");
  await new Promise((resolve) => setTimeout(resolve, 50));
  const steps = Number(asked.get("steps") ?? 0);
  for (let i = 0; i < Math.abs(steps); i++) press(steps < 0 ? "b" : "f");
  if (asked.has("close")) container.querySelector<HTMLElement>(`[data-rung="${open}"] .head`)!.click();
}
await play();
