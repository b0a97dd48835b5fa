import { tensor, type Shape, type Tensor } from "#tensor";
import { Measured } from "../autograd/measured.ts";
import { evaluate } from "../network/backward.ts";
import type { Named } from "../network/named.ts";
import { Generator } from "../network/random.ts";
import { caseWith, makeCase, type Case } from "./case.ts";
import { tensorOf, upstreamsOf, type FunctionStep } from "./step.ts";

/** A position in a tensor. */
export type At = readonly number[];

/**
 * Which entries of a tensor belong together: all along some dimensions, one along the others. "same" is the single entry
 * at the position that is asked about.
 */
export type Pattern = "same" | readonly number[];

/** How each entry of a step's answer changes with each entry of a given tensor. */
export interface Dependence {
  /** The shapes of the given tensor and of the answer. */
  readonly from: Shape;
  readonly to: Shape;
  /** By the position in the given tensor, then by that in the answer: the change per unit. */
  readonly slopes: readonly ArrayLike<number>[];
}

/** A change of a value below this fraction of the largest is rounding; with a single upstream entry, a zero is exact. */
const ROUNDING = 1e-9;

/**
 * A small random case, the same one each time, without a zero among its values: a factor that happens to be zero would
 * hide what depends on what.
 */
export function plainCase(step: FunctionStep, seed = 1): Case {
  const generator = new Generator(seed);
  const asked = makeCase(step, step.network.batches.plain(generator), generator);
  const values = step.given.filter((name) => step.roles[name] === "value");
  return caseWith(asked, Object.fromEntries(values.map((name) => [name, withoutZeros(asked.given[name]!)])));
}

function withoutZeros(value: Tensor): Tensor {
  return tensor(
    Array.from(value.toArray(), (x) => (x === 0 ? 1 : x)),
    value.shape,
  );
}

function measure(whole: Case, name: string): Dependence {
  const above = whole.step.asks === "gradient" ? upstreamsOf(whole.step) : [];
  const isUpstream = above.includes(name);
  const asked = isUpstream ? throughAlone(whole, tensorOf(name)) : whole;
  const { given } = asked;
  const off = Object.fromEntries(above.map((other) => [other, given[other]!.mul(0)]));
  const base = isUpstream ? undefined : asked.truth.value;
  const by = isUpstream ? 1 : 2 ** -10;
  const slopes = Array.from({ length: given[name]!.numel() }, (_, i) => {
    const changed = isUpstream ? off[name]!.toArray() : given[name]!.toArray().slice();
    changed[i]! += by;
    const other = tensor(changed, given[name]!.shape);
    const { value } = caseWith(asked, isUpstream ? { ...off, [name]: other } : { [name]: other }).truth;
    return Float64Array.from(value, (x, j) => (x - (base?.[j] ?? 0)) / by);
  });
  return { from: given[name]!.shape, to: asked.truth.shape, slopes: isUpstream ? slopes : withoutRounding(slopes) };
}

/** A case with the branches through one output alone: with its gradient the only one that is not zero, the others are zero. */
function throughAlone({ step, sizes, given, marks }: Case, output: string): Case {
  const runs = step.runs.filter((run) => run.at(-1)?.output === output);
  return caseWith({ step: { ...step, runs }, sizes, given, ...(marks && { marks }) }, {});
}

/** Dependences of one case, each computed when it is first asked for. */
const measured = new WeakMap<Case, Map<string, Dependence>>();

/** How a step's answer depends on a given tensor that is no index: on an upstream gradient exactly, being linear in it. */
export function dependenceOn(asked: Case, name: string): Dependence {
  const known = measured.get(asked) ?? new Map<string, Dependence>();
  measured.set(asked, known);
  const found = known.get(name) ?? measure(asked, name);
  known.set(name, found);
  return found;
}

function withoutRounding(slopes: readonly Float64Array[]): Float64Array[] {
  const least = ROUNDING * slopes.reduce((most, row) => row.reduce((a, x) => Math.max(a, Math.abs(x)), most), 0);
  return slopes.map((row) => row.map((x) => (Math.abs(x) <= least ? 0 : x)));
}

/** The signs of all slopes: 1, -1 or both; zeros are left out. */
export function signsOf({ slopes }: Dependence): ReadonlySet<number> {
  return new Set(slopes.flatMap((row) => Array.from(row, Math.sign).filter((sign) => sign !== 0)));
}

