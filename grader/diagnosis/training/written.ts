import type { TensorFault } from "../../tensor/error.ts";
import type { Diagnosis } from "../symptom.ts";
import type { Scene, Told } from "./scene.ts";

/** An operation whose shapes did not fit, and the step in which it failed. */
interface Failed {
  readonly told: Told;
  readonly fault: TensorFault;
}

/** From this number on, an extent was not added by keepdim or by a view as a column. */
const SMALLEST = 2;

/**
 * A size that is written as a number, so that shapes do not fit in networks of other sizes: at two starts or more, an
 * operation fails at the same extent, which is no size there, nor, at one of them at least, a product of sizes.
 */
export function writtenSize(scene: Scene): Diagnosis | null {
  const failed = scene.runs.flat().flatMap((told): Failed[] => {
    const fault = "thrown" in told.answer ? told.answer.thrown : null;
    return fault?.kind === "shapes" || fault?.kind === "dropped-dimension" ? [{ told, fault }] : [];
  });
  const [first] = failed;
  if (first === undefined || failed.length < 2) return null;
  const written = first.fault.numbers
    .flat()
    .filter((extent) => extent >= SMALLEST)
    .find(
      (extent) =>
        failed.every(({ told, fault }) => fault.numbers.flat().includes(extent) && !sizesIn(scene, told).has(extent)) &&
        failed.some(({ told }) => !productsOf(sizesIn(scene, told)).has(extent)),
    );
  if (written === undefined) return null;
  const from = whereItIs(failed, written);
  return {
    id: "written-size",
    sentence:
      `${written} is written as a number, and networks of other sizes have another there: take it from the shape of a ` +
      `tensor${from === undefined ? "" : `, ${from}`}`,
  };
}

function sizesIn({ training }: Scene, { question }: Told): Set<number> {
  return new Set<number>(Object.values(training.sizesOf(question)));
}

/** The products of two different sizes, and of three: what a view can make of them. */
function productsOf(sizes: ReadonlySet<number>): Set<number> {
  const times = (products: readonly number[][]): number[][] =>
    products.flatMap((factors) =>
      [...sizes].filter((size) => !factors.includes(size)).map((size) => [...factors, size]),
    );
  const pairs = times([...sizes].map((size) => [size]));
  return new Set([...pairs, ...times(pairs)].map((factors) => factors.reduce((a, b) => a * b)));
}

/**
 * The dimension of a parameter or of the batch that meets the number in every failed operation; undefined if others meet
 * it as well.
 */
function whereItIs(failed: readonly Failed[], written: number): string | undefined {
  const met = failed.map(({ fault }) => [
    ...new Set(fault.numbers.flat().filter((extent) => extent >= SMALLEST && extent !== written)),
  ]);
  if (!met.every((extents) => extents.length === 1)) return undefined;
  const { question } = failed[0]!.told;
  const dimensions = [...Object.entries(question.parameters), ...Object.entries(question.batch)].flatMap(
    ([name, { shape }]) => shape.map((_, dim) => ({ name, dim })),
  );
  const found = dimensions.find(({ name, dim }) =>
    failed.every(({ told }, i) => {
      const { parameters, batch } = told.question;
      return (parameters[name] ?? batch[name])!.shape[dim] === met[i]![0];
    }),
  );
  return found && `${found.name}.size(${found.dim})`;
}
