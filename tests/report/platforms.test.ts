import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { validateXML } from "xmllint-wasm";
import { pointsPerStep } from "../../grader/class/points.ts";
import { submissionOf } from "../../grader/commands/grade/reporter.ts";
import { dojo, steps as allSteps } from "../../grader/course/steps.ts";
import { junitPieces, junitReport } from "../../grader/report/junit.ts";
import {
  classroom50Failure,
  classroom50Report,
  classroom50Run,
  errorOutputs,
  type Classroom50Run,
} from "../../grader/report/platforms/classroom50.ts";
import { exercismFailure, exercismReport } from "../../grader/report/platforms/exercism.ts";
import { annotations, LARGEST_SUMMARY, limitedSummary, withoutCommands } from "../../grader/report/platforms/github.ts";
import { gradescopeFailure, gradescopeReport } from "../../grader/report/platforms/gradescope.ts";
import { LARGEST_RESULT, prairielearnFailure, prairielearnReport } from "../../grader/report/platforms/prairielearn.ts";
import type { GradedSubmission } from "../../grader/report/platforms/submission.ts";
import { failureMarkdown, markdownText, summaryMarkdown } from "../../grader/report/platforms/summary.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { exercise, gradeFiles, stepOf } from "../trees.ts";

/** What a hostile learner throws and prints: markup, commands of CI systems, and characters that no XML has. */
const HOSTILE =
  String.raw`</pre><script>alert(1)</script> ]]> & "::error::x" ::set-output name=a::b | [x](javascript:y) <img src=x> ` +
  "`";
const UNPRINTABLE = String.raw`\u0000\u001b[31m\u202e\uffff\ud800`;

const names = { path: "data/names.txt", sha256: "0".repeat(64) };

function submissionWith(results: Readonly<Record<string, StepResult>>, ids = Object.keys(results)): GradedSubmission {
  const steps = allSteps.filter(({ id }) => ids.includes(id));
  return submissionOf(
    steps,
    steps.map(({ id }) => results[id]!),
    pointsPerStep(dojo, steps),
    names,
  );
}

/** A submission of its results with other fields. */
function changed(submission: GradedSubmission, how: Partial<StepResult>): GradedSubmission {
  return { ...submission, steps: submission.steps.map((one) => ({ ...one, result: { ...one.result, ...how } })) };
}

let mixed: GradedSubmission;
let broken: GradedSubmission;

beforeAll(async () => {
  const results = await gradeFiles(
    {
      dlogprobs: exercise("dlogprobs", 'throw todo("dlogprobs");'),
      dprobs: exercise("dprobs", "return given.probs.mul(given.dlogprobs);"),
      dcounts: exercise(
        "dcounts",
        `console.log(${JSON.stringify(HOSTILE)}, "${UNPRINTABLE}"); throw new Error(${JSON.stringify(HOSTILE)} + "${UNPRINTABLE}");`,
      ),
      db: exercise("db", "return given.dc.neg();"),
      spacing: "export function spacing(",
    },
    ["db", "dlogprobs", "dprobs", "dcounts", "spacing"],
  );
  mixed = submissionWith(results, ["db", "dlogprobs", "dprobs", "dcounts"]);
  broken = submissionWith(results);
}, 60_000);

/** A test of any platform's result. */
interface Test {
  name: string;
  number?: string;
  status?: string;
  score?: number;
  max_score?: number;
  points?: number;
  max_points?: number;
  "test-name"?: string;
  "max-score"?: number;
  passed?: boolean;
  message?: string | null;
  output?: string | null;
  images?: { label: string; url: string }[];
}

/** Any platform's result. */
interface Told {
  tests: Test[];
  score?: number;
  status?: string;
  output?: string;
  message?: string | null;
  output_format?: string;
  test_output_format?: string;
  test_name_format?: string;
  gradable?: boolean;
  format_errors?: string[];
}

const json = (text: string): Told => JSON.parse(text) as Told;

/** No text for a learner or an instructor can control a terminal, or hold a lone surrogate. */
function expectHarmless(text: string): void {
  expect(text).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e]/u);
  expect(text).not.toMatch(/\p{Cs}/u);
}

