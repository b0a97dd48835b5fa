import { tensor, type Tensor } from "#tensor";
import type { MakemoreSizes } from "./lines.ts";
import type { Generator } from "../../network/random.ts";

/**
 * Which characters a batch's contexts contain, and where they repeat:
 * - most: all but one, including the first and the last; no two contexts are the same
 * - last: the last character but not the first; a context of only the last character, two that are the same, and at the
 *   very last position a character that occurs nowhere else
 * - first: the first character but not the last; one character occurs only at the very first and the very last position,
 *   one twice in a context and in no other
 */
export type Contexts = "most" | "last" | "first";

/** Labels: including the first and the last character, with some repeated; the last in all examples; no two the same. */
export type Labels = "many" | "last" | "different";

/** Contexts Xb [n, block], not all of them the same: otherwise no neuron would vary. */
export function drawContexts(generator: Generator, sizes: MakemoreSizes, contexts: Contexts | undefined): Tensor {
  for (;;) {
    const drawn = contexts ? draw[contexts](generator, sizes) : anyContexts(generator, sizes);
    const rows = new Set(drawn.map(String)).size;
    if (rows > 1 && (contexts !== "most" || rows === sizes.n))
      return tensor(drawn.flat(), [sizes.n, sizes.block], "int32");
  }
}

const draw: Record<Contexts, (generator: Generator, sizes: MakemoreSizes) => number[][]> = { most, last, first };

function anyContexts(generator: Generator, sizes: MakemoreSizes): number[][] {
  const characters = Array.from({ length: differentCharacters(sizes) }, (_, character) => character);
  return fromCharacters(generator, sizes, characters);
}

function most(generator: Generator, sizes: MakemoreSizes): number[][] {
  const absent = generator.randint(1, sizes.vocab - 1, 1).item();
  const all = Array.from({ length: sizes.vocab }, (_, character) => character);
  const drawn = fromCharacters(
    generator,
    sizes,
    all.filter((character) => character !== absent),
  );
  const [i, j] = generator.randperm(sizes.n);
  drawn[i!]![generator.randint(0, sizes.block, 1).item()] = 0;
  drawn[j!]![generator.randint(0, sizes.block, 1).item()] = sizes.vocab - 1;
  return drawn;
}

function last(generator: Generator, sizes: MakemoreSizes): number[][] {
  const { n, block, vocab } = sizes;
  const [once, ...others] = someCharacters(generator, sizes, 1, vocab - 1);
  const drawn = fromCharacters(generator, sizes, [...others, vocab - 1]);
  // the last context ends in a character that occurs nowhere else, and so equals no other
  const [alone, one, other] = generator.randperm(n - 1);
  drawn[alone!] = Array(block).fill(vocab - 1);
  drawn[other!] = [...drawn[one!]!];
  drawn[n - 1]![block - 1] = once!;
  return drawn;
}

function first(generator: Generator, sizes: MakemoreSizes): number[][] {
  const { n, block, vocab } = sizes;
  const [ends, twice, ...others] = someCharacters(generator, sizes, 1, vocab - 1);
  const drawn = fromCharacters(generator, sizes, [0, ...others]);
  const row = drawn[generator.randint(1, n - 1, 1).item()]!;
  [row[0], row[1], row[block - 1]] = [twice!, 0, twice!];
  drawn[0]![0] = ends!;
  drawn[n - 1]![block - 1] = ends!;
  return drawn;
}

/** As many characters as a batch has, minus one, from `from` to `to` - 1, in random order. */
function someCharacters(generator: Generator, sizes: MakemoreSizes, from: number, to: number): number[] {
  return generator
    .randperm(to - from)
    .slice(0, differentCharacters(sizes) - 1)
    .map((character) => from + character);
}

function fromCharacters(generator: Generator, { n, block }: MakemoreSizes, characters: readonly number[]): number[][] {
  return Array.from({ length: n }, () =>
    Array.from(generator.randint(0, characters.length, block).toArray(), (which) => characters[which]!),
  );
}

/** Fewer characters than positions, so that some repeat; all of them if there are enough positions. */
function differentCharacters({ n, block, vocab }: MakemoreSizes): number {
  const positions = n * block;
  return positions > 4 * vocab ? vocab : Math.min(Math.ceil(vocab / 2), positions - 1);
}

/**
 * Labels Yb [n].
 *
 * @param maxima the column of each row's maximum logit, if that is settled: some labels are there, others not
 */
export function drawLabels(
  generator: Generator,
  { n, vocab }: MakemoreSizes,
  labels: Labels | undefined,
  maxima: readonly number[] | undefined,
): Tensor {
  if (labels === "different") return tensor(generator.randperm(vocab).slice(0, n), [n], "int32");
  if (labels === "last") return tensor(Array<number>(n).fill(vocab - 1), [n], "int32");
  const drawn = [...generator.randint(0, vocab, n).toArray()];
  if (labels === "many") {
    for (const [i, column] of (maxima ?? []).entries()) if (i % 3 === 0) drawn[i] = column;
    const [zero, end, one, other] = generator.randperm(n);
    drawn[zero!] = 0;
    drawn[end!] = vocab - 1;
    drawn[other!] = drawn[one!]!;
  }
  return tensor(drawn, [n], "int32");
}
