import { tensor, zerosLike, type Tensor } from "#tensor";
import { caseWith, makeBatch, makeCase, drawSizes, type Case, type Flavour } from "../kit/case.ts";
import { givenShape, gradientOf, type FunctionStep } from "../course/steps.ts";
import { Generator, type Seed } from "../network/random.ts";

/** A question that is asked of a wrong step alone, to learn how it is wrong. */
export type Probe = { case: Case } & (
  | /** An ordinary batch. */ { kind: "plain" }
  | /** n = vocab = hidden = block * embd: nothing throws here for a transpose forgotten. */ { kind: "square" }
  | /** block = embd, where a step has both: nothing throws here for one taken for the other. */ { kind: "even" }
  | /** The first plain case, with upstream gradients of zero. */ { kind: "silent" }
  | /** The first plain case, with the upstream gradients times SCALE. */ { kind: "scaled" }
  | /** The first plain case, with upstream gradients of zero but for one number. */ {
      kind: "single";
      upstream: string;
      at: number[];
    }
  | /** A plain case with upstream gradients of zero but for one. */ { kind: "branch"; upstream: string }
  | /** The first plain case with one given tensor changed. */ { kind: "moved"; input: string }
);

/** Negative, so that what hangs on a sign shows. */
export const SCALE = -2;

const plain: Flavour = { sharpness: 0.5, lift: 0, sizes: (generator) => drawSizes(generator) };
const square: Flavour = { sharpness: 0.5, lift: 0, sizes: () => ({ n: 12, block: 3, embd: 4, hidden: 12, vocab: 12 }) };
const even: Flavour = { sharpness: 0.5, lift: 0, sizes: () => ({ n: 7, block: 4, embd: 4, hidden: 13, vocab: 10 }) };

/** The probes for a step: about a dozen small cases. */
export function makeProbes(step: FunctionStep, seed: Seed): Probe[] {
  const generator = new Generator(seed);
  const caseOf = (flavour: Flavour): Case => makeCase(step, makeBatch(generator, flavour), generator);
  const first = caseOf(plain);
  const plains = [first, caseOf(plain)];
  // a value is asked of a gradient as of any other tensor
  const upstream = step.asks === "value" ? [] : step.given.filter((name) => gradientOf(name) !== undefined);
  const scaled = (asked: Case, names: readonly string[], scale: number): Case =>
    caseWith(step, asked, Object.fromEntries(names.map((name) => [name, asked.given[name]!.mul(scale)])));
  return [
    ...plains.map((asked): Probe => ({ kind: "plain", case: asked })),
    { kind: "square", case: caseOf(square) },
    ...(hasBoth(step) ? [{ kind: "even", case: caseOf(even) } satisfies Probe] : []),
    ...(upstream.length === 0
      ? []
      : ([
          { kind: "silent", case: scaled(first, upstream, 0) },
          { kind: "scaled", case: scaled(first, upstream, SCALE) },
          single(step, first, upstream),
        ] satisfies Probe[])),
    ...(upstream.length < 2
      ? []
      : upstream.flatMap((name) =>
          plains.map((asked): Probe => {
            const others = upstream.filter((other) => other !== name);
            return { kind: "branch", upstream: name, case: scaled(asked, others, 0) };
          }),
        )),
    ...step.given.map((input): Probe => {
      return { kind: "moved", input, case: caseWith(step, first, { [input]: moved(first.given[input]!) }) };
    }),
  ];
}

/** Whether a step's tensors have a dimension of positions and one of embedding entries. */
function hasBoth(step: FunctionStep): boolean {
  const extents = step.given.flatMap((name) => givenShape(name));
  return extents.includes("block") && extents.includes("embd");
}

/** The upstream gradient at one place alone: not a first or last row, whose place a mistake may keep. */
function single(step: FunctionStep, first: Case, [name, ...others]: readonly string[]): Probe {
  const whole = first.given[name!]!;
  const at = whole.shape.map((extent) => Math.floor((2 * extent) / 3));
  const one = zerosLike(whole).set(...at, whole.get(...at));
  const zeros = others.map((other) => [other, zerosLike(first.given[other]!)] as const);
  return {
    kind: "single",
    upstream: name!,
    at,
    case: caseWith(step, first, { [name!]: one, ...Object.fromEntries(zeros) }),
  };
}

/** Other values of the same kind: other signs, sizes and order; indices within range. */
function moved(x: Tensor): Tensor {
  if (x.dtype === "float32") return x.mul(-1.5).add(0.3);
  const values = x.toArray();
  const last = Math.max(...values);
  return tensor(
    values.map((value) => (value === last ? 0 : value + 1)),
    x.shape,
    "int32",
  );
}
