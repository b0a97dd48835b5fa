import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { ClassDocument, Person, SubmissionRecord } from "../../grader/class/record.ts";
import { steps } from "../../grader/course/steps.ts";
import type { Step } from "../../grader/kit/step.ts";
import { jsonText } from "../../grader/report/json.ts";
import { passes, type Verdict } from "../../grader/verdict/result.ts";

/** The results of a made-up class, as `npm run class` would write them: the same ones every time. */

type DocumentedStep = SubmissionRecord["steps"][number];

export interface MadeClass {
  readonly records: readonly SubmissionRecord[];
  readonly settings: ClassDocument;
}

/** Names as people have them, and as nobody should be able to use them against a report. */
const names = [
  "Ada Lovelace",
  "Alan Turing",
  "Grace Hopper",
  "Emmy Noether",
  "Sofja Kowalewskaja",
  "Srinivasa Ramanujan",
  "Nguyễn Thị Minh Khai",
  "李 小龍",
  'O\'Brien, "Pat" & Sons',
  '=HYPERLINK("http://x.example","A")',
  "<img src=x onerror=alert(1)>",
  "Zoë\u202egnihton\u001b[31m",
] as const;

const graded = steps.filter(({ part }) => part <= 4);

/** @param size how many submissions; the last of them cannot be graded, if there are more than five */
export function madeClass(size: number, { grader = "0.1.0", seed = 7 } = {}): MadeClass {
  const random = generator(seed);
  const records = Array.from({ length: size }, (_, i) => record(i, i === size - 1 && size > 5, random, grader));
  const settings: ClassDocument = {
    schema: "backprop-dojo/class/v1",
    grader,
    steps: graded.map(({ id }) => ({ id, points: 1 })),
    seed: null,
    data: madeData,
    source: "a Canvas download",
    submissions: [...records.map(({ submission }) => submission.id), "late_shard_99"],
    missing: [{ id: "9001", name: "Kurt Gödel", email: null, login: null }],
  };
  return { records, settings };
}

const madeData = { names: "data/names.txt", sha256: "5c".repeat(32) };

function record(i: number, isBroken: boolean, random: () => number, grader: string): SubmissionRecord {
  const name = i < names.length ? names[i]! : `Student Number${i}`;
  const id = `s${String(i + 1).padStart(4, "0")}`;
  const person: Person = { id: String(1000 + i), name, email: `s${i + 1}@example.org`, login: `login${i + 1}` };
  const results = isBroken ? [] : madeSteps(random, name);
  const code = Object.fromEntries(results.flatMap(({ step, text }) => (text === undefined ? [] : [[step.id, text]])));
  const own = results.map(({ result }) => result);
  const passed = own.filter((result) => result.passed).length;
  const notStarted = own.filter(({ verdict }) => verdict === "not-started").length;
  return {
    schema: "backprop-dojo/result/v1",
    grader,
    node: "20.19.0",
    data: madeData,
    summary: { passed, failed: own.length - passed - notStarted, notStarted, total: own.length },
    steps: own,
    submission: {
      id,
      people: [person],
      source: "canvas",
      received: `2026-11-${String(18 + (i % 4)).padStart(2, "0")}T12:${String(i % 60).padStart(2, "0")}:00Z`,
      late: i % 7 === 5,
      key: createHash("sha256")
        .update(`${seedText(own)} ${id}`)
        .digest("hex"),
    },
    points: { earned: passed, possible: graded.length },
    seed: null,
    ...(isBroken && {
      problem: { id: "broken-zip", message: `${name}.zip is damaged after 1,024 bytes; ask for it again` },
    }),
    ...(!isBroken && { code }),
  };
}

function seedText(results: readonly DocumentedStep[]): string {
  return results.map(({ id, verdict }) => `${id}${verdict}`).join(" ");
}

interface Made {
  readonly step: Step;
  readonly result: DocumentedStep;
  readonly text: string | undefined;
}

