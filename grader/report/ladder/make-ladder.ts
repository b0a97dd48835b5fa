import type { Tensor } from "#tensor";
import { answerName } from "../../kit/step.ts";
import { neighborsOf, reachOf, type Evaluated } from "../../network/follow.ts";
import { shapeText } from "../../network/shape.ts";
import { laidOut } from "../heatmap/matrix.ts";
import { largest } from "../statistics.ts";
import type { Ladder, LadderRung, Shown, Trace } from "./ladder.ts";
import { lanesOf, rungsOf, type Rung } from "./layout.ts";
import type { Subject } from "./subject.ts";

/** The ladder of some lines, with all numbers that it shows. */
export function makeLadder(subject: Subject): Ladder {
  const { title, lines, indices } = subject;
  const rungs = rungsOf(lines, (name) => name in indices);
  return { title, rungs: rungs.map((rung) => ladderRung(rung, subject)), lanes: lanesOf(rungs) };
}

function ladderRung({ name, line, lane, joins, forks, passes }: Rung, subject: Subject): LadderRung {
  const { indices, values, gradients, shapes, steps } = subject;
  const extents = shapes[name] ?? [];
  const shown = (value: Tensor | undefined): Shown | undefined => value && shownOf(value, extents, subject);
  return {
    name,
    text: line?.text,
    extents: extents.length === 0 ? "" : shapeText(extents),
    shape: values[name]?.shape ?? [],
    inputs: line?.inputs.filter((input) => !(input in indices)) ?? [],
    uses: forks.map(({ to }) => to),
    steps: (steps[name] ?? []).map((step) => ({
      id: step.id,
      label: step.label,
      answer: answerName(step),
      asks: step.asks,
    })),
    lane,
    joins,
    forks,
    passes,
    value: shown(values[name]),
    gradient: shown(gradients[name]),
  };
}

function shownOf(value: Tensor, extents: Subject["shapes"][string], { words, labels }: Subject): Shown {
  // a copy: a tensor's own memory may be reused, and it does not survive structured clone
  const values = Float32Array.from(value.toArray());
  return { matrix: laidOut(values, value.shape, extents, words, labels), scale: largest(values) };
}

/** Follows one element through all lines. */
export function makeTrace(evaluated: Evaluated, tensor: string, place: number): Trace {
  return { tensor, place, ...neighborsOf(evaluated, tensor, place), ...reachOf(evaluated, tensor, place) };
}
