import { graph } from "../../report/picture/graph.ts";
import { LINE, MARGIN, words } from "../../report/picture/marks.ts";
import type { FunctionStep } from "../../kit/step.ts";
import { linesUsing } from "../../network/line.ts";
import { makemore } from "../makemore/network.ts";
import { functionSteps } from "../steps.ts";
import type { LessonPicture } from "./lesson-picture.ts";

const PART = 1;
const TOP = 108;

const { lines } = makemore;
const steps = functionSteps.filter(({ part }) => part === PART);
const shared = [...new Set(lines.flatMap(({ inputs }) => inputs))].filter((name) => linesUsing(lines, name).length > 1);

export const graphPicture: LessonPicture = {
  name: "graph",
  part: PART,
  draw: () => {
    const legend = [
      "The forward pass goes down. Red numbers are the",
      "steps of part 1: the backward pass goes up.",
      "×2: two lines use the tensor, so two gradients",
      "come back to it, and they are added.",
    ];
    const { marks, bottom } = graph(lines, TOP, (name) => {
      const step = steps.find(({ tensor }) => tensor === name);
      const line = lines.find(({ output }) => output === name);
      const title = line ? `${name} = ${line.text}` : name;
      return step
        ? { badge: step.label, link: `../README.md${anchor(step)}`, title: `${title} (step ${step.label})` }
        : { link: "../README.md#the-forward-pass", title };
    });
    return {
      title:
        `The computational graph: ${lines.length} lines from emb, at the top, to the loss, at the bottom, with their shapes. ` +
        `Four tensors are used by two lines each: ${shared.join(", ")}. The steps number the tensors from the bottom up.`,
      height: bottom + MARGIN,
      enlarged: 1,
      marks: [...legend.map((text, i) => words([MARGIN, MARGIN + LINE * (i + 0.25)], text)), ...marks],
    };
  },
};

/** The anchor of a step's section in the lesson of its part. The link works where the picture is opened by itself. */
function anchor({ label, id }: FunctionStep): string {
  return `#${label}-${id.toLowerCase()}`;
}
