/** A function's result, computed when first needed. */
export function once<X>(make: () => X): () => X {
  let made: { value: X } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** A function of one value that computes its result once for each. */
export function oncePer<From, X>(make: (from: From) => X): (from: From) => X {
  const made = new Map<From, X>();
  return (from) => {
    if (!made.has(from)) made.set(from, make(from));
    return made.get(from)!;
  };
}
