import { tensor, type DType, type Tensor } from "#tensor";

/**
 * Messages between the grader and a learner's bundle: one line of JSON, then the elements of its tensors as bytes, a
 * byte a character. Packed so, 100 training steps (9.8 MB) cross in a tenth of the time that decimal text takes, and
 * a string is all that has to pass the border of the context.
 *
 * Runs on both sides, so it uses nothing but the language.
 */

/** Anything JSON can hold, with the message's tensors beside it. */
export interface Message<H> {
  header: H;
  tensors: Tensor[];
}

interface TensorSpec {
  dtype: DType;
  shape: number[];
}

/** How bytes and strings of characters below 256 turn into each other; Node's Buffer does it faster than the language. */
export interface TextCodec {
  toText(bytes: Uint8Array): string;
  toBytes(text: string): Uint8Array;
}

export function pack<H>(codec: TextCodec, { header, tensors }: Message<H>): string {
  const specs: TensorSpec[] = tensors.map(({ dtype, shape }) => ({ dtype, shape: [...shape] }));
  const parts = tensors.map((t) => {
    const { buffer, byteOffset, byteLength } = t.toArray();
    return codec.toText(new Uint8Array(buffer, byteOffset, byteLength));
  });
  return `${asciiJson({ header, specs })}\n${parts.join("")}`;
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
    const end = offset + 4 * count;
    if (!Number.isSafeInteger(count) || count < 0 || end > bytes.length) throw new Error("a tensor larger than its message");
    const piece = bytes.slice(offset, end).buffer;
    offset = end;
    return tensor(dtype === "int32" ? new Int32Array(piece) : new Float32Array(piece), shape, dtype);
  });
  if (offset !== bytes.length) throw new Error("a message longer than its tensors");
  return { header, tensors };
}

/** JSON in ASCII, so that each of its characters is one byte. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
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

/** What went wrong inside learner code. */
export interface GuestError {
  kind: "threw" | "not-started" | "missing";
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
