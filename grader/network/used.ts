import type { Line } from "./line.ts";

/**
 * The operations that a line's expression calls, by their names: found by evaluating it with a value that answers anything
 * with itself.
 */
export function operationsOf({ expression }: Line): ReadonlySet<string> {
  const used = new Set<string>();
  // a function, since only a function can be called
  const anything: never = new Proxy(() => undefined, {
    get(_, name) {
      if (name === Symbol.toPrimitive) return () => 1;
      if (name === Symbol.iterator) return () => [][Symbol.iterator]();
      used.add(String(name));
      return anything;
    },
    apply: () => anything,
  }) as never;
  try {
    expression(anything);
  } catch {
    // a line that makes a tensor of numbers needs real ones; what it called before is known
  }
  return used;
}
