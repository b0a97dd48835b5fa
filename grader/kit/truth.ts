import type { Tensor } from "#tensor";
import { Measured } from "../autograd/measured.ts";
import type { Operations } from "../autograd/operations.ts";
import { differentiateLines, evaluate } from "../network/backward.ts";
import type { Indices, Named } from "../network/named.ts";
import type { Line } from "../network/line.ts";
import { tensorOf, type Task } from "./step.ts";

/** What a step is given, by name: float32, each rounded once, and indices. */
export type Given = Readonly<Named<Tensor>>;

/** A part of a gradient, with a name to speak of it. */
export interface Branch {
  readonly name: string;
  readonly gradient: Measured;
  /** Whether it is a term of a closed form, which has sums of its own, and no branch of a fan-out. */
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
  if (task.asks === "value") return valueOf<Measured>(task, exactly(task, given), indicesOf(task, given));
  const exact = exactParts(task, given);
  const parts = task.runs.map((run) => differentiateRun(task, run, exact)!);
  const truth = parts.reduce((sum, part) => sum.add(part));
  return task.otherWay ? truth.atLeastAs(task.otherWay(exact.values, exact.indices)) : truth;
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

/** The branches that a step's gradient is the sum of, or a closed form's terms; one where nothing is added up. */
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
  // what a way adds to the direct one where it is the only other that is open
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

/** The index tensors among what is given. */
export function indicesOf({ given: names, roles }: Task, given: Given): Indices {
  return Object.fromEntries(names.filter((name) => roles[name] === "index").map((name) => [name, given[name]!]));
}

/** What a step's lines compute, where that is asked for. */
function valueOf<X extends Operations<X>>(task: Task, given: Readonly<Named<X>>, indices: Indices): X {
  const values = { ...given };
  for (const line of task.runs.flat()) values[line.output] = evaluate<X>(line, { ...values, ...indices });
  return values[task.tensor]!;
}

/** What comes back through a run, with some of its lines passing nothing back. */
function differentiateRun(
  task: Task,
  run: readonly Line[],
  { values, upstream, indices }: Exact,
  closed: readonly string[] = [],
): Measured | undefined {
  const { inputs, outputs } = valuesOfRun(task, run, values, indices);
  const open = run.filter(({ output }) => !closed.includes(output));
  // only of its last line, so that runs stay apart
  const { output: last } = run.at(-1)!;
  return differentiateLines(open, inputs, indices, { [last]: upstream[last]! }, outputs)[task.tensor];
}

/** Given tensors as exact float64 values, by name, indices aside. */
function exactly({ given: names, roles }: Task, given: Given): Named<Measured> {
  return Object.fromEntries(
    names.filter((name) => roles[name] !== "index").map((name) => [name, Measured.from(given[name]!)]),
  );
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
 * What a run of lines is differentiated at: its inputs as given, each counted as exact; its outputs as given, with the
 * magnitude they have when they are computed again from the inputs. What is not given inside a run of several lines is
 * computed from what is: forward, or as the step says (recover).
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
