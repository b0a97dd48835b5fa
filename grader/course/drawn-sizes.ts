import type { Generator } from "../network/random.ts";

/** The smallest and the largest of each size. */
export type Ranges<Name extends string> = Readonly<Record<Name, readonly [low: number, high: number]>>;

/** One of the numbers below an extent. */
export function draw(generator: Generator, extent: number): number {
  return generator.randint(0, extent, 1).item();
}

/** One of them that is neither the first nor the last, if there is one: a loop may miss either. */
export function drawInside(generator: Generator, extent: number): number {
  return extent > 2 ? 1 + draw(generator, extent - 2) : draw(generator, extent);
}

/** Sizes within their ranges, each by itself; odd where `other` is even, and even where it is odd. */
export function drawWithin<Name extends string>(
  ranges: Ranges<Name>,
  generator: Generator,
  other?: Readonly<Record<Name, number>>,
): Record<Name, number> {
  const names = Object.keys(ranges) as Name[];
  const drawn = names.map((name): [Name, number] => {
    const [low, high] = ranges[name];
    const size = low + draw(generator, high - low + 1);
    if (!other || size % 2 !== other[name] % 2) return [name, size];
    return [name, size === high ? size - 1 : size + 1];
  });
  return Object.fromEntries(drawn) as Record<Name, number>;
}

/** Two lists of sizes: each size is odd in one of them and even in the other, since a loop may step by two. */
export function drawOddAndEven<Name extends string>(
  ranges: Ranges<Name>,
  generator: Generator,
  areApart: (sizes: Readonly<Record<Name, number>>) => boolean,
): readonly [some: Record<Name, number>, others: Record<Name, number>] {
  for (;;) {
    const some = drawWithin(ranges, generator);
    if (!areApart(some)) continue;
    // where there are many sizes, some lists have no counterpart
    for (let tries = 0; tries < 20; tries++) {
      const others = drawWithin(ranges, generator, some);
      if (areApart(others)) return [some, others];
    }
  }
}
