import { lineOf, linesUsing, type Line } from "../../network/line.ts";

/** A tensor's row of a ladder, and the lanes beside it: one for each use of a tensor, as in `git log --graph`. */
export interface Rung {
  readonly name: string;
  /** The line that computes it; undefined for parameters and inputs. */
  readonly line: Line | undefined;
  /** The lane of its node, from 0. */
  readonly lane: number;
  /** The lanes that lead into it from above: the inputs of its line. */
  readonly joins: readonly Lane[];
  /** The lanes that leave it downwards: one for each line that uses it. */
  readonly forks: readonly Lane[];
  /** The lanes that run past it. */
  readonly passes: readonly Lane[];
}

/** One use of a tensor: it runs from the tensor's rung down to that of the line that uses it. */
export interface Lane {
  readonly lane: number;
  readonly from: string;
  readonly to: string;
}

/**
 * The rungs of some lines, forward from top to bottom. Read from the bottom up, they are in the order in which the
 * gradients are asked for: each tensor as soon as all lines that use it have been passed.
 *
 * @param isIndex whether a tensor holds indices, which have no rung
 */
export function rungsOf(lines: readonly Line[], isIndex: (name: string) => boolean): Rung[] {
  const open: (Lane | undefined)[] = [];
  const takeLane = (from: number): number => {
    const free = open.findIndex((lane, i) => i >= from && lane === undefined);
    return free < 0 ? Math.max(open.length, from) : free;
  };
  const order = orderOf(lines, isIndex);
  return order.map((name) => {
    const joins = open.filter((lane) => lane?.to === name) as Lane[];
    for (const { lane } of joins) open[lane] = undefined;
    const passes = open.filter((lane) => lane !== undefined);
    // a node is in the leftmost lane that leads to it; what begins here finds a lane of its own
    const own = joins[0]?.lane ?? takeLane(0);
    const forks = linesUsing(lines, name)
      .map(({ output }) => output)
      .sort((a, b) => order.indexOf(a) - order.indexOf(b))
      .map((to, i): Lane => {
        const lane = { lane: i === 0 ? own : takeLane(own + 1), from: name, to };
        open[lane.lane] = lane;
        return lane;
      });
    return { name, line: lineOf(lines, name), lane: own, joins, forks, passes };
  });
}

/** The tensors from top to bottom. */
function orderOf(lines: readonly Line[], isIndex: (name: string) => boolean): string[] {
  const backward: string[] = [];
  for (const { output, inputs } of lines.toReversed()) {
    const own = lines.findIndex((line) => line.output === output);
    if (linesUsing(lines, output).length === 0) backward.push(output);
    for (const input of inputs) {
      const isUsedEarlier = lines.slice(0, own).some((line) => line.inputs.includes(input));
      if (!isUsedEarlier && !isIndex(input)) backward.push(input);
    }
  }
  return backward.reverse();
}

/** How many lanes there are side by side. */
export function lanesOf(rungs: readonly Rung[]): number {
  const lanes = rungs.flatMap(({ lane, joins, forks, passes }) => [
    lane,
    ...[...joins, ...forks, ...passes].map((one) => one.lane),
  ]);
  return Math.max(...lanes) + 1;
}