describe("Gradescope's result", () => {
  it("has the fields, formats and numbers of its specification", () => {
    const result = json(gradescopeReport(mixed));
    const known =
      "score execution_time output output_format test_output_format test_name_format visibility stdout_visibility extra_data tests leaderboard";
    const ofTests = "score max_score status name name_format number output output_format tags visibility extra_data";
    expect(known.split(" ")).toEqual(expect.arrayContaining(Object.keys(result)));
    for (const test of result.tests) {
      expect(ofTests.split(" ")).toEqual(expect.arrayContaining(Object.keys(test)));
      expect(test.status).toMatch(/^(passed|failed)$/);
      expect(test.score).toBeLessThanOrEqual(test.max_score!);
      expect(typeof test.number).toBe("string");
    }
    // a text that learner code wrote is neither HTML nor Markdown
    expect([result.output_format, result.test_output_format, result.test_name_format]).toEqual([
      "text",
      "text",
      "text",
    ]);
    expect(result.score).toBe(1);
    expect(result.tests.map(({ status, score }) => `${status} ${score}`)).toEqual([
      "passed 1",
      "failed 0",
      "failed 0",
      "failed 0",
    ]);
    expect(result.output).toBe("1 of 4 points: 1 passed, 2 wrong, 1 not started");
    expect(result.tests[2]!.output).toMatch(
      /^wrong: shape [^]*\nlooks like: the upstream gradient is multiplied by probs[^]*\nlesson: /,
    );
    expect(result.tests[3]!.output).toContain("printed | ");
  });

  it("says why there is none", () => {
    expect(json(gradescopeFailure("no file is a step"))).toMatchObject({
      score: 0,
      output: "no file is a step",
      tests: [],
    });
  });
});

describe("PrairieLearn's result", () => {
  const picture = { id: "dprobs", label: "yours", svg: '<svg xmlns="http://www.w3.org/2000/svg">\u2026</svg>' };

  it("has a score from 0 to 1, points for every test, and the picture at its step", () => {
    const result = json(prairielearnReport(mixed, picture));
    expect(result).toMatchObject({ gradable: true, score: 0.25 });
    for (const test of result.tests) {
      expect([typeof test.points, typeof test.max_points]).toEqual(["number", "number"]);
    }
    const [image] = result.tests.flatMap(({ name, images = [] }) => images.map((one) => ({ name, ...one })));
    expect(image).toMatchObject({ name: "1.2 dprobs", label: "yours" });
    const [, base64] = /^data:image\/svg\+xml;base64,(.+)$/.exec(image!.url)!;
    expect(Buffer.from(base64!, "base64").toString("utf8")).toBe(picture.svg);
  });

  it("grades what compiles, and says first what does not", () => {
    const result = json(prairielearnReport(broken, picture));
    expect(result).toMatchObject({ gradable: true, score: 0.25 });
    expect(result.message).toMatch(
      /^1 of 4 points: .*\n5\.5 spacing \(5-trap-lab\/05-spacing\.ts:1:\d+\): threw: does not/,
    );
  });

  it("is not gradable, and costs no attempt, if nothing that was handed in compiles", () => {
    const open = new Set(["not-started", "missing"]);
    const steps = broken.steps.filter(({ step, result }) => step.id === "spacing" || open.has(result.verdict));
    expect(steps.length).toBeGreaterThan(1);
    const result = json(prairielearnReport({ ...broken, steps }, picture));
    expect(result.gradable).toBe(false);
    expect(result.format_errors).toEqual([
      expect.stringMatching(/^5\.5 spacing \(5-trap-lab\/05-spacing\.ts:1:\d+\): threw: does not compile: /),
    ]);
    expect(json(prairielearnFailure("why"))).toEqual({ gradable: false, score: 0, format_errors: ["why"] });
  });

  it("stays below 1 MiB: the picture goes first, then what was printed", () => {
    const large = { ...picture, svg: "x".repeat(LARGEST_RESULT) };
    expect(json(prairielearnReport(mixed, large)).tests.flatMap(({ images = [] }) => images)).toEqual([]);
    // as much as results can hold: three bytes a character, for every step
    const result = changed(mixed, {
      verdict: "threw",
      passed: false,
      message: "\u2026".repeat(1000),
      printed: `${"\u2026".repeat(90)}\n`.repeat(3000),
    });
    const many = { ...result, steps: allSteps.map((_, i) => result.steps[i % result.steps.length]!) };
    const text = prairielearnReport(many, picture);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LARGEST_RESULT);
    expect(json(text).tests).toHaveLength(allSteps.length);
  });
});

