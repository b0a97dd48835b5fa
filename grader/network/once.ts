/** A function's result, computed when first needed. */
export function once<X>(make: () => X): () => X {
  let made: { value: X } | undefined;
  return () => (made ??= { value: make() }).value;
}
