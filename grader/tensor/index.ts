export { crossEntropy, oneHot, ones, onesLike, tensor, zeros, zerosLike, type Flat, type Nested } from "./create.ts";
export { TensorError } from "./error.ts";
export type { Shape } from "./shape.ts";
export type { DType } from "./storage.ts";
export { Tensor } from "./tensor.ts";

/** The value true, for reading: `x.sum(1, keepdim)`. PyTorch: `x.sum(1, keepdim=True)`. */
export const keepdim = true;
