import type { Tensor } from "#tensor";
import { Measured } from "../autograd/measured.ts";
import { inDeviations, Spread } from "../autograd/spread.ts";
import type { Operations } from "../autograd/operations.ts";
import { differentiateLines, evaluate } from "../network/backward.ts";
import type { Indices, Named } from "../network/named.ts";
import type { Line } from "../network/line.ts";
import { tensorOf, type Task } from "./step.ts";

/** A step's inputs, by name: float32, each rounded once, and indices. */
export type Given = Readonly<Named<Tensor>>;

/** A part of a gradient, with the name that sentences use. */
export interface Branch {
  readonly name: string;
  readonly gradient: Measured;
  /** Whether it is a term of a closed form, which contains sums, instead of a branch of a fan-out. */
  readonly isTerm?: true;
}

/** Given tensors as exact float64 values. */
interface Exact {
  /** Forward values by name. */
  values: Named<Measured>;
  /** Upstream gradients by the name of their tensor. */
  upstream: Named<Measured>;
  indices: Indices;
}

/** The step's gradient, or value, in float64, at the given (rounded) values. */
export function truthOf(task: Task, given: Given): Measured {
  return task.isDeep ? truthInDeviations(task, given) : boundedTruthOf(task, given);
}

/**
 * The same numbers with the sizes of all errors, added up, as their magnitudes, however deep the step is. What a wrong
 * answer is compared with may round in other places than the correct one. Magnitudes that nobody asks for take no time.
 */
export function boundedTruthOf(task: Task, given: Given): Measured {
  const { asks, otherWay } = task;
  const exact = exactParts(task, given);
  const truth =
    asks === "value" ? valueOf<Measured>(task, exactly(task, given), exact.indices) : gradientOf(task, exact);
  return otherWay ? truth.atLeastAs(otherWay(exact.values, exact.indices)) : truth;
}

function gradientOf(task: Task, exact: Exact): Measured {
  const parts = task.runs.map((run) => differentiateRun(task, run, exact)!);
  return parts.reduce((sum, part) => sum.add(part));
}

/** The gradient through a single deep run, all of whose inputs are given. */
function truthInDeviations(task: Task, given: Given): Measured {
  const [run] = task.runs;
  const indices = indicesOf(task, given);
  const values: Named<Spread> = {};
  for (const name of task.given) if (!(name in indices)) values[name] = Spread.from(given[name]!);
  for (const line of run!) values[line.output] = evaluate<Spread>(line, { ...values, ...indices });
  const { output } = run!.at(-1)!;
  const gradients = differentiateLines<Spread>(run!, values, indices, { [output]: values[`d${output}`]! });
  return inDeviations(gradients[task.tensor]!);
}

/** The float32 reference of a step with lines of its own: the same autograd in float32, at a case's numbers. */
export function float32Reference(task: Task, given: Given): Tensor {
  const indices = indicesOf(task, given);
  if (task.asks === "value") return valueOf<Tensor>(task, given, indices);
  const parts = task.runs.map((run) => {
    const output = run.at(-1)!.output;
    return differentiateLines<Tensor>(run, given, indices, { [output]: given[`d${output}`]! })[task.tensor]!;
  });
  return parts.reduce((sum, part) => sum.add(part));
}

/** The branches whose sum is a step's gradient, or a closed form's terms; a single one if nothing is added. */
export function branchesOf(task: Task, given: Given): Branch[] {
  if (task.asks === "value") return [{ name: task.tensor, gradient: truthOf(task, given) }];
  const exact = exactParts(task, given);
  const { runs, terms } = task;
  const [run] = runs;
  if (!terms || !run) {
    return runs.map((run) => ({
      name: `the branch through ${run[0]!.output}`,
      gradient: differentiateRun(task, run, exact)!,
    }));
  }
  const closed = [...Object.keys(terms.through), ...terms.idle];
  const direct = differentiateRun(task, run, exact, closed)!;
  // what a branch adds to the direct term if it is the only other one that is open
  const others = Object.entries(terms.through).map(([open, name]): Branch => {
    const whole = differentiateRun(
      task,
      run,
      exact,
      closed.filter((output) => output !== open),
    )!;
    return { name, gradient: whole.sub(direct), isTerm: true };
  });
  return [{ name: terms.direct, gradient: direct, isTerm: true }, ...others];
}

/** The index tensors among the given ones. */
export function indicesOf({ given: names, roles }: Task, given: Given): Indices {
  return Object.fromEntries(names.filter((name) => roles[name] === "index").map((name) => [name, given[name]!]));
}

/** Given tensors as exact float64 values, by name, without indices. */
export function exactly({ given: names, roles }: Task, given: Given): Named<Measured> {
  return Object.fromEntries(
    names.filter((name) => roles[name] !== "index").map((name) => [name, Measured.from(given[name]!)]),
  );
}

/** What a step's lines compute, for a step that asks for a value. */
function valueOf<X extends Operations<X>>(task: Task, given: Readonly<Named<X>>, indices: Indices): X {
  const values = { ...given };
  for (const line of task.runs.flat()) values[line.output] = evaluate<X>(line, { ...values, ...indices });
  return values[task.tensor]!;
}

/** The gradient through a run of which some lines are closed, so that no gradient flows through them. */
function differentiateRun(
  task: Task,
  run: readonly Line[],
  { values, upstream, indices }: Exact,
  closed: readonly string[] = [],
): Measured | undefined {
  const { inputs, outputs } = valuesOfRun(task, run, values, indices);
  const open = run.filter(({ output }) => !closed.includes(output));
  // only that of its last line, so that runs stay separate
  const { output: last } = run.at(-1)!;
  return differentiateLines(open, inputs, indices, { [last]: upstream[last]! }, outputs)[task.tensor];
}

function exactParts(task: Task, given: Given): Exact {
  const values: Named<Measured> = {};
  const upstream: Named<Measured> = {};
  for (const [name, value] of Object.entries(exactly(task, given))) {
    if (task.roles[name] === "upstream") upstream[tensorOf(name)] = value;
    else values[name] = value;
  }
  upstream[task.network.loss] ??= new Measured([], Float64Array.of(1));
  return { values, upstream, indices: indicesOf(task, given) };
}

/**
 * The values at which a run of lines is differentiated: its inputs as given, each counted as exact; its outputs as given,
 * with the magnitudes that they have if recomputed from the inputs. Whatever is not given inside a run of several lines
 * is computed from what is: forward, or as the step says (recover).
 */
function valuesOfRun(
  task: Task,
  run: readonly Line[],
  given: Named<Measured>,
  indices: Indices,
): { inputs: Named<Measured>; outputs: Named<Measured> } {
  const inputs = { ...given, ...task.recover?.(given) };
  const outputs: Named<Measured> = {};
  for (const line of run) {
    const output = evaluate<Measured>(line, { ...inputs, ...indices });
    const known = inputs[line.output];
    outputs[line.output] = known ? known.measuredAs(output) : output;
    inputs[line.output] ??= output.given();
  }
  return { inputs: { ...inputs, ...task.remeasured?.(given) }, outputs };
}
