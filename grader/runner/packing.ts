import { Tensor, tensor, type DType } from "#tensor";

// taken before learner code runs, which could replace it
const { toArray } = Tensor.prototype;

/**
 * Messages between the grader and a learner's bundle: one line of JSON, then the elements of its tensors, two bytes a
 * character. Packed so, 100 training steps (9.8 MB) cross in a tenth of the time that decimal text takes, and a string
 * is all that has to pass the border of the context.
 *
 * Runs on both sides, so it uses nothing but the language.
 */

/** A tensor as it is now, whatever becomes of it, or of its methods, later. */
export function snapshot(t: Tensor): Tensor {
  return tensor(toArray.call(t), t.shape, t.dtype);
}

/** Anything JSON can hold, with the message's tensors beside it. */
export interface Message<H> {
  header: H;
  tensors: Tensor[];
}

interface TensorSpec {
  dtype: DType;
  shape: number[];
}

/** How elements (4 bytes each) and strings (2 bytes a character) turn into each other; Node's Buffer copies them. */
export interface TextCodec {
  toText(elements: Float32Array | Int32Array): string;
  /** The bytes, in memory of their own. */
  toBytes(text: string): ArrayBuffer;
}

export function pack<H>(codec: TextCodec, { header, tensors }: Message<H>): string {
  const specs: TensorSpec[] = tensors.map(({ dtype, shape }) => ({ dtype, shape: [...shape] }));
  const elements = tensors.map((t) => codec.toText(toArray.call(t)));
  return `${JSON.stringify({ header, specs })}\n${elements.join("")}`;
}

/**
 * @throws Error where the text is no such message: its JSON, or the sizes of its tensors, do not hold together
 */
export function unpack<H>(codec: TextCodec, text: string): Message<H> {
  const lineEnd = text.indexOf("\n");
  const { header, specs } = JSON.parse(text.slice(0, lineEnd)) as { header: H; specs: TensorSpec[] };
  const bytes = codec.toBytes(text.slice(lineEnd + 1));
  let offset = 0;
  const tensors = specs.map(({ dtype, shape }) => {
    const count = shape.reduce((product, extent) => product * extent, 1);
    const start = offset;
    offset += 4 * count;
    if (!Number.isSafeInteger(count) || count < 0 || offset > bytes.byteLength)
      throw new Error("a tensor is cut short");
    const Elements = dtype === "int32" ? Int32Array : Float32Array;
    return tensor(new Elements(bytes, start, count), shape, dtype);
  });
  if (offset !== bytes.byteLength) throw new Error("a message longer than its tensors");
  return { header, tensors };
}

/** What a step is asked: some cases, and the order in which to ask them. Tensors: the cases' inputs, in order. */
export interface CallsRequest {
  kind: "calls";
  /** The names of each case's inputs. */
  cases: string[][];
  /** Which case each call asks. */
  order: number[];
}

/** Some steps of training. Tensors: the parameters by `names`, then Xb and Yb of each step. */
export interface TrainRequest {
  kind: "train";
  names: string[];
  learningRates: number[];
  /** Whether each step's gradients and updated parameters are wanted, or only the parameters after the last one. */
  keep: "all" | "last";
}

export const guestErrorKinds = ["threw", "not-started", "missing"] as const;

/** What went wrong inside learner code. */
export interface GuestError {
  kind: (typeof guestErrorKinds)[number];
  text: string;
  /** The stack as the engine wrote it; positions are the bundle's. */
  stack: string;
}

/** One call's answer. Tensors of a "tensor": the answer, then the inputs as they are after the call. */
export type GuestAnswer = { kind: "tensor" } | { kind: "other"; what: string } | GuestError;

/** Tensors: those of the answers, in order. */
export interface CallsResponse {
  answers: GuestAnswer[];
}

/** Tensors: see TrainRequest; for "all", each step's gradients, then its updated parameters. */
export interface TrainResponse {
  losses: number[];
  /** What ended the run before its last step. */
  failure: { kind: "other"; what: string } | GuestError | null;
}
