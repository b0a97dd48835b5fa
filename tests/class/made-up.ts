import type { Step } from "../../grader/kit/step.ts";
import { steps } from "../../grader/course/steps.ts";
import { solutionOf, stubOf } from "../../grader/runner/workspace/stubs.ts";
import { attacks } from "../attacks/exercises.ts";
import { heldBack as fifth } from "../diagnosis/held-back/fifth.ts";
import { heldBack as first } from "../diagnosis/held-back/first.ts";
import { heldBack as fourth } from "../diagnosis/held-back/fourth.ts";
import { heldBack as second } from "../diagnosis/held-back/second.ts";
import { heldBack as third } from "../diagnosis/held-back/third.ts";
import { stepOf } from "../trees.ts";

/** A learner of a made-up class, and what they hand in. */
export interface MadeUp {
  /** Their id in every system. */
  number: number;
  first: string;
  last: string;
  login: string;
  email: string;
  kind: Kind;
  /** By path, as they lie on the learner's own disk. */
  files: Record<string, string>;
  late: boolean;
  /** ISO 8601 with Z. */
  received: string;
}

/** What learners hand in, and how many of 100 do. */
const shares = {
  full: 18,
  "full with mistakes": 14,
  half: 30,
  early: 12,
  stubs: 6,
  loose: 6,
  checkout: 4,
  attack: 4,
  broken: 4,
  nothing: 2,
} as const;
export type Kind = keyof typeof shares;

/** Names of people, and such that a program takes for something else. */
const firsts = ["Ada", "Zoë", "李", "Emmy", "Jean-Luc", "Şule", "Grace", "N'Golo", "Sofja", "Alan"];
const lasts = [
  "Lovelace",
  "O'Brien",
  "雷",
  "Noether",
  "Şahin",
  "van der Berg",
  "Hopper",
  "Kowalewskaja",
  "Turing",
  "Ng",
];
const trouble = ["=1+1", "<script>alert(1)</script>", "-rf", "con", "a\u202Eb", "+49", "@sum", "..", "'); drop"];

/**
 * A class of any size, always the same for a seed: solutions, stubs, mistakes that are known and that are not, attacks and
 * trees that are broken. Of a step's mistakes a few are common and the others rare, as in a class of people.
 *
 * @param count how many hand in
 */
export function madeUpClass(count: number, seed = 1): MadeUp[] {
  const draw = drawing(seed);
  return Array.from({ length: count }, (_, i) => {
    const kind = kindAt(draw.below(100));
    const [first, last] = [draw.from(firsts), draw.from(lasts)];
    const isTrouble = draw.below(25) === 0;
    const number = 1000 + i;
    return {
      number,
      first: isTrouble ? draw.from(trouble) : first,
      last,
      login: `user${number}`,
      email: `user${number}@example.edu`,
      kind,
      files: filesOf(kind, number, draw),
      late: draw.below(12) === 0,
      received: new Date(Date.UTC(2026, 10, 20, 8) + 60_000 * draw.below(2_000)).toISOString().replace(".000Z", "Z"),
    };
  });
}

type Draw = ReturnType<typeof drawing>;

/** Numbers by chance, from a seed: mulberry32. */
function drawing(seed: number) {
  let state = seed;
  const below = (most: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * most) | 0;
  };
  return { below, from: <X>(all: readonly X[]): X => all[below(all.length)]! };
}

function kindAt(percent: number): Kind {
  let left = percent;
  for (const [kind, share] of Object.entries(shares)) {
    left -= share;
    if (left < 0) return kind as Kind;
  }
  throw new Error("the shares do not add up to 100");
}

function filesOf(kind: Kind, number: number, draw: Draw): Record<string, string> {
  switch (kind) {
    case "full":
      return tree(steps.length, 0, number, draw);
    case "full with mistakes":
      return tree(steps.length, 6, number, draw);
    case "half":
      return tree(12 + draw.below(28), 8, number, draw);
    case "early":
      return tree(1 + draw.below(10), 5, number, draw);
    case "stubs":
      return tree(0, 0, number, draw);
    case "checkout":
      return checkout(tree(30, 8, number, draw));
    case "loose":
      return loose(tree(20, 8, number, draw), draw);
    case "attack":
      return { ...tree(20, 8, number, draw), [stepOf("dcounts").file]: draw.from(quickAttacks) };
    case "broken":
      return broken(tree(25, 8, number, draw), draw);
    case "nothing":
      return draw.below(2) === 0 ? {} : { "notes.txt": "my files are on the other computer", "photo.png": "\u0089PNG" };
  }
}

