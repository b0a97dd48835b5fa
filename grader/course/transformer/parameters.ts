import type { Tensor } from "#tensor";
import { Generator } from "../../network/random.ts";
import { shapeIn } from "../../network/shape.ts";
import { BLOCKS, HEADS, parameterNames, parameterShapes, type ParameterName, type Parameters } from "./lines.ts";
import type { TransformerSizes } from "./lines.ts";

/** The sizes that are trained: 48,283 parameters with the 27 characters of the names that come with the course. */
export const trainedSizes = { batch: 32, time: 16, embd: 32, head: 32 / HEADS, hidden: 288 } as const;

/** The seed of the first parameters, and of the batches that follow. */
export const SEED = 2147483647;

/** How widely weights are spread; those that are added to the residual stream, less. */
const WIDTH = 0.08;
const INTO_STREAM = WIDTH / Math.sqrt(2 * BLOCKS);
/** Gains start near 1 and biases near 0, but nothing starts exactly there: that would hide a wrong gradient. */
const NEAR = 0.02;

/** The first parameters: normal numbers, in the order of the table. */
export function initialParameters(generator: Generator, sizes: Omit<TransformerSizes, "batch">): Parameters {
  const draw = (name: ParameterName): Tensor => generator.randn(...shapeIn(parameterShapes[name], sizes));
  return eachParameter((name) => {
    const kind = name.replace(/_\d$/, "");
    if (kind.startsWith("gain")) return draw(name).mul(NEAR).add(1);
    if (kind.startsWith("b")) return draw(name).mul(NEAR);
    return draw(name).mul(kind === "Wo" || kind === "W2" ? INTO_STREAM : WIDTH);
  });
}

/** A tensor for each parameter, by its name. */
export function eachParameter(make: (name: ParameterName) => Tensor): Parameters {
  return Object.fromEntries(parameterNames.map((name) => [name, make(name)])) as Parameters;
}
