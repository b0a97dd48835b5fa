import type { StepResult } from "../verdict/result.ts";
import { escaped } from "./escaped.ts";
import { harmless } from "./harmless.ts";
import { mistakeLabel } from "./mistake-label.ts";

/** The fields of a result that JUnit's XML shows: those of a published document's step are enough. */
export type JunitResult = Pick<
  StepResult,
  "id" | "part" | "number" | "file" | "verdict" | "passed" | "mistake" | "message" | "at" | "milliseconds"
>;

/** One submission. */
export interface JunitSuite {
  readonly name: string;
  /** The folder or file that was graded, as the reader sees it. */
  readonly file: string;
  /** When it was graded or handed in, in ISO 8601; undefined if that is not known. */
  readonly timestamp?: string | undefined;
  readonly results: readonly JunitResult[];
  /** Goes before each class name: of tests with equal names, GitLab counts only the first. Not needed for one suite. */
  readonly prefix?: string | undefined;
  /** Why it could not be graded, if it could not be. */
  readonly problem?: string | undefined;
}

/**
 * JUnit's XML as Jenkins' schema, GitLab and Artemis read it: a suite per submission, a case per step, its class name the
 * part. What GitLab or Artemis would drop or show instead of the body is in the `message`.
 *
 * @param openAre what a step that is not started counts as: Artemis drops what is skipped
 */
export function junitReport(suites: readonly JunitSuite[], openAre: "skipped" | "failure" = "skipped"): string {
  return [...junitPieces(() => suites, openAre)].join("");
}

/**
 * The same in pieces, of as many suites as there are: the totals come first, so the suites are gone through twice, and none is
 * kept.
 *
 * @param suites the same ones each time
 */
export function* junitPieces(
  suites: () => Iterable<JunitSuite>,
  openAre: "skipped" | "failure" = "skipped",
): Generator<string> {
  const total: Counts = { tests: 0, failures: 0, errors: 0, skipped: 0, milliseconds: 0 };
  for (const suite of suites()) {
    const counts = countsOf(suite, openAre);
    for (const what of Object.keys(total) as (keyof Counts)[]) total[what] += counts[what];
  }
  const { tests, failures, errors, milliseconds } = total;
  const head = attributes({ name: "backprop-dojo", tests, failures, errors, time: seconds(milliseconds) });
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${head}>\n`;
  for (const suite of suites()) yield `${suiteLines(suite, openAre).join("\n")}\n`;
  yield "</testsuites>\n";
}

/** What a suite adds to the totals. */
interface Counts {
  tests: number;
  failures: number;
  errors: number;
  skipped: number;
  milliseconds: number;
}

type Outcome = "passed" | "failure" | "error" | "skipped";

function countsOf({ results, problem }: JunitSuite, openAre: "skipped" | "failure"): Counts {
  const outcomes = results.map((result) => outcomeOf(result, openAre));
  const count = (wanted: Outcome): number => outcomes.filter((outcome) => outcome === wanted).length;
  const ungraded = problem === undefined ? 0 : 1;
  return {
    tests: results.length + ungraded,
    failures: count("failure"),
    errors: count("error") + ungraded,
    skipped: count("skipped"),
    milliseconds: results.reduce((total, result) => total + result.milliseconds, 0),
  };
}

function suiteLines(suite: JunitSuite, openAre: "skipped" | "failure"): string[] {
  const { name, file, timestamp, results, problem, prefix = "" } = suite;
  const { milliseconds, ...counts } = countsOf(suite, openAre);
  const head = attributes({
    name,
    ...counts,
    time: seconds(milliseconds),
    // without its zone, which the readers do not expect
    timestamp: timestamp?.replace(/(\.\d+)?Z$/, ""),
    file,
  });
  const cases = results.flatMap((result) => caseLines(result, outcomeOf(result, openAre), prefix));
  if (problem !== undefined) cases.push(...problemLines(problem, prefix));
  return [`<testsuite${head}>`, ...cases, "</testsuite>"];
}

function outcomeOf({ passed, verdict }: JunitResult, openAre: "skipped" | "failure"): Outcome {
  if (passed) return "passed";
  if (verdict === "not-started") return openAre;
  return verdict === "threw" || verdict === "timeout" || verdict === "out-of-memory" ? "error" : "failure";
}

function caseLines(result: JunitResult, outcome: Outcome, prefix: string): string[] {
  const { id, part, number, verdict, mistake, message, file, at, milliseconds } = result;
  const head = attributes({
    classname: `${prefix}part ${part}`,
    name: `${part}.${number} ${id}`,
    time: seconds(milliseconds),
  });
  if (outcome === "passed") return [`<testcase${head}/>`];
  if (outcome === "skipped") return [`<testcase${head}><skipped${attributes({ message: "not started" })}/></testcase>`];
  const said = verdict === "not-started" ? "not started" : `${verdict}: ${message ?? ""}`;
  const seen = mistake && `${mistakeLabel(mistake)}: ${mistake.sentence}`;
  const place = `${file}${at ? `:${at.line}:${at.column}` : ""}`;
  const body = [said, ...(seen ? [seen] : []), place].map((line) => xmlText(harmless(line))).join("\n");
  const about = attributes({ type: verdict, message: harmless(seen ?? said) });
  return [`<testcase${head}><${outcome}${about}>${body}</${outcome}></testcase>`];
}

/** What could not be graded is one case of its own, in error. */
function problemLines(problem: string, prefix: string): string[] {
  const text = harmless(problem);
  const head = attributes({ classname: `${prefix}submission`, name: "can be graded", time: seconds(0) });
  return [
    `<testcase${head}><error${attributes({ type: "not graded", message: text })}>${xmlText(text)}</error></testcase>`,
  ];
}

/** At most three decimals: Jenkins' schema allows no more. */
function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${xmlText(String(value))}"`)
    .join("");
}

/** Text for XML: escaped, and without the characters that no XML 1.0 document may have. */
function xmlText(text: string): string {
  return escaped(text.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ""));
}
