import { createHash } from "node:crypto";
import type { Step } from "../../kit/step.ts";
import { exampleOf } from "../../report/class/example.ts";
import { singleMistakes } from "./count.ts";
import { namePieces } from "./people.ts";
import type { SubmissionRecord } from "../record.ts";

/** How many answers are kept for each mistake, to choose an example from. */
const KEPT = 4;

/** An answer that may become an example. */
interface Candidate {
  readonly code: string;
  readonly names: readonly string[];
  /** Answers with one mistake come before those with several, otherwise in an order that says nothing about names. */
  readonly rank: string;
}

/** Keeps a few answers for each mistake while records are read, the same ones in whatever order they come. */
export interface Examples {
  add: (record: SubmissionRecord) => void;
  /** An example of a mistake without a name, as TypeScript; undefined if no record has one. */
  of: (step: string, mistake: string) => string | undefined;
}

/** @param steps the course's */
export function keepExamples(steps: readonly Step[]): Examples {
  const kept = new Map<string, readonly Candidate[]>();
  const keyOf = (step: string, mistake: string): string => JSON.stringify([step, mistake]);
  return {
    add: ({ submission, steps: results, code = {} }) => {
      const hash = createHash("sha256").update(`${submission.key} ${submission.id}`).digest("hex");
      const names = namePieces(submission.people);
      for (const { id, mistake } of results) {
        const step = steps.find((one) => one.id === id);
        const text = Object.hasOwn(code, id) ? code[id] : undefined;
        if (!step || mistake === null || text === undefined) continue;
        const single = singleMistakes(step, mistake);
        for (const { id: one } of single) {
          const key = keyOf(id, one);
          const all = [...(kept.get(key) ?? []), { code: text, names, rank: `${single.length} ${hash}` }];
          kept.set(key, all.sort((a, b) => (a.rank < b.rank ? -1 : 1)).slice(0, KEPT));
        }
      }
    },
    of: (step, mistake) => {
      const examples = (kept.get(keyOf(step, mistake)) ?? []).flatMap(
        ({ code, names }) => exampleOf(code, names) ?? [],
      );
      return examples.toSorted((a, b) => a.length - b.length)[0];
    },
  };
}