/** Attacks that end by themselves: the others, run one by one in tests/attacks, would keep a test waiting. */
const quickAttacks = attacks
  .filter(({ family }) => ["die", "forge", "escape the context", "read"].includes(family))
  .filter(({ others, prepare }) => others === undefined && prepare === undefined)
  .map(({ text }) => text);

/** A tree solved up to a step, with a mistake now and then. */
function tree(solved: number, mistakesOf100: number, number: number, draw: Draw): Record<string, string> {
  return Object.fromEntries(
    steps.map((step, i) => {
      if (i >= solved) return [step.file, stubOf(step)];
      const wrong = draw.below(100) < mistakesOf100 ? wrongFile(step, draw) : undefined;
      const own = draw.below(3) === 0 ? "" : `// ${number}: I checked the shapes ${draw.below(9)} times\n`;
      return [step.file, own + (wrong ?? solutionOf(step)!)];
    }),
  );
}

/** A step with a mistake, mostly one that the course knows; undefined if none can be written as one expression. */
function wrongFile(step: Step, draw: Draw): string | undefined {
  if (step.kind === "train") return solutionOf(step)!.replace("oneHot(Yb, vocab)).div(n)", "oneHot(Yb, vocab))");
  const isUnknown = draw.below(10) === 0;
  const written = (isUnknown ? unknownMistakes(step) : step.mistakes).flatMap(
    ({ answer }) => expressionOf(answer.toString()) ?? [],
  );
  // half of those who are wrong make one of the first quarter of the mistakes
  const place = draw.below(1000) / 1000;
  const expression = written[Math.floor(place * place * written.length)];
  return expression && stubOf(step).replace(`throw todo("${step.id}");`, `return ${expression};`);
}

/** Wrong answers that were written without having seen the catalog. */
function unknownMistakes({ id }: Step): readonly { readonly answer: Function }[] {
  return [first, second, third, fourth, fifth].flat().filter((one) => one.step === id);
}

/** The expression of an arrow function that uses nothing but what the step is given, and tensors' own functions. */
function expressionOf(source: string): string | undefined {
  // what a test runner makes of imports
  const plain = source.replaceAll(/\(0, ?\w+\.(\w+)\)/g, "$1").replaceAll(/__vi_\w+__\./g, "");
  const [, given = "", expression] = /^\(\s*\{([^}]*)\}\s*\)\s*=>\s*([^\s{][^]*)$/.exec(plain) ?? [];
  if (expression === undefined || expression.includes("=>")) return undefined;
  const known = new Set([...given.split(",").map((name) => name.trim()), "keepdim", "oneHot", "zerosLike", "onesLike"]);
  const names = expression.replaceAll(/"[^"]*"|\.\s*\w+/g, "").match(/[A-Za-z_]\w*/g) ?? [];
  return names.every((name) => known.has(name)) ? expression : undefined;
}

/** The whole course as a learner's clone has it, with the solutions that are none of theirs. */
function checkout(files: Record<string, string>): Record<string, string> {
  const inside = Object.entries(files).map(([file, text]) => [`backprop-dojo/exercises/${file}`, text]);
  const ours = steps.map((step) => [`backprop-dojo/solutions/${step.file}`, solutionOf(step)!]);
  return Object.fromEntries([...inside, ...ours, ["backprop-dojo/package.json", "{}"]]) as Record<string, string>;
}

/** Some files without their folders, called as browsers and people call them. */
function loose(files: Record<string, string>, draw: Draw): Record<string, string> {
  const chosen = Object.entries(files).slice(0, 12);
  return Object.fromEntries(
    chosen.map(([file, text], i) => {
      const name = file.slice(file.indexOf("/") + 1);
      const bare = name.replace(/\.ts$/, "");
      return [[name, `${bare} (1).ts`, `${bare}-2.ts`, `${bare}.ts.txt`, `homework ${i}.ts`][draw.below(5)]!, text];
    }),
  );
}

/** A tree with files that do not compile, export nothing or are missing. */
function broken(files: Record<string, string>, draw: Draw): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).flatMap(([file, text]): [string, string][] => {
      const how = draw.below(8);
      if (how === 0) return [];
      if (how === 1) return [[file, text.slice(0, -3)]];
      if (how === 2) return [[file, "export const answer = 42;\n"]];
      return [[file, text]];
    }),
  );
}