describe("Classroom 50's result", () => {
  const environment = {
    CLASSROOM: "cs",
    ASSIGNMENT: "dojo",
    OWNER: "ada",
    SUBMISSION_TAG: "submit/2026-11-21T12-00-00Z-a1b2c3d",
    COMMIT_URL: "https://example.org/commit",
    RELEASE_URL: "https://example.org/release",
  };
  const run = classroom50Run(environment, Date.UTC(2026, 10, 21, 12, 1, 0, 250)) as Classroom50Run;

  it("has the fields of its schema and no others, in integers", () => {
    const result = json(classroom50Report(mixed, run));
    const { tests, ...rest } = result;
    expect(rest).toEqual({
      schema: "classroom50/result/v1",
      classroom: "cs",
      assignment: "dojo",
      assignment_type: "individual",
      owner: "ada",
      submission: environment.SUBMISSION_TAG,
      commit: environment.COMMIT_URL,
      release: environment.RELEASE_URL,
      review: environment.COMMIT_URL,
      datetime: "2026-11-21T12:01:00Z",
      graded_at: "2026-11-21T12:01:00Z",
      score: 1,
      "max-score": 4,
    });
    for (const test of tests) {
      expect([typeof test["test-name"], typeof test.passed]).toEqual(["string", "boolean"]);
      for (const score of [test.score!, test["max-score"]!]) expect(Number.isInteger(score) && score >= 0).toBe(true);
      expect(test.score).toBeLessThanOrEqual(test["max-score"]!);
    }
  });

  it("is an empty one with an error if grading fails, and none where the environment says nothing", () => {
    expect(json(classroom50Failure(run))).toMatchObject({ score: 0, "max-score": 0, tests: [], owner: "ada" });
    expect(errorOutputs("two\nlines")).toBe("status=error\nsummary=two lines\n");
    expect(classroom50Run({ ...environment, OWNER: "", RELEASE_URL: undefined }, 0)).toEqual(["OWNER", "RELEASE_URL"]);
  });
});

describe("Exercism's result", () => {
  it("has a test per step in the course's order, with limited output", () => {
    const result = json(exercismReport(mixed));
    expect(result).toMatchObject({ version: 3, status: "fail", message: null });
    expect(result.tests.map(({ name, status }) => `${name} ${status}`)).toEqual([
      "0.2 db pass",
      "1.1 dlogprobs fail",
      "1.2 dprobs fail",
      "1.5 dcounts error",
    ]);
    for (const { status, message } of result.tests) expect(message === null).toBe(status === "pass");
    const loud = json(exercismReport(changed(mixed, { printed: "loud ".repeat(400) })));
    for (const { output } of loud.tests) {
      expect(output).toHaveLength(500);
      expect(output).toMatch(/\nOutput was truncated\. Please limit to 500 chars$/);
    }
  });

  it("passes if all steps do, and is an error only if nothing ran", () => {
    const right = { ...mixed, steps: mixed.steps.slice(0, 1) };
    expect(json(exercismReport(right))).toMatchObject({ status: "pass", message: null });
    const wrong = { ...broken, steps: broken.steps.filter(({ step }) => step.id === "spacing") };
    expect(json(exercismReport(wrong))).toMatchObject({ status: "error", tests: [] });
    expect(json(exercismReport(broken)).status).toBe("fail");
    expect(json(exercismFailure("x".repeat(70_000))).message).toHaveLength(65_535);
  });
});

describe("JUnit's XML", () => {
  const results = (): StepResult[] => broken.steps.map(({ result }) => result);
  const schema = readFileSync(path.join(import.meta.dirname, "junit-10.xsd"), "utf8");
  const suite = { name: HOSTILE, file: "exercises", timestamp: "2026-11-21T12:00:00.250Z" };

  it.each(["skipped", "failure"] as const)("is valid by Jenkins' schema, open steps being %s", async (openAre) => {
    const xml = junitReport(
      [
        { ...suite, results: results() },
        { ...suite, results: [], problem: HOSTILE },
      ],
      openAre,
    );
    const { valid, errors } = await validateXML({
      xml: [{ fileName: "junit.xml", contents: xml }],
      schema: [schema],
    });
    expect({ valid, errors }).toEqual({ valid: true, errors: [] });
    expect(xml).toContain(
      `<testsuites name="backprop-dojo" tests="6" failures="${openAre === "failure" ? 2 : 1}" errors="3"`,
    );
    expect(xml).toContain('timestamp="2026-11-21T12:00:00"');
    expect(xml).toMatch(
      /<testcase classname="part 1" name="1\.2 dprobs" time="[\d.]+"><failure type="wrong" message="looks like: the upstream/,
    );
    expect(xml).toMatch(/<error type="threw" message="threw: [^"]*&lt;script&gt;/);
  });

  it("of a large class is made one submission at a time", () => {
    let read = 0;
    const suites = function* () {
      for (let i = 0; i < 3; i++) {
        read += 1;
        yield { ...suite, name: `s${i}`, results: results() };
      }
    };
    const seen: number[] = [];
    for (const piece of junitPieces(suites)) {
      expect(piece.split("<testsuite ").length - 1).toBeLessThanOrEqual(1);
      seen.push(read);
    }
    // the totals take a first round; each piece then reads one suite
    expect(seen).toEqual([3, 4, 5, 6, 6]);
  });
});

