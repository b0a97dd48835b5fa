import { factorsOf, type Sizes } from "../../network/shape.ts";
import type { Words } from "../../network/words.ts";

/** The sizes that factors are made of, with their words. */
export interface Scale {
  words: Words;
  /** The sizes of the cases, in the order of the words. */
  names: readonly string[];
}

/** A number that sizes make: [hidden - 1]. */
export interface Amount {
  /** Its expression, in parentheses if it has several terms. */
  name: string;
  of: (sizes: Sizes) => number;
}

/** What other factors are made of: sizes, their products and roots. */
export function amountsOf({ words, names }: Scale): readonly Amount[] {
  const { examples } = words;
  return [
    { name: "1", of: () => 1 },
    { name: "2", of: () => 2 },
    ...names.flatMap((name): Amount[] => (name === examples ? ofBatch(name) : ofSize(name))),
    ...productsOf(words, names),
  ];
}

/** Amounts made of the number of examples, by which means and variances divide. */
function ofBatch(n: string): Amount[] {
  const amount = (name: string, f: (n: number) => number): Amount => ({ name, of: (sizes) => f(sizes[n]!) });
  return [
    amount(n, (n) => n),
    amount(`(${n} - 1)`, (n) => n - 1),
    amount(`(${n} - 2)`, (n) => n - 2),
    amount(`(${n} + 1)`, (n) => n + 1),
    amount(`${n}**2`, (n) => n * n),
    amount(`(${n} - 1)**2`, (n) => (n - 1) ** 2),
    amount(`(${n} * (${n} - 1))`, (n) => n * (n - 1)),
    amount(`sqrt(${n})`, (n) => Math.sqrt(n)),
    amount(`sqrt(${n} - 1)`, (n) => Math.sqrt(n - 1)),
  ];
}

function ofSize(name: string): Amount[] {
  const amount = (text: string, f: (size: number) => number): Amount => ({
    name: text,
    of: (sizes) => f(sizes[name]!),
  });
  return [
    amount(name, (size) => size),
    amount(`(${name} - 1)`, (size) => size - 1),
    amount(`${name}**2`, (size) => size * size),
    amount(`sqrt(${name})`, (size) => Math.sqrt(size)),
  ];
}

/** Products that are an extent, their roots, and products of any two sizes. */
function productsOf({ sizes: all }: Words, names: readonly string[]): Amount[] {
  const product = (factors: readonly string[], sizes: Sizes): number =>
    factors.reduce((size, name) => size * sizes[name]!, 1);
  const text = (factors: readonly string[]): string => factors.join(" * ");
  const extents = Object.keys(all)
    .map(factorsOf)
    .filter((factors) => factors.length > 1 && factors.every((name) => names.includes(name)));
  const pairs = names.flatMap((a, i) => names.slice(i + 1).map((b) => [a, b]));
  const isExtent = (pair: readonly string[]): boolean => extents.some((factors) => text(factors) === text(pair));
  return [
    ...extents.flatMap((factors): Amount[] => [
      { name: `(${text(factors)})`, of: (sizes) => product(factors, sizes) },
      { name: `sqrt(${text(factors)})`, of: (sizes) => Math.sqrt(product(factors, sizes)) },
      ...names
        .filter((name) => !factors.includes(name))
        .map((name): Amount => ({
          name: `(${text([name, ...factors])})`,
          of: (sizes) => product([name, ...factors], sizes),
        })),
    ]),
    ...pairs
      .filter((pair) => !isExtent(pair))
      .map((pair): Amount => ({ name: `(${text(pair)})`, of: (sizes) => product(pair, sizes) })),
  ];
}
