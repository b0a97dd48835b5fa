import { tensor, zerosLike, type Tensor } from "#tensor";
import { caseWith, makeCase, type Case } from "../kit/case.ts";
import { extentsOf, upstreamsOf, type FunctionStep } from "../kit/step.ts";
import type { EqualSizes, Pair, RandomBatch } from "../network/batch.ts";
import { Generator, type Seed } from "../network/random.ts";
import type { Extent } from "../network/shape.ts";

/** A question that only a wrong step is asked, to learn how it is wrong. */
export type Probe = { case: Case } & (
  | /** An ordinary batch. */ { kind: "plain" }
  | /** A batch of the network with sizes that are equal, all that mistakes confuse or two of them, by an id. */ {
      kind: "equal";
      sizes: string;
      equal: readonly Extent[];
    }
  | /** The first plain case, with upstream gradients of zero. */ { kind: "silent" }
  | /** The first plain case, with the upstream gradients times SCALE. */ { kind: "scaled" }
  | /** The first plain case, with upstream gradients that are zero except for one entry. */ {
      kind: "single";
      upstream: string;
      at: number[];
    }
  | /** A plain case in which all upstream gradients but one are zero. */ { kind: "branch"; upstream: string }
  | /** The first plain case with one given tensor changed. */ { kind: "moved"; input: string }
);

/** Negative, so that a dependence on the sign shows. */
export const SCALE = -2;

/**
 * The probes for a step: about a dozen small cases.
 *
 * @param hasThrown whether it is asked about two equal sizes at a time as well: perhaps shapes did not fit
 */
export function makeProbes(step: FunctionStep, seed: Seed, hasThrown = false): Probe[] {
  const generator = new Generator(seed);
  const { plain, equal } = step.network.batches;
  const caseOf = (draw: (generator: Generator) => RandomBatch): Case => makeCase(step, draw(generator), generator);
  const first = caseOf(plain);
  const plains = [first, caseOf(plain)];
  // for a step that asks for a value, a given gradient is a tensor like any other
  const upstream = step.asks === "value" ? [] : upstreamsOf(step);
  const scaled = (asked: Case, names: readonly string[], scale: number): Case =>
    caseWith(asked, Object.fromEntries(names.map((name) => [name, asked.given[name]!.mul(scale)])));
  return [
    ...plains.map((asked): Probe => ({ kind: "plain", case: asked })),
    ...equal
      .filter((sizes) => isAskedOf(step, sizes))
      .map(({ id, equal, draw }): Probe => ({ kind: "equal", sizes: id, equal, case: caseOf(draw) })),
    ...(upstream.length === 0
      ? []
      : ([
          { kind: "silent", case: scaled(first, upstream, 0) },
          { kind: "scaled", case: scaled(first, upstream, SCALE) },
          single(first, upstream),
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
      return { kind: "moved", input, case: caseWith(first, { [input]: moved(first.given[input]!) }) };
    }),
    ...(hasThrown ? pairsOf(step) : []).flatMap((pair): Probe[] => {
      const batch = step.network.batches.pair?.(generator, pair);
      return batch ? [{ kind: "equal", sizes: pair.join(" "), equal: pair, case: caseOf(() => batch) }] : [];
    }),
  ];
}

/** Any two extents of a step among those that are equal in one of the network's batches. */
function pairsOf(step: FunctionStep): Pair[] {
  const extents = extentsOf(step);
  return step.network.batches.equal.flatMap(({ equal }) => {
    const there = equal.filter((extent) => extents.includes(extent));
    return there.flatMap((a, i) => there.slice(i + 1).map((b): Pair => [a, b]));
  });
}

/** Whether a step is asked a batch with equal sizes: one that needs all of its extents, only if the step has them. */
function isAskedOf(step: FunctionStep, { equal, forAll }: EqualSizes): boolean {
  const extents = extentsOf(step);
  return !forAll || equal.every((extent) => extents.includes(extent));
}

/** The upstream gradient at a single position: not in a first or last row, which a mistake may leave in place. */
function single(first: Case, [name, ...others]: readonly string[]): Probe {
  const whole = first.given[name!]!;
  const at = whole.shape.map((extent) => Math.floor((2 * extent) / 3));
  const one = zerosLike(whole).set(...at, whole.get(...at));
  const zeros = others.map((other) => [other, zerosLike(first.given[other]!)] as const);
  return {
    kind: "single",
    upstream: name!,
    at,
    case: caseWith(first, { [name!]: one, ...Object.fromEntries(zeros) }),
  };
}

/** Other values of the same kind: other signs, magnitudes and order, also of the magnitudes; indices within range. */
function moved(x: Tensor): Tensor {
  if (x.dtype === "float32") return tensor(Array.from(x.toArray()).reverse(), x.shape).mul(-1.5).add(0.3);
  const values = x.toArray();
  const last = Math.max(...values);
  return tensor(
    values.map((value) => (value === last ? 0 : value + 1)),
    x.shape,
    "int32",
  );
}
