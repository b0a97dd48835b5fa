import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { validateXML } from "xmllint-wasm";
import { keptCode } from "../../grader/class/code.ts";
import { keepExamples } from "../../grader/class/merge/examples.ts";
import { rowMaker, viewOf, worthlessSteps } from "../../grader/class/merge/view.ts";
import type { SubmissionRecord } from "../../grader/class/record.ts";
import { version } from "../../grader/commands/version.ts";
import { steps } from "../../grader/course/steps.ts";
import { classLines } from "../../grader/report/class/table.ts";
import type { ClassView } from "../../grader/report/class/view.ts";
import { jsonText } from "../../grader/report/json.ts";
import { widthOf } from "../../grader/report/text.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { filesBelow } from "../../grader/runner/workspace/stubs.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { madeClass, type MadeClass } from "./made-records.ts";
import { merged, withClasses } from "./merged.ts";

const made = madeClass(12, { grader: version() });
const [ada] = made.records as [SubmissionRecord];

/** Lets a class be merged in a folder that holds it as `results`. */
const inFolder = <R>(
  use: (folder: string) => R | Promise<R>,
  more: Readonly<Record<string, MadeClass>> = {},
): Promise<R> => withClasses({ results: made, ...more }, use);

function viewOfRecords(records: readonly SubmissionRecord[], isAnonymous = false): ClassView {
  const rows = records.map(rowMaker(steps));
  return viewOf(steps, { rows, classes: [], problems: [] }, { isAnonymous, version: version() });
}

/** A record in which one step has another result. */
function withStep(
  record: SubmissionRecord,
  id: string,
  change: Partial<SubmissionRecord["steps"][number]>,
): SubmissionRecord {
  const all = record.steps.map((step) => (step.id === id ? { ...step, ...change } : step));
  const earned = all.filter(({ passed }) => passed).length;
  return { ...record, steps: all, points: { ...record.points, earned } };
}

const passing = { verdict: "exact", passed: true, mistake: null, message: null } as const;
const mistaken = (id: string, sentence = "x"): object => ({
  verdict: "wrong",
  passed: false,
  mistake: { id, sentence },
});

