/**
 * The longest tests try a part of what there is; where BACKPROP_DOJO_ALL is 1, as in the nightly workflow, they try
 * all of it.
 */
const isWhole = process.env["BACKPROP_DOJO_ALL"] === "1";

/** How many to try: all, or some. */
export function sampleOf(all: number, some: number): number {
  return isWhole ? all : some;
}

/** All items, or every so many, from the one at `first` on. */
export function sampled<T>(items: readonly T[], every: number, first = 0): T[] {
  return items.filter((_, i) => isWhole || i % every === first);
}

/** All steps, or the required ones and every so many of the others, in their order. */
export function someSteps<S extends { readonly isOptional?: true }>(
  steps: readonly S[],
  every: number,
  first = 0,
): S[] {
  const tried = new Set(
    sampled(
      steps.filter(({ isOptional }) => isOptional),
      every,
      first,
    ),
  );
  return steps.filter((step) => !step.isOptional || tried.has(step));
}