/** One student: able to some degree, at work up to some step, and now and then mistaken. */
function madeSteps(random: () => number, name: string): Made[] {
  const ability = 0.55 + 0.45 * random();
  const reach = Math.round(graded.length * (0.25 + 0.85 * random()));
  return graded.map((step, i) => {
    const isReached = i < reach;
    // the sixth step or so is where most go wrong
    const hard = [0.2, 0.05, 0.1, 0.3, 0.15][(i * 7) % 5]!;
    if (!isReached) return made(step, "not-started", null, undefined);
    if (random() < ability - hard) return made(step, random() < 0.8 ? "exact" : "rounding", null, correctText(step));
    if (random() < 0.12) return made(step, "threw", null, `export const ${step.export} = ;\n`);
    return wrong(step, random, name);
  });
}

function wrong(step: Step, random: () => number, name: string): Made {
  const { mistakes } = step;
  const pick = (): number => Math.min(mistakes.length - 1, Math.floor(-Math.log(1 - random()) * 0.9));
  const first = mistakes[pick()];
  if (!first || random() < 0.08) {
    const sentence = `every value of row 0 is ${(random() * 3).toFixed(2)} times what it should be`;
    return made(step, "wrong", { id: "seen-ratio", sentence }, wrongText(step, name, undefined));
  }
  const second = random() < 0.1 ? mistakes[pick()] : undefined;
  const both = second && second !== first ? [first, second] : [first];
  const mistake = {
    id: both.map(({ id }) => id).join("+"),
    sentence: both.map(({ sentence }) => sentence).join("; and "),
  };
  return made(step, "wrong", mistake, wrongText(step, name, first));
}

function correctText(step: Step): string | undefined {
  return step.part >= 2 ? `export function ${step.export}(given) {\n  return given.right;\n}\n` : undefined;
}

/** A learner's file with a mistake, as the course's list computes it, and with its author's name in comments and texts. */
function wrongText(step: Step, name: string, mistake: Step["mistakes"][number] | undefined): string {
  const source = mistake && "answer" in mistake ? String(mistake.answer) : "(given) => given.x.mul(2)";
  const [given = "", ...rest] = source.split("=>");
  const expression = rest.join("=>").trim();
  const body = expression.startsWith("{") ? expression.slice(1, -1).trim() : `return ${expression};`;
  const safe = name.replaceAll(/[\n*/]/g, " ");
  return [
    'import { todo, type Given } from "#course";',
    'import { keepdim, oneHot, type Tensor } from "#tensor";',
    "",
    `/** by ${safe} */`,
    `export function ${step.export}(${given.trim().replace(/^\(|\)$/g, "")}: Given<"${step.id}">): Tensor {`,
    `  // ${safe}`,
    ...body.split("\n").map((line) => `  ${line.replace(/^ {6}/, "")}`),
    "}",
    "",
  ].join("\n");
}

function made(step: Step, verdict: Verdict, mistake: DocumentedStep["mistake"], text: string | undefined): Made {
  const passed = passes(verdict);
  const result: DocumentedStep = {
    id: step.id,
    part: step.part,
    number: step.number,
    file: step.file,
    verdict,
    passed,
    tensors: passed ? [{ name: "x", shape: [32, 27], exact: verdict === "exact", approximate: true, maxdiff: 0 }] : [],
    inChain: null,
    mistake,
    message: verdict === "threw" ? "Unexpected ;" : verdict === "wrong" ? "12 of 864 values differ" : null,
    at: verdict === "threw" ? { line: 1, column: 22 } : null,
    notes: [],
    milliseconds: 0,
  };
  return { step, result, text };
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Writes a class as a folder of results. */
export function writeClass({ records, settings }: MadeClass, folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "class.json"), jsonText(settings));
  for (const record of records) writeFileSync(path.join(folder, `${record.submission.id}.json`), jsonText(record));
}
