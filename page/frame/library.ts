/**
 * The script that each worker runs first: the library's text, after the kernels that its tensors compute with, which the
 * grader has already.
 */
export function withKernels(library: string, kernels: string): string {
  return `globalThis.KERNELS=${JSON.stringify(kernels)};${library}`;
}