describe("GitHub's annotations", () => {
  const lines = (submission: GradedSubmission): string[] =>
    annotations(submission, ({ result }) => ({ file: `a,b:c%/${result.file}`, line: 5, column: 3 }));

  it("are commands at the line, with every text escaped", () => {
    const all = lines(mixed);
    expect(all.map((line) => line.split(" ", 1)[0])).toEqual(["::error", "::error", "::notice"]);
    expect(all[0]).toMatch(
      /^::error file=a%2Cb%3Ac%25\/1-step-by-step\/02-dprobs\.ts,line=5,col=3,title=1\.2 dprobs%3A wrong::looks like: the upstream/,
    );
    for (const line of all) {
      expectHarmless(line);
      // one command a line: what follows the second :: is text
      expect(line).toMatch(/^::(error|warning|notice) (?:[a-z]+=[^,:\n]*,?)+::[^\n]*$/);
      expect(line.slice(2).split("::")).toHaveLength(2);
    }
    expect(all.at(-1)).toContain("::1 of 4 points: 1 passed, 2 wrong, 1 not started");
  });

  it("are ten of a kind at most, and the notice counts the rest", () => {
    const note = { line: 1, column: 2, text: "is not used" };
    const [, , wrong] = changed(mixed, { notes: [note] }).steps;
    const many = { ...mixed, steps: Array.from({ length: 14 }, () => wrong!) };
    const kinds = lines(many).map((line) => line.split(" ", 1)[0]);
    expect(kinds.filter((kind) => kind === "::error")).toHaveLength(10);
    expect(kinds.filter((kind) => kind === "::warning")).toHaveLength(10);
    expect(lines(many).at(-1)).toMatch(/; 4 more steps that fail are in the job's summary$/);
  });

  it("stop the commands in a learner's text", () => {
    expect(withoutCommands("a-token")).toEqual({ begin: "::stop-commands::a-token\n", end: "::a-token::\n" });
  });
});

describe("a summary in Markdown", () => {
  it("shows a learner's text as it is, whatever it contains", () => {
    const summary = summaryMarkdown(mixed);
    expectHarmless(summary);
    expect(summary).toContain("### Backprop Dojo: 1 of 4 points: 1 passed, 2 wrong, 1 not started\n");
    expect(summary).toContain("| 1.2 dprobs | wrong | 0 of 1 | looks like&#58; the upstream");
    // what is left of markup is ours
    expect(summary.match(/<[^>]*>/g)!.every((tag) => /^<(?:br|\/?details|\/?summary)>$/.test(tag))).toBe(true);
    expect(
      summary
        .split("\n")
        .filter((line) => line.startsWith("|"))
        .every((line) => line.split("|").length === 6),
    ).toBe(true);
    expect(markdownText("a|b`c <i>\u{1f600}")).toBe("a&#124;b&#96;c &#60;i&#62;&#128512;");
    expect(failureMarkdown("no *step*")).toBe("### Backprop Dojo: not graded\n\nno &#42;step&#42;\n");
  });

  it("is cut after a line where GitHub would refuse it", () => {
    const line = `${"x".repeat(99)}\n`;
    const whole = line.repeat(LARGEST_SUMMARY / 100 - 1);
    expect(limitedSummary(whole)).toBe(whole);
    for (const used of [0, 100, LARGEST_SUMMARY - 1000, LARGEST_SUMMARY - 10, LARGEST_SUMMARY]) {
      const cut = limitedSummary(line.repeat(20_000), used);
      expect(used + Buffer.byteLength(cut)).toBeLessThanOrEqual(LARGEST_SUMMARY);
      if (cut !== "") expect(cut).toMatch(/x\n\nThe rest is left out[^\n]*\n$|^\n\nThe rest/);
    }
  });
});

it("no result of a platform can control a terminal", () => {
  for (const report of [gradescopeReport, exercismReport, prairielearnReport]) {
    const strings: string[] = [];
    JSON.parse(report(mixed), (_, value: unknown) => {
      if (typeof value === "string") strings.push(value);
      return value;
    });
    expect(strings.length).toBeGreaterThan(5);
    strings.forEach(expectHarmless);
  }
  expect(stepOf("dcounts").kind).toBe("function");
});