describe("the table", () => {
  it("has a line for each submission, with parts, points and where it stalls", async () => {
    const { status, stdout, stderr } = await inFolder((folder) => merged(["results"], folder));
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const [head, ...lines] = stdout.split("\n");
    expect(head).toMatch(/^student +part 0 +part 1 +part 2 +part 3 +part 4 +points +stalls at$/);
    const line = lines.find((one) => one.startsWith("Ada Lovelace"))!;
    expect(line).toContain(` ${ada.points.earned}/45 `);
    expect(lines.filter((one) => /\d\/45\b/.test(one))).toHaveLength(11);
    expect(stdout).toMatch(/\.zip is damaged after 1,024 bytes/);
    expect(stdout).toContain("1 submission has no result yet: late_shard_99");
    expect(stdout).toContain("1 person on the roster handed nothing in: Kurt Gödel");
  });

  it.each([
    [100, "part 0"],
    [72, "p0"],
    [48, "points"],
  ])("shows all points in %i columns, and cuts no number", (columns, first) => {
    const view = viewOfRecords(made.records);
    const [head = "", ...lines] = classLines(view, columns);
    expect(head).toMatch(new RegExp(`^student +${first}`));
    expect(head).toMatch(/ points( |$)/);
    for (const { points } of view.rows.filter(({ problem }) => problem === null)) {
      expect(lines.some((line) => line.includes(` ${points.earned}/${points.possible}`))).toBe(true);
    }
    for (const line of [head, ...lines.slice(0, view.rows.length)]) expect(widthOf(line)).toBeLessThanOrEqual(columns);
  });

  it("lets no name steer the terminal", async () => {
    const { stdout } = await inFolder((folder) => merged(["results"], folder));
    // eslint-disable-next-line no-control-regex
    expect(stdout.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe("what the class misunderstood", () => {
  const base = made.records.slice(0, 4).map((record) => withStep(record, "dcounts", passing));

  it("counts each mistake among those who started the step", () => {
    const [first, second, third, fourth] = base as [
      SubmissionRecord,
      SubmissionRecord,
      SubmissionRecord,
      SubmissionRecord,
    ];
    const records = [
      withStep(first, "dcounts", mistaken("difference")),
      withStep(second, "dcounts", mistaken("difference")),
      third,
      withStep(fourth, "dcounts", { verdict: "not-started", passed: false }),
    ];
    const count = viewOfRecords(records).counts.find(({ step }) => step.id === "dcounts")!;
    expect(count).toMatchObject({ graded: 4, started: 3, passed: 1 });
    expect(count.mistakes.map(({ id, rows }) => [id, rows.length])).toEqual([["difference", 2]]);
    const known = steps.find(({ id }) => id === "dcounts")!.mistakes.find(({ id }) => id === "difference")!;
    expect(count.mistakes[0]!.sentence).toBe(known.sentence);
  });

  it("counts two known mistakes at once for each, and what was only seen by itself", () => {
    const records = [
      withStep(base[0]!, "dcounts", mistaken("difference+sum-scaled")),
      withStep(base[1]!, "dcounts", mistaken("seen-a+b", "both are odd")),
    ];
    const { mistakes } = viewOfRecords(records).counts.find(({ step }) => step.id === "dcounts")!;
    expect(mistakes.map(({ id, isSeen }) => [id, isSeen])).toEqual([
      ["difference", false],
      ["sum-scaled", false],
      ["seen-a+b", true],
    ]);
  });

  it("makes one question of a misunderstanding that shows at several steps, and counts each student once", () => {
    const [, db2, dbnbias] = ["dcounts", "db2", "dbnbias"];
    const mean = "mean";
    const records = base.map((record, i) =>
      [db2!, dbnbias!].reduce((now, id) => (i < 3 ? withStep(now, id, mistaken(mean)) : now), record),
    );
    const topic = viewOfRecords(records).topics.find(({ at }) => at.some(({ count }) => count.step.id === "db2"))!;
    expect(topic.at.map(({ count }) => count.step.id)).toEqual(expect.arrayContaining(["db2", "dbnbias"]));
    expect(topic.count).toBe(new Set(topic.at.flatMap(({ rows }) => rows)).size);
    expect(topic.count).toBeLessThan(topic.at.reduce((sum, { rows }) => sum + rows.length, 0));
    expect(topic.ask).toMatch(/\?/);
  });

  /** A class of one size in which everybody passes everything. */
  const perfect = (size: number): SubmissionRecord[] =>
    madeClass(size).records.flatMap((record) =>
      record.problem ? [] : [steps.reduce((now, { id }) => withStep(now, id, passing), record)],
    );

  const db2 = steps.find(({ id }) => id === "db2")!;
  const known = db2.mistakes.find(({ id }) => id === "mean")!;

  it("always has questions for the next lecture if two share a mistake, however large the class", () => {
    const all = perfect(60);
    const two = all.map((record, i) => (i < 2 ? withStep(record, "db2", mistaken("mean")) : record));
    const [topic, ...others] = viewOfRecords(two).topics;
    expect(others).toEqual([]);
    expect(topic!.at.map(({ count }) => count.step.id)).toEqual(["db2"]);
    expect(topic).toMatchObject({ count: 2, idea: known.idea });
    // the mistake's own question comes first, the step's after it
    expect(known.look).toContain("?");
    expect([topic!.ask, topic!.atStep]).toEqual([known.look, db2.hints.ask]);
    const one = all.map((record, i) => (i === 0 ? withStep(record, "db2", mistaken("mean")) : record));
    expect(viewOfRecords(one).topics).toEqual([]);
  });

  it("ends in the terminal with the questions, and passes over what one student of many did", async () => {
    const records = perfect(60).map((record, i) =>
      i < 2 ? withStep(record, "db2", mistaken("mean")) : i === 2 ? withStep(record, "dC", mistaken("sign")) : record,
    );
    const settings = { ...made.settings, submissions: [], missing: [] };
    const { stdout } = await withClasses({ results: { records, settings } }, (folder) => merged(["results"], folder));
    expect(stdout).toMatch(/\n11 db2 {3}57 of 59 pass/);
    expect(stdout).not.toMatch(/\n26 dC {3}/);
    expect(stdout).toContain("1 less common mistake: --format mistakes lists all");
    const [, end] = stdout.split("\nTen minutes of the next lecture");
    expect(end!.replaceAll(/\s+/g, " ")).toContain(` 2 ${known.idea}: at 11 db2 ask: ${known.look}`);
  });

  it("tells people with one name apart", () => {
    const [first, second, third] = made.records as [SubmissionRecord, SubmissionRecord, SubmissionRecord];
    const named = (record: SubmissionRecord, change: object): SubmissionRecord => {
      const people = [{ ...record.submission.people[0]!, ...change }];
      return { ...record, submission: { ...record.submission, people } };
    };
    const records = [
      named(first, { name: "Ada Hopper", login: "ada7" }),
      named(second, { name: "Ada HOPPER", login: null, email: "ada@example.edu" }),
      named(third, { name: "Alan Turing" }),
    ];
    expect(viewOfRecords(records).rows.map(({ name }) => name)).toEqual([
      "Ada Hopper (ada7)",
      "Ada HOPPER (ada@example.edu)",
      "Alan Turing",
    ]);
  });

  it("says where somebody stopped: behind the last step that passes", () => {
    const open = { verdict: "not-started", passed: false, mistake: null } as const;
    const none = steps.reduce((record, { id }) => withStep(record, id, open), base[0]!);
    const some = withStep(withStep(withStep(none, "da", passing), "dy", passing), "db", mistaken("sign"));
    expect(viewOfRecords([none]).rows[0]!.stallsAt).toBeNull();
    expect(viewOfRecords([some]).rows[0]!.stallsAt).toBe("dx");
    expect(viewOfRecords([withStep(none, "db", mistaken("sign"))]).rows[0]!.stallsAt).toBe("db");
    const last = some.steps.at(-1)!;
    expect(viewOfRecords([withStep(some, last.id, passing)]).rows[0]!.stallsAt).toBeNull();
  });

  it("lets nobody stall in an optional part before it is begun", () => {
    const open = { ...base[0]!.steps[0]!, verdict: "not-started", passed: false, mistake: null } as const;
    const optional = steps.filter(({ isOptional }) => isOptional);
    const { steps: required } = perfect(1)[0]!;
    const record = { ...base[0]!, steps: [...required, ...optional.map(({ id }) => ({ ...open, id }))] };
    const stallAfter = (...done: typeof steps): string | null => {
      const now = done.reduce((before, { id }) => withStep(before, id, passing), record);
      return viewOfRecords([now]).rows[0]!.stallsAt;
    };
    const [first, second] = optional;
    expect(stallAfter()).toBeNull();
    expect(stallAfter(first!)).toBe(second!.id);
    expect(stallAfter(...optional.filter(({ part }) => part === first!.part))).toBeNull();
  });

  it("lets nobody stall at a step that earns nothing", () => {
    const open = { verdict: "not-started", passed: false, mistake: null } as const;
    const none = steps.reduce((record, { id }) => withStep(record, id, open), base[0]!);
    const settings = {
      ...made.settings,
      steps: made.settings.steps.map((one) => ({ ...one, points: one.id === "db" ? 0 : 1 })),
    };
    const worthless = worthlessSteps([settings]);
    expect([...worthless]).toEqual(["db"]);
    expect(rowMaker(steps, worthless)(withStep(none, "da", passing), 0).stallsAt).toBe("dy");
  });

  it("is the same in whatever order the results are read", () => {
    const [there, back] = [made.records, made.records.toReversed()].map((records) => {
      const examples = keepExamples(steps);
      for (const record of records) examples.add(record);
      const { counts, topics, rows } = viewOfRecords(records);
      return {
        names: rows.map(({ name }) => name),
        counts: counts.map(({ step, mistakes }) => [step.id, mistakes.map(({ id, rows: own }) => [id, own.length])]),
        topics: topics.map(({ idea, count }) => [idea, count]),
        examples: counts.map(({ step, mistakes }) => mistakes.map(({ id }) => examples.of(step.id, id))),
      };
    });
    expect(back).toEqual(there);
  });
});

describe("an example", () => {
  const example = (code: string, record = ada): string | undefined => {
    const examples = keepExamples(steps);
    examples.add({ ...withStep(record, "dcounts", mistaken("difference")), code: { dcounts: code } });
    return examples.of("dcounts", "difference");
  };

  it("is the code without imports, types, comments and texts", () => {
    const code =
      'import { x } from "#course";\n/** by Ada */\nexport function dcounts(given: Given<"dcounts">): Tensor {\n' +
      '  const who = "Ada"; // Ada\n\n  return given.x; /* Ada */\n}\n';
    expect(example(code)).toBe('export function dcounts(given) {\n  const who = "…";\n  return given.x;\n}');
  });

  it("is not shown if its author's name is in the code, or if it is long", () => {
    expect(example("export function dcounts(lovelace) {\n  return lovelace;\n}")).toBeUndefined();
    expect(example(`export function dcounts(a) {\n${"  a.neg();\n".repeat(60)}}`)).toBeUndefined();
    expect(example("export function dcounts(a) {\n  return a;\n}")).toBeDefined();
  });
});

it("a result keeps the code of answers that do not pass, and of those that similarity tools compare", () => {
  const verdicts = {
    da: "exact",
    db: "wrong",
    dy: "not-started",
    "fused-dlogits": "exact",
    train: "missing",
    dx: "threw",
  } as const;
  const results = Object.entries(verdicts).map(([id, verdict]) => {
    const step = steps.find((one) => one.id === id)!;
    return { id, part: step.part, file: step.file, verdict, passed: verdict === "exact" } as StepResult;
  });
  const texts = new Map<string, string | { problem: string }>(results.map(({ file, id }) => [file, `// ${id}`]));
  expect(keptCode(results, texts)).toEqual({ db: "// db", "fused-dlogits": "// fused-dlogits", dx: "// dx" });
  texts.set(results[1]!.file, "x".repeat(20_001));
  texts.set(results[5]!.file, { problem: "it is no text" });
  expect(Object.keys(keptCode(results, texts))).toEqual(["fused-dlogits"]);
});

describe("names are left out", () => {
  /** Everything that would say who somebody is: ids, addresses, and the longer words of names. */
  const people = made.records.flatMap(({ submission }) => submission.people);
  const telling = [
    ...made.records.map(({ submission }) => submission.id),
    ...people.flatMap(({ email, login }) => [email!, login!]),
    ...people.flatMap(({ name }) => name!.split(/[^\p{L}\p{M}]+/u).filter(({ length }) => length > 4)),
  ];

  it.each(["table", "html", "csv", "mistakes", "jsonl", "junit"])("of %s", async (format) => {
    const { status, stdout, stderr } = await inFolder((folder) =>
      merged(["results", "--format", format, "--anonymous"], folder),
    );
    expect(status).toBe(0);
    // a word of ours may be in a name
    const ours = ["example"];
    const found = telling.filter((text) => stdout.includes(text) || stderr.includes(text));
    expect(found.filter((text) => !ours.includes(text))).toEqual([]);
    expect(stdout.length).toBeGreaterThan(1000);
  });

  it("of the answers for similarity tools, with their comments", async () => {
    await inFolder(async (folder) => {
      const { status } = await merged(["results", "--format", "dolos", "--anonymous", "--output", "similar"], folder);
      expect(status).toBe(0);
      const root = path.join(folder, "similar");
      const texts = filesBelow(root).map((file) => `${file} ${readFileSync(path.join(root, file), "utf8")}`);
      expect(texts.length).toBeGreaterThan(4);
      expect(telling.filter((text) => texts.some((one) => one.includes(text)))).toEqual([]);
    });
  });
});

describe("csv", () => {
  it("is read back with every name as it was, and no cell is a formula", async () => {
    const { stdout } = await inFolder((folder) => merged(["results", "--format", "csv"], folder));
    const lines = parse(stdout, { columns: true }) as Record<string, string>[];
    expect(lines).toHaveLength(12);
    const names = made.records.map(({ submission }) => submission.people[0]!.name!);
    expect(lines.map(({ name }) => name!.replace(/^'(?==)/, "")).sort()).toEqual(names.sort());
    expect(lines.flatMap((line) => Object.values(line)).filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    const line = lines.find(({ name }) => name === "Ada Lovelace")!;
    expect(line).toMatchObject({
      id: "1000",
      email: "s1@example.org",
      points: String(ada.points.earned),
      possible: "45",
    });
    expect(line["dprobs"]).toBe(ada.steps.find(({ id }) => id === "dprobs")!.verdict);
  });

  it("has a line for each person of a group", async () => {
    const [first, second] = ["Ada", "Alan"].map((name) => ({ id: name, name, email: null, login: null }));
    const group = { ...ada, submission: { ...ada.submission, people: [first!, second!] } };
    const { stdout } = await withClasses({ results: { ...made, records: [group] } }, (folder) =>
      merged(["results", "--format", "csv"], folder),
    );
    expect((parse(stdout, { columns: true }) as Record<string, string>[]).map(({ name }) => name)).toEqual([
      "Ada",
      "Alan",
    ]);
  });

  it("lists every mistake with its count", async () => {
    const { stdout } = await inFolder((folder) => merged(["results", "--format", "mistakes"], folder));
    const lines = parse(stdout, { columns: true }) as Record<string, string>[];
    const { counts } = viewOfRecords(made.records);
    const all = counts.flatMap(({ mistakes, unexplained }) => [...mistakes, ...unexplained]);
    expect(lines).toHaveLength(all.length);
    expect(lines.every(({ count, started }) => Number(count) >= 1 && Number(count) <= Number(started))).toBe(true);
  });
});

it("jsonl has the records as they are, one on each line", async () => {
  const { stdout } = await inFolder((folder) => merged(["results", "--format", "jsonl"], folder));
  const records = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as SubmissionRecord);
  const byId = (all: readonly SubmissionRecord[]): SubmissionRecord[] =>
    all.toSorted((a, b) => (a.submission.id < b.submission.id ? -1 : 1));
  expect(byId(records)).toEqual(byId(made.records));
});

it("junit is valid by Jenkins' schema, and no two tests have one name", async () => {
  const { stdout } = await inFolder((folder) => merged(["results", "--format", "junit"], folder));
  const schema = readFileSync(path.join(projectRoot, "tests/report/junit-10.xsd"), "utf8");
  const { valid, errors } = await validateXML({ xml: [{ fileName: "junit.xml", contents: stdout }], schema: [schema] });
  expect(errors).toEqual([]);
  expect(valid).toBe(true);
  const names = [...stdout.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"/g)].map(
    ([, suite, name]) => `${suite} ${name}`,
  );
  expect(names).toHaveLength(11 * 45 + 1);
  expect(new Set(names).size).toBe(names.length);
  expect(stdout).not.toContain("looks like: every value of row 0");
});

describe("the folder for similarity tools", () => {
  it("has the long steps alone, with the stub to ignore and the published solution", async () => {
    await inFolder(async (folder) => {
      const { status, stderr } = await merged(["results", "--format", "dolos", "--output", "similar"], folder);
      expect(status).toBe(0);
      expect(stderr).toContain("read its README.txt first");
      const files = filesBelow(path.join(folder, "similar"));
      const parts = new Set(files.filter((file) => file.includes("/")).map((file) => file.split("/")[0]));
      expect([...parts].sort()).toEqual(["fused-dhprebn", "fused-dlogits", "train"]);
      const info = readFileSync(path.join(folder, "similar/train/info.csv"), "utf8");
      const lines = parse(info, { columns: true }) as Record<string, string>[];
      expect(lines.filter(({ ignored }) => ignored === "true").map(({ filename }) => filename)).toEqual([
        "template.ts",
      ]);
      expect(lines.filter(({ label }) => label === "published")).toHaveLength(1);
      for (const { filename } of lines) expect(files).toContain(`train/${filename}`);
      expect(files.filter((file) => file.endsWith(".ts"))).toHaveLength(
        [...parts].reduce((sum, part) => sum + files.filter((file) => file.startsWith(`${part}/`)).length - 1, 0),
      );
    });
  });
});

describe("earlier results", () => {
  it("show whose points changed, by how much, and why", async () => {
    const [first, second, third, ...others] = made.records as [
      SubmissionRecord,
      SubmissionRecord,
      SubmissionRecord,
      ...SubmissionRecord[],
    ];
    const fixed = withStep(first, "dh", first.steps.find(({ id }) => id === "dh")!.passed ? mistaken("sign") : passing);
    const again = { ...withStep(second, "da", second.steps[0]!.passed ? mistaken("sign") : passing) };
    const now: MadeClass = {
      ...made,
      records: [
        { ...fixed, grader: "9.9.9" },
        { ...again, submission: { ...again.submission, received: "2026-11-30T00:00:00Z", key: "other" } },
        third,
        ...others,
      ],
    };
    const { stdout } = await withClasses({ old: made, now }, (folder) => merged(["now", "--before", "old"], folder));
    const text = stdout.replaceAll(/\s+/g, " ");
    expect(text).toContain("Points that changed: 2 submissions");
    expect(text).toContain(
      `Ada Lovelace: ${first.points.earned} -> ${fixed.points.earned}, grader 9.9.9, was ${version()}; 9 dh:`,
    );
    expect(text).toContain(`Alan Turing: ${second.points.earned} -> ${again.points.earned}, handed in again; 0.1 da:`);
    expect(text).toContain("the results are from several versions of the grader");
  });

  it("are said to be equal where they are", async () => {
    const { stdout } = await inFolder((folder) => merged(["results", "--before", "results"], folder));
    expect(stdout).toContain("Nobody's points changed.");
  });
});

describe("results that are not as they should be", () => {
  let folder = "";
  let end: () => void;
  let whole: Promise<unknown>;

  beforeAll(async () => {
    await new Promise<void>((started) => {
      whole = inFolder((own) => {
        folder = own;
        started();
        return new Promise<void>((resolve) => (end = resolve));
      });
    });
  });
  afterAll(async () => {
    end();
    await whole;
  });

  it.each<[string, string, string]>([
    ["no JSON", "{", "bad.json is not JSON"],
    ["another document", "[1, 2]", "bad.json is not a result of class"],
    ["another schema", '{"schema":"x/v9"}', "bad.json is not a result of class"],
    [
      "a field of another type",
      jsonText({ ...ada, points: { earned: "1", possible: 2 } }),
      "bad.json is damaged (points.earned)",
    ],
    [
      "a verdict that there is not",
      jsonText(withStep(ada, "da", { verdict: "fine" as "exact" })),
      "bad.json is damaged (steps[0].verdict)",
    ],
    [
      "a name that leads out of a folder",
      jsonText({ ...ada, submission: { ...ada.submission, id: "../x" } }),
      "bad.json is damaged (submission.id)",
    ],
  ])("%s: said, and the others are merged", async (_, text, problem) => {
    writeFileSync(path.join(folder, "bad.json"), text);
    const { status, stdout } = await merged(["results", "bad.json"], folder);
    expect(status).toBe(0);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(problem);
    expect(stdout).toContain("Ada Lovelace");
  });

  it("two results of one submission: the later is used", async () => {
    const later = {
      ...ada,
      submission: { ...ada.submission, key: "later", received: "2026-12-01T00:00:00Z" },
      points: { earned: 3, possible: 45 },
    };
    writeFileSync(path.join(folder, "bad.json"), jsonText(later));
    for (const places of [
      ["results", "bad.json"],
      ["bad.json", "results"],
    ]) {
      const { stdout } = await merged(places, folder);
      expect(stdout).toMatch(/Ada Lovelace .* 3\/45/);
      expect(stdout.replaceAll(/\s+/g, " ")).toContain("Ada Lovelace has two different results: bad.json is used");
    }
  });

  it("one result twice is one", async () => {
    const { stdout } = await merged(["results", "results"], folder);
    expect(stdout.match(/^Ada Lovelace/gm)).toHaveLength(1);
    expect(stdout).not.toContain("two different results");
  });

  it.each<[string[], string]>([
    [[], "name the folder of results"],
    [["nowhere"], "nowhere: cannot be read (ENOENT)"],
    [["results", "--format", "pdf"], "there is no such format; there are table, html"],
    [["results", "--format", "canvas"], "name it with --gradebook FILE"],
    [["results", "--format", "canvas", "--gradebook", "x.csv", "--anonymous"], "needs names"],
    [["results", "--format", "html", "--gradebook", "x.csv"], "go with --format canvas or moodle"],
    [["results", "--format", "jsonl", "--before", "results"], "--before goes with"],
    [["results", "--format", "html", "--lessons", "javascript:alert(1)"], "beginning with https://"],
    [["results", "--format", "dolos"], "name a new one with --output"],
    [["results", "--format", "dolos", "--output", "results"], "cannot be written (EEXIST); name a new folder"],
    [["results", "--format", "csv", "--output", "nowhere/x.csv"], "cannot be written (ENOENT)"],
  ])("%j is refused with a sentence", async (args, problem) => {
    const { status, stdout, stderr } = await merged(args, folder);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(problem);
  });
});