/**
 * The entries of the given tensor that each entry of the answer depends on; undefined if they follow no pattern, or not
 * the same one everywhere.
 */
export function sourcesOf({ from, to, slopes }: Dependence): Pattern | undefined {
  return commonPattern(from, to, (i, j) => slopes[i]![j] !== 0);
}

/** The entries of the answer that each entry of the given tensor affects; undefined as above. */
export function targetsOf({ from, to, slopes }: Dependence): Pattern | undefined {
  return commonPattern(to, from, (j, i) => slopes[i]![j] !== 0);
}

/** The pattern that the entries of one tensor form which belong to an entry of another, if it is the same for each. */
function commonPattern(
  shape: Shape,
  other: Shape,
  belongs: (entry: number, to: number) => boolean,
): Pattern | undefined {
  const positions = positionsIn(shape);
  const found = positionsIn(other).map((own, j) => {
    const all = positions.filter((_, i) => belongs(i, j));
    return patternOf(all, shape, own, other);
  });
  const [first] = found;
  return first !== undefined && found.every((one) => String(one) === String(first)) ? first : undefined;
}

function patternOf(all: readonly At[], shape: Shape, own: At, other: Shape): Pattern | undefined {
  const [first] = all;
  if (!first) return undefined;
  const isSame = all.length === 1 && String(shape) === String(other) && String(first) === String(own);
  if (isSame) return "same";
  const whole = shape.flatMap((extent, dim) => (extent > 1 && all.some((at) => at[dim] !== first[dim]) ? [dim] : []));
  return all.length === whole.reduce((count, dim) => count * shape[dim]!, 1) ? whole : undefined;
}

/** All positions in a shape, the last dimension fastest. */
export function positionsIn(shape: Shape): At[] {
  return shape.reduce<At[]>(
    (all, extent) => all.flatMap((at) => Array.from({ length: extent }, (_, i) => [...at, i])),
    [[]],
  );
}

/** The tensors that a step's lines start from: inputs that none of its lines computes, index tensors included. */
export function leavesOf({ runs }: FunctionStep): string[] {
  const own = runs.flat();
  const outputs = new Set(own.map(({ output }) => output));
  return [...new Set(own.flatMap(({ inputs }) => inputs))].filter((name) => !outputs.has(name));
}

/**
 * The tensors, among those that a step's lines start from, whose values its answer depends on. Upstream gradients stay as
 * they are; whatever the lines compute is computed again. Undefined if not all of them are given.
 */
export function neededBy(asked: Case): string[] | undefined {
  const { step, given } = asked;
  const leaves = leavesOf(step);
  if (!leaves.every((name) => step.given.includes(name))) return undefined;
  const before = asked.truth.value;
  const size = before.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return leaves.filter((name) => {
    const changed = recomputed(step, { ...given, [name]: otherValues(given[name]!, step.roles[name] === "index") });
    const after = caseWith(asked, changed).truth.value;
    // given outputs are rounded to float32, so an answer computed from them moves by as much
    return after.some((x, i) => Math.abs(x - before[i]!) > 1e-5 * size);
  });
}

/** The given outputs of a step's lines at changed inputs, with those inputs. */
export function recomputed(step: FunctionStep, given: Readonly<Named<Tensor>>): Named<Tensor> {
  const values: Named<Tensor> = { ...given };
  for (const line of step.runs.flat()) {
    const inputs = line.inputs.map((name) => {
      const value = values[name]!;
      return [name, step.roles[name] === "index" ? value : Measured.from(value)] as const;
    });
    values[line.output] = evaluate<Measured>(line, Object.fromEntries(inputs)).toTensor();
  }
  return Object.fromEntries(step.given.map((name) => [name, values[name]!]));
}

/** Other values with the same signs, each changed by another factor; of indices, the first one everywhere. */
function otherValues(value: Tensor, isIndex: boolean): Tensor {
  const numbers = value.toArray();
  // one index everywhere, so that counts change as well
  if (isIndex)
    return tensor(
      numbers.map(() => numbers[0]!),
      value.shape,
      "int32",
    );
  const factors = new Generator(numbers.length).rand(numbers.length).toArray();
  return tensor(
    Array.from(numbers, (x, i) => x * (0.5 + factors[i]!)),
    value.shape,
  );
}
