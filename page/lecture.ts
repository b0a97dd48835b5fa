import { tensor, type Tensor } from "#tensor";
import { initialParameters, LECTURE_SEED, lectureSizes } from "../grader/course/makemore/parameters.ts";
import { Generator } from "../grader/network/random.ts";

/**
 * The lecture's batch and parameters, as small as they can be sent: the parameters are random numbers, which do not
 * compress, but they can be drawn again. PyTorch's differ from ours in a last digit here and there, and that is sent.
 */
export interface LectureData {
  /** How many characters there are. */
  vocab: number;
  /** Index tensors, by name. */
  indices: Readonly<Record<string, { shape: readonly number[]; elements: readonly number[] }>>;
  /** By how many floats that follow one another each element of a parameter differs from the one that is drawn. */
  differences: Readonly<Record<string, readonly number[]>>;
}

/** The batch and the parameters, by name, in PyTorch's bits. */
export function lectureTensors({ vocab, indices, differences }: LectureData): Record<string, Tensor> {
  const index = Object.entries(indices).map(
    ([name, { shape, elements }]) => [name, tensor(elements, shape, "int32")] as const,
  );
  const parameters = Object.entries(drawnParameters(vocab)).map(([name, drawn]) => {
    const bits = bitsOf(drawn);
    for (const [i, difference] of differences[name]!.entries()) bits[i]! += difference;
    return [name, tensor(new Float32Array(bits.buffer), drawn.shape)] as const;
  });
  return Object.fromEntries([...index, ...parameters]);
}

/** The lecture's parameters, as we draw them. */
export function drawnParameters(vocab: number): Readonly<Record<string, Tensor>> {
  const { block, embd, hidden } = lectureSizes;
  return initialParameters(new Generator(LECTURE_SEED), { block, embd, hidden, vocab });
}

/** The bits of a float32 tensor's elements, as whole numbers: those of neighbors differ by one. */
export function bitsOf(drawn: Tensor): Int32Array {
  return new Int32Array(Float32Array.from(drawn.toArray()).buffer);
}
