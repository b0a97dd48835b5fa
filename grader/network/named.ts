import type { Tensor } from "#tensor";

/** Tensors by name, in one arithmetic. */
export type Named<X> = Record<string, X>;

/** Index tensors by name, int32: what a forward pass reads besides its numbers. */
export type Indices = Readonly<Named<Tensor>>;
