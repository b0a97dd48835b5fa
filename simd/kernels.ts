/**
 * The SIMD kernels, in AssemblyScript. Each gives the bits of its namesake in grader/tensor/kernels.ts (for exp,
 * log, tanh: functions.ts), which is its specification: every product, sum and quotient is rounded by itself (nothing
 * fused, nothing relaxed), and each sum runs in the same order; only independent results are computed side by side.
 *
 * Arrays are addresses in memory, in bytes; everything else counts elements. A result may replace an operand, but must
 * not overlap it in part.
 */

export { add, sub, mul, div, neg, sqrt, fill, maskedFill } from "./elementwise";
export { exp, log, tanh } from "./functions";
export { pow } from "./powers";
export { sumInLanes, sum, max } from "./reductions";
export { softmax } from "./softmax";
export { matmul } from "./matmul";
export { swap } from "./swap";
export { gatherRows, addRows, gather, scatterAdd } from "./indexing";
