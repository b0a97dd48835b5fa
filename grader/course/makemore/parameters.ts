import type { Tensor } from "#tensor";
import { Generator } from "../../network/random.ts";
import { shapeIn } from "../../network/shape.ts";
import { parameterShapes, type MakemoreSizes, type ParameterName } from "./lines.ts";

/** The seven parameters by name. */
export type Parameters = Record<ParameterName, Tensor>;

/** The lecture's sizes: 3 characters of context, 10 numbers per character, 64 neurons in part 1 and 200 in part 4. */
export const lectureSizes = { block: 3, embd: 10, hidden: 64, hiddenInTraining: 200, batch: 32 } as const;

/** The lecture's seed, and that of bngain and bnbias, which the lecture draws from an unseeded generator. */
export const LECTURE_SEED = 2147483647;
const BATCHNORM_SEED = 42;

/** The parameters' names, in the order in which they are reported. */
export const parameterNames = Object.keys(parameterShapes) as ParameterName[];

/**
 * The lecture's initial parameters. `generator` draws C, W1, b1, W2 and b2 in this order; the lecture then draws its
 * batches from it. Weights are scaled by 5/3 over the root of the fan-in, and nothing starts at exactly 0 or 1, which
 * would hide a wrong gradient.
 */
export function initialParameters(generator: Generator, sizes: Omit<MakemoreSizes, "n">): Parameters {
  const shape = (name: ParameterName): number[] => shapeIn(parameterShapes[name], { ...sizes, n: 0 });
  const C = generator.randn(...shape("C"));
  const W1 = generator
    .randn(...shape("W1"))
    .mul(5 / 3)
    .div(Math.sqrt(sizes.block * sizes.embd));
  const b1 = generator.randn(...shape("b1")).mul(0.1);
  const W2 = generator.randn(...shape("W2")).mul(0.1);
  const b2 = generator.randn(...shape("b2")).mul(0.1);
  const batchnorm = new Generator(BATCHNORM_SEED);
  const bngain = batchnorm
    .randn(...shape("bngain"))
    .mul(0.1)
    .add(1);
  const bnbias = batchnorm.randn(...shape("bnbias")).mul(0.1);
  return { C, W1, b1, W2, b2, bngain, bnbias };
}
