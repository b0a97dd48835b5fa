import type { Tensor } from "#tensor";
import type { Indices, Named } from "./named.ts";
import { sameExtents, type Extent, type Sizes } from "./shape.ts";

/** What texts call a size, or a product of sizes. */
export interface SizeWords {
  /** One entry along it: "example". */
  readonly one: string;
  /** The size itself, where factors are named by it: "the number of neurons". */
  readonly count?: string;
  /** Whether an extra sum over it is a likely mistake. */
  readonly isSummed?: true;
}

/** What is known about a question when a place in its answer is sought. */
export interface Asked {
  readonly sizes: Sizes;
  readonly given: Readonly<Named<Tensor>>;
  /** Special entries of the batch, by mark and then extent. */
  readonly marks?: Marks;
}

/** Entries along a size that are special in a batch, by what they are: { quiet: { hidden: 3 } }. */
export type Marks = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A part of an answer with a name, such as the label's column. */
export interface NamedPlace {
  readonly id: string;
  /** Follows "every wrong value is". */
  readonly words: string;
  readonly holds: (asked: Asked, at: readonly number[]) => boolean;
}

/** The column of each row that a given tensor selects. */
export interface Choice {
  readonly id: string;
  /** The given tensor that selects it. */
  readonly by: string;
  /** The shape of the tensors that have such columns. */
  readonly among: readonly [Extent, Extent];
  /** "label", as in "the column of each row's label". */
  readonly word: string;
  /** Follows "every wrong value is". */
  readonly place: string;
  readonly columnOf: (given: Readonly<Named<Tensor>>, row: number) => number;
}

/** What runs along one side of a drawing. */
export interface Axis {
  /** In words: "examples". Empty if there is nothing to say. */
  readonly name: string;
  readonly size: number;
  /** A character per position, if positions have one: '.', a to z, an example's label. */
  readonly marks?: readonly string[];
  /** Whether positions are numbered, in addition to their marks or instead of them. */
  readonly numbered: boolean;
  /** Groups of equal length with names of their own. */
  readonly groups?: { readonly length: number; readonly names: readonly string[] };
}

/** What the labels along the axes of a drawing are made from. */
export interface Labels {
  readonly sizes: Sizes;
  readonly batch: Indices;
}

/** What a gradient on the reference's batch shows, in sentences computed from its numbers. */
export type Observation = (who: string, gradient: Tensor, batch: Indices) => readonly string[];

/** What a network's sizes and places are called. */
export interface Words {
  /** By extent, products included, in the order in which an unknown extent is compared with them. */
  readonly sizes: Readonly<Record<string, SizeWords>>;
  /** The size that counts the examples of a batch. */
  readonly examples: string;
  /** Further products of sizes that factors are made of; see diagnosis/amounts.ts. */
  readonly products?: readonly (readonly string[])[];
  /** Whole numbers that a loop may end at by mistake: sizes that learners have seen. */
  readonly written: readonly number[];
  readonly choices: readonly Choice[];
  /** Further parts of an answer with a name. */
  readonly places: (answer: readonly Extent[], given: readonly string[]) => readonly NamedPlace[];
  readonly axisOf: (extent: Extent | undefined, size: number, labels: Labels) => Axis;
  /** By the tensor whose gradient it is. */
  readonly observations: Readonly<Record<string, Observation>>;
}

/** What one entry along a dimension is called. */
export function wordFor({ sizes }: Words, extent: Extent): string {
  return extent === 1 ? "entry" : (sizes[extent]?.one ?? `entry of ${extent}`);
}

/** The choices that a tensor of a shape has columns for, among those whose tensor is given. */
export function choicesFor(
  { choices }: Words,
  extents: readonly Extent[],
  given: readonly string[],
): readonly Choice[] {
  return choices.filter(({ by, among }) => sameExtents(among, extents) && given.includes(by));
}

/** Several of what is called by a word: "examples", "entries of a head". */
export function plural(one: string): string {
  const [noun, ...of] = one.split(" of ");
  const many = noun!.endsWith("y") ? `${noun!.slice(0, -1)}ies` : `${noun}s`;
  return [many, ...of].join(" of ");
}
