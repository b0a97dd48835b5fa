import { tensor, type Tensor } from "#tensor";
import type { Batch } from "./lines.ts";
import { pythonShuffle } from "../../network/random.ts";

/** The lecture shuffles the names with this seed before it splits them. */
const SHUFFLE_SEED = 42;
/** With fewer, a split would be empty or hold a single name. */
const FEWEST_NAMES = 10;
/** '.' begins and ends every name. */
const END = ".";
const LETTERS = "abcdefghijklmnopqrstuvwxyz";
/** The lecture's vocabulary: character i of its 27. */
export const lectureCharacters: readonly string[] = [END, ...LETTERS];
const NOT_A_LETTER = /[^a-z]/u;
/** In letters. */
const LONGEST_NAME = 100;
/** How much of a wrong line is shown. */
const SHOWN = 60;
const UNSEEN = /[^\P{Z} ]|\p{C}/u;
const UNSEEN_ALL = /\p{C}/gu;

/** A names file cannot be used for training; the message names the file, the line and the character. */
export class NamesError extends Error {
  override name = "NamesError";
}

/** All examples of a split: Xb [examples, block], made when first needed, and Yb [examples], int32. */
export interface Examples extends Batch {
  /** Those at some indices [n], as a batch. */
  pick: (indices: Tensor) => Batch;
}

export interface Dataset {
  /** The names in the file's order; a name that occurs twice counts twice. */
  names: readonly string[];
  /** Character i of the vocabulary; '.' is 0, then the letters in order. */
  characters: readonly string[];
  /** The splits' examples, made when first needed. */
  split: (name: Split) => Examples;
}

export const splitNames = ["train", "dev", "test"] as const;

export type Split = (typeof splitNames)[number];

/**
 * Names from the text of a file, one per line. A byte order mark, CRLF, blank lines and spaces around a name are ignored;
 * capitals become small letters.
 *
 * @param file its name in errors
 * @throws NamesError at the first character outside a-z, and at the first name that is too long
 */
export function parseNames(text: string, file: string): string[] {
  // most files need no more than this, which takes a tenth of the time
  const plain = /[^a-z\n]/.test(text) ? [] : text.split("\n").filter((name) => name !== "");
  if (plain.length > 0 && plain.every((name) => name.length <= LONGEST_NAME)) return plain;
  const names: string[] = [];
  for (const [i, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .entries()) {
    const name = line.trim().toLowerCase();
    if (name === "") continue;
    const wrong = NOT_A_LETTER.exec(name);
    if (wrong) {
      const column = line.length - line.trimStart().length + wrong.index + 1;
      throw new NamesError(
        `${file}:${i + 1}:${column}: expected a name in the letters a to z, found ${characterName(wrong[0])} in ` +
          `"${shown(line.trim())}"; ` +
          "write one name per line, without accents, spaces or digits",
      );
    }
    if (name.length > LONGEST_NAME) {
      throw new NamesError(
        `${file}:${i + 1}: has ${name.length} letters, but a name has at most ${LONGEST_NAME}; write one name per line`,
      );
    }
    names.push(name);
  }
  return names;
}

/** A character as a reader knows it; one that is invisible, or controls a terminal, by its number. */
function characterName(character: string): string {
  if (!UNSEEN.test(character)) return `"${character}"`;
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** The start of a line, which can have any length, without invisible characters. */
function shown(line: string): string {
  const text = line.slice(0, SHOWN).replaceAll(UNSEEN_ALL, "");
  return line.length > SHOWN ? `${text}\u2026` : text;
}

/**
 * The lecture's data set: names shuffled with seed 42, the first 80% for training, 10% dev and 10% test; every
 * character of a name, and its end, is one example with the `block` characters before it.
 *
 * @param text the file's text, see parseNames
 * @throws NamesError if there are too few names or letters to learn from
 */
export function makeDataset(text: string, file: string, block: number): Dataset {
  const names = parseNames(text, file);
  const letters = lettersOf(names);
  const shuffled = pythonShuffle(names, SHUFFLE_SEED);
  const trainEnd = Math.trunc(0.8 * names.length);
  const devEnd = Math.trunc(0.9 * names.length);
  if (letters.length < 2 || names.length < FEWEST_NAMES) {
    throw new NamesError(
      `${file}: too little to learn from: ${names.length} names of ${letters.length} different letters; ` +
        `the training, dev and test splits need at least ${FEWEST_NAMES} names, of at least 2 letters`,
    );
  }
  const characters = [END, ...letters];
  const members: Record<Split, string[]> = {
    train: shuffled.slice(0, trainEnd),
    dev: shuffled.slice(trainEnd, devEnd),
    test: shuffled.slice(devEnd),
  };
  const made = new Map<Split, Examples>();
  const split = (name: Split): Examples => {
    const examples = made.get(name) ?? examplesOf(members[name], characters, block);
    made.set(name, examples);
    return examples;
  };
  return { names, characters, split };
}

function lettersOf(names: readonly string[]): string[] {
  const text = names.join("");
  return [...LETTERS].filter((letter) => text.includes(letter));
}

function examplesOf(names: readonly string[], characters: readonly string[], block: number): Examples {
  const labels = labelsOf(names, characters);
  /** The contexts of some examples: the labels before each, back to where its name begins, with '.' in front. */
  const contextsOf = (examples: ArrayLike<number>): Tensor => {
    const contexts = new Int32Array(examples.length * block);
    for (let row = 0; row < examples.length; row++) {
      for (let back = 1; back <= block; back++) {
        const label = labels[examples[row]! - back];
        if (!label) break;
        contexts[(row + 1) * block - back] = label;
      }
    }
    return tensor(contexts, [examples.length, block], "int32");
  };
  let Xb: Tensor | undefined;
  return {
    get Xb() {
      return (Xb ??= contextsOf(Int32Array.from(labels.keys())));
    },
    Yb: tensor(labels, [labels.length], "int32"),
    pick(indices) {
      const examples = indices.toArray();
      return {
        Xb: contextsOf(examples),
        Yb: tensor(
          examples.map((i) => labels[i]!),
          [examples.length],
          "int32",
        ),
      };
    },
  };
}

/** The characters of all names, each name with its end, by their places in the vocabulary. */
function labelsOf(names: readonly string[], characters: readonly string[]): Int32Array {
  const places = new Uint8Array(128);
  for (const [i, character] of characters.entries()) places[character.charCodeAt(0)] = i;
  const text = names.map((name) => name + END).join("");
  const labels = new Int32Array(text.length);
  for (let i = 0; i < text.length; i++) labels[i] = places[text.charCodeAt(i)]!;
  return labels;
}
