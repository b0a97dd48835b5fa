import type { Store } from "./store.ts";
import type { Copy } from "./zip.ts";

/** What bringing in a copy did. */
export interface BroughtIn {
  /** Steps that had no text of the learner's own. */
  readonly added: number;
  /** Steps whose own text was older: it is a version now. */
  readonly replaced: number;
  /** Steps whose own text is newer: the copy's is a version. */
  readonly stayed: number;
  readonly same: number;
  /** Files that are none of the course's. */
  readonly others: number;
  /** Whether some could not be kept, because the storage is full: these were left as they are. */
  readonly isFull: boolean;
}

/**
 * Brings in texts: the newer of two wins, the other one is kept as a version. A stub never replaces what somebody wrote.
 */
export function bringIn({ texts, others }: Copy, store: Store, stubs: Readonly<Record<string, string>>): BroughtIn {
  const counts = { added: 0, replaced: 0, stayed: 0, same: 0 };
  let isFull = false;
  for (const [file, theirs] of texts) {
    const own = store.own(file);
    const mine = own?.text === stubs[file] ? undefined : own;
    if (theirs.text === (own?.text ?? stubs[file]) || theirs.text === stubs[file]) {
      counts.same++;
    } else if (mine && mine.time >= theirs.time) {
      if (store.keepVersion(file, { ...theirs, why: "copy" })) counts.stayed++;
      else isFull = true;
    } else if (store.replace(file, theirs, "copy")) {
      counts[mine ? "replaced" : "added"]++;
    } else {
      isFull = true;
    }
  }
  return { ...counts, others, isFull };
}

/** What it did, in words. */
export function broughtInWords({ added, replaced, stayed, same, others, isFull }: BroughtIn): string {
  const sentences = [
    added > 0 && `${steps(added)} brought in.`,
    replaced > 0 && `${steps(replaced)} replaced by newer code; yours ${is(replaced)} kept as ${versions(replaced)}.`,
    stayed > 0 &&
      `${steps(stayed)} left as ${it(stayed)}, because yours ${is(stayed)} newer; the copy’s ${is(stayed)} kept as ${versions(stayed)}.`,
    same > 0 && `${steps(same)} unchanged.`,
    others > 0 && `${others} other ${others === 1 ? "file" : "files"} ignored.`,
    isFull && "The browser’s storage is full, so that the remaining steps were left as they are.",
  ];
  return sentences.filter((one) => one !== false).join(" ");
}

function steps(count: number): string {
  return `${count} ${count === 1 ? "step" : "steps"}`;
}

function is(count: number): string {
  return count === 1 ? "is" : "are";
}

function it(count: number): string {
  return count === 1 ? "it is" : "they are";
}

function versions(count: number): string {
  return count === 1 ? "a version" : "versions";
}
