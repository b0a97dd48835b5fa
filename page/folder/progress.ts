import { steps } from "../../grader/course/steps.ts";
import { graderIdentity } from "../../grader/runner/identity.ts";
import { hashOfTexts, readableSource, realTree } from "../../grader/runner/source.ts";
import { isLastVerdict } from "../../grader/runner/workspace/progress-format.ts";
import {
  hintsShown,
  keepVerdicts,
  quizReplies,
  readVerdicts,
  rememberHints,
  rememberReply,
} from "../../grader/runner/workspace/progress-file.ts";
import { progressIn } from "../../grader/runner/workspace/tree.ts";
import { unixLines } from "./files.ts";
import type { StepInFolder, ToRemember } from "./messages.ts";

/** What commands remember of the steps, by their ids. */
export function rememberedSteps(root: string, file: string): Record<string, StepInFolder> {
  return Object.fromEntries(
    progressIn(root, readVerdicts(file)).map(({ step: { id }, state, verdict }): [string, StepInFolder] => [
      id,
      { state, verdict, hints: hintsShown(id, file), quiz: quizReplies(id, file) },
    ]),
  );
}

/**
 * Adds what the page has found out to what commands remember.
 *
 * @returns false if it is not of the form that it should have
 */
export function remember(root: string, file: string, what: ToRemember): boolean {
  if ("results" in what) {
    if (!Array.isArray(what.results) || !what.results.every(isResult)) return false;
    keepVerdicts(
      what.results.map((result) => ({ ...result, source: result.source && asInTree(root, result.source) })),
      file,
    );
    return true;
  }
  if (!steps.some(({ id }) => id === what.id)) return false;
  if ("hints" in what) {
    if (!Number.isInteger(what.hints) || what.hints < 0) return false;
    // a command may have shown more in the meantime
    if (what.hints > hintsShown(what.id, file)) rememberHints(what.id, what.hints, file);
    return true;
  }
  if (typeof what.question !== "string" || !["right", "wrong", "skipped"].includes(what.reply)) return false;
  rememberReply(what.id, what.question, what.reply, file);
  return true;
}

type Result = Extract<ToRemember, { results: unknown }>["results"][number];

function isResult({ id, verdict, source }: Result): boolean {
  const isKnown = steps.some((step) => step.id === id);
  return (
    isKnown && (source === null || isLastVerdict({ verdict, passedOnce: false, grader: graderIdentity, ...source }))
  );
}

/** A hash of the texts as they are in the tree, if these are the graded ones but for the ends of their lines. */
function asInTree(root: string, source: NonNullable<Result["source"]>): NonNullable<Result["source"]> {
  const tree = realTree(root);
  const raw = (file: string): string | undefined => readableSource(tree, file);
  const plain = (file: string): string | undefined => {
    const text = raw(file);
    return text === undefined ? undefined : unixLines(text);
  };
  const isSame = hashOfTexts(source.files, plain) === source.texts;
  return isSame ? { ...source, texts: hashOfTexts(source.files, raw) } : source;
}
