/** What a function gives, computed when it is first asked for. */
export function once<X>(make: () => X): () => X {
  let made: { value: X } | undefined;
  return () => (made ??= { value: make() }).value;
}
