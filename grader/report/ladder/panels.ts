import type { Drawing, Panel } from "../heatmap/drawing.ts";
import { largest } from "../statistics.ts";
import type { Ladder, LadderRung, Shown } from "./ladder.ts";

/** A step's answer beside its reference, as plain data. */
export interface LadderAnswer {
  /** The step's id. */
  readonly step: string;
  readonly drawing: Drawing;
  /** Whether it is about the ladder's own numbers, and has the shape of the reference: then its elements can be followed. */
  readonly isOfLadder: boolean;
}

/** One matrix of an opened rung. */
export interface RungPanel extends Panel {
  /** Names it among all panels of the ladder. */
  readonly id: string;
  readonly is: "value" | "upstream" | "yours" | "reference" | "difference";
  /** The tensor that its elements are followed in; undefined if they cannot be. */
  readonly tensor: string | undefined;
}

/** What an opened rung shows: its value, its upstream gradients, and the learner's gradient beside the reference. */
export function panelsOf({ rungs }: Ladder, rung: LadderRung, answer: LadderAnswer | undefined): RungPanel[] {
  const { name, uses } = rung;
  const shown = (is: RungPanel["is"], tensor: string, title: string, numbers: Shown | undefined): RungPanel[] =>
    numbers ? [{ id: `${name}-${is}-${tensor}`, is, tensor, title, notes: numbers.matrix.notes, ...numbers }] : [];
  const asksForValue = rung.steps[0]?.asks === "value";
  const upstream = uses.flatMap((use) =>
    shown("upstream", use, `d${use}, upstream`, rungs.find((other) => other.name === use)?.gradient),
  );
  const own = answer ? answerPanels(rung, answer) : shown("reference", name, `d${name}, reference`, rung.gradient);
  const value = asksForValue && answer ? [] : shown("value", name, `${name}, forward value`, rung.value);
  return [...value, ...upstream, ...own];
}

/** The panels of a drawing, in its order. */
const drawn = ["yours", "reference", "difference"] as const;

function answerPanels({ name }: LadderRung, { drawing, isOfLadder }: LadderAnswer): RungPanel[] {
  return drawing.panels.map((panel, i): RungPanel => {
    const is = drawn[i]!;
    return { ...panel, id: `${name}-${is}`, is, tensor: isOfLadder && panel.matrix ? name : undefined };
  });
}

/** The gradient that a closed rung shows: the learner's, once there is one; undefined before. */
export function gradientShown(answer: LadderAnswer | undefined): Shown | undefined {
  const [yours] = answer?.drawing.panels ?? [];
  return yours?.matrix && { matrix: yours.matrix, scale: largest(yours.matrix.values) };
}
