import type { Tensor } from "#tensor";
import type { Indices, Named } from "./backward.ts";
import { sameExtents, type Extent, type Sizes } from "./shape.ts";

/** What texts call a size, or a product of sizes. */
export interface SizeWords {
  /** One entry along it: "example". */
  readonly one: string;
  /** The size itself, where factors are named by it: "the number of neurons". */
  readonly count?: string;
  /** Whether a sum over it may be taken once too often. */
  readonly isSummed?: true;
}

/** What is known of a question when a place in its answer is looked for. */
export interface Asked {
  readonly sizes: Sizes;
  readonly given: Readonly<Named<Tensor>>;
  /** Entries that the batch was drawn with, by mark and then extent. */
  readonly marks?: Marks;
}

/** Entries along a size that a batch treats in a way of their own, by what they are: { quiet: { hidden: 3 } }. */
export type Marks = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A part of an answer with a name, such as the label's column. */
export interface NamedPlace {
  readonly id: string;
  /** Follows "every wrong value stands". */
  readonly words: string;
  readonly holds: (asked: Asked, at: readonly number[]) => boolean;
}

/** A column of each row that a given tensor chooses. */
export interface Choice {
  readonly id: string;
  /** The given tensor that it is chosen by. */
  readonly by: string;
  /** The shape of the tensors that have such columns. */
  readonly among: readonly [Extent, Extent];
  /** "label", as in "the column of each row's label". */
  readonly word: string;
  /** Follows "every wrong value stands". */
  readonly place: string;
  readonly columnOf: (given: Readonly<Named<Tensor>>, row: number) => number;
}

/** What runs along one side of a drawing. */
export interface Axis {
  /** In words: "examples". Empty where there is nothing to say. */
  readonly name: string;
  readonly size: number;
  /** A character for each place, where places have one: '.', a to z, an example's label. */
  readonly marks?: readonly string[];
  /** Whether a place is named by its number, besides its mark or for want of one. */
  readonly numbered: boolean;
  /** Stretches of equal length that have names of their own. */
  readonly groups?: { readonly length: number; readonly names: readonly string[] };
}

/** What the labels along the axes of a drawing come from. */
export interface Labels {
  readonly sizes: Sizes;
  readonly batch: Indices;
}

/** What a gradient on the reference's batch shows, in sentences that are computed from its numbers. */
export type Observation = (who: string, gradient: Tensor, batch: Indices) => readonly string[];

/** What a network's sizes and places are called. */
export interface Words {
  /** By extent, products included, in the order in which an unknown extent is compared with them. */
  readonly sizes: Readonly<Record<string, SizeWords>>;
  /** The size that counts the examples of a batch. */
  readonly examples: string;
  /** Sizes and their products that factors are made of besides; see factors.ts. */
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
