import type { Case } from "../kit/case.ts";
import type { FunctionStep } from "../kit/step.ts";
import { once } from "../network/once.ts";
import type { Probed } from "./behaviour.ts";
import { confinedTo } from "./places.ts";
import {
  areRight,
  allSeen,
  claimed,
  hasRightShape,
  type About,
  type Diagnosis,
  type Seen,
  type Symptom,
} from "./symptom.ts";

/** What is known about wrong answers; whatever takes a computation is computed when it is first needed. */
export interface Evidence {
  readonly step: FunctionStep;
  readonly about: About;
  readonly symptoms: readonly Symptom[];
  /** The answers to the probes, which were asked in addition. */
  readonly probed: readonly Probed[];
  /** Cases that the mistake should answer correctly: it is sought in one branch, and these are of the others. */
  readonly untouched: readonly Case[];
  /** The answers, if all of them are tensors. */
  readonly seen: readonly Seen[] | undefined;
  /** The same, if all have the right shape. */
  readonly shaped: readonly Seen[] | undefined;
  /** The place to which all wrong values are confined. */
  readonly place: Diagnosis | null;
}

export function evidenceOf(
  about: About,
  symptoms: readonly Symptom[],
  probed: readonly Probed[] = [],
  untouched: readonly Case[] = [],
): Evidence {
  const seen = once(() => allSeen(symptoms));
  const shaped = once(() => (seen()?.every(hasRightShape) ? seen() : undefined));
  const place = once(() => (shaped() && !areRight(symptoms) ? confinedTo(shaped()!) : null));
  return {
    step: about.step,
    about,
    symptoms,
    probed,
    untouched,
    get seen() {
      return seen();
    },
    get shaped() {
      return shaped();
    },
    get place() {
      return place();
    },
  };
}

/** What a strategy needs: some answers that threw, only tensors, a wrong shape, and so on. */
export type Need = "any" | "thrown" | "tensors" | "other-shape" | "right-shape";

/** One way to explain wrong answers. */
export interface Strategy {
  /** Counts are kept by this name. */
  readonly name: string;
  readonly needs: Need;
  readonly find: (evidence: Evidence) => Diagnosis | null;
}

/** The same strategy, but only if it claims a cause: what it only saw may be said later. */
export function ifClaimed({ find, ...strategy }: Strategy): Strategy {
  return { ...strategy, find: (evidence) => claimed(find(evidence)) };
}

/** The first explanation that one of some strategies finds, with the strategy's name. */
export function walk(strategies: readonly Strategy[], evidence: Evidence): Diagnosis | null {
  for (const { name, needs, find } of strategies) {
    const found = has(evidence, needs) ? find(evidence) : null;
    if (found) return { by: name, ...found };
  }
  return null;
}

function has({ seen, shaped }: Evidence, need: Need): boolean {
  switch (need) {
    case "any":
      return true;
    case "thrown":
      return seen === undefined;
    case "tensors":
      return seen !== undefined;
    case "other-shape":
      return seen !== undefined && shaped === undefined;
    case "right-shape":
      return shaped !== undefined;
  }
}
