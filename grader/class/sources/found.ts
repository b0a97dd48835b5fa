import type { Handed, HandedFile } from "../handed/handed.ts";
import type { Person, SourceKind } from "../record.ts";

/** One hand-in, as a source has it. */
export interface Found {
  /** What the source calls it; unique in it. */
  name: string;
  people: Person[];
  source: SourceKind;
  received: string | null;
  late: boolean;
  /** Of several by the same people, the one with the greatest number is the newest. */
  order: number;
  files: readonly HandedFile[];
}

/** What a source was recognized as. */
export interface Recognized {
  /** In words: "a Canvas download". */
  what: string;
  found: Found[];
  /** Names of what belongs to nobody. */
  passedOver: string[];
}

/**
 * Recognizes what one system exports.
 *
 * @param handed everything that there is
 * @param name what the folder or the archive is called
 * @returns undefined if it is something else
 */
export type Recognize = (handed: Handed, name: string) => Recognized | undefined | Promise<Recognized | undefined>;

/** The fields of a hand-in of which the source says nothing else. */
export const UNDATED = { received: null, late: false, order: 0 } as const;

/** Somebody of whom only this is known. */
export function person(id: string, more: Partial<Person> = {}): Person {
  return { id, name: null, email: null, login: null, ...more };
}

/** A point in time as ISO 8601 with Z; null if it cannot be read as one. */
export function timeOf(text: unknown): string | null {
  if (typeof text !== "string" && !(text instanceof Date)) return null;
  // as Ruby writes it: 2026-10-17 23:29:29.594846000 -07:00
  const [, day, clock, zone] =
    /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)? ?(Z|UTC|[+-]\d\d:?\d\d)$/.exec(
      typeof text === "string" ? text.trim() : text.toISOString(),
    ) ?? [];
  if (day === undefined) return null;
  const time = new Date(`${day}T${clock}${zone === "UTC" ? "Z" : zone}`);
  return Number.isNaN(time.getTime()) ? null : time.toISOString().replace(".000Z", "Z");
}
