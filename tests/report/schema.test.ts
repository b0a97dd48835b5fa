import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, it } from "vitest";
import { functionSteps, steps } from "../../grader/course/steps.ts";
import { requiredOf } from "../../grader/kit/optional.ts";
import type { ResultDocument } from "../../grader/report/json.ts";
import { projectRoot, solutionsFolder } from "../../grader/runner/project.ts";
import { withStubs } from "../../grader/runner/workspace/stubs.ts";
import { dojo } from "../copies.ts";
import { exercise, stepOf, withFolder } from "../trees.ts";
import { wrongTrees } from "./wrong-trees.ts";

/** A schema, or a part of one. */
interface Schema {
  type?: string | string[];
  description?: string;
  enum?: string[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean;
  $defs?: Record<string, Schema>;
}

const schema = JSON.parse(readFileSync(path.join(projectRoot, "docs/result-v1.schema.json"), "utf8")) as Schema;

/** Every object that the schema describes. */
const objects = [schema, ...parts(schema)].filter(({ type }) => type === "object");

function parts({ properties, $defs }: Schema): Schema[] {
  return Object.values({ ...properties, ...$defs }).flatMap((part) => [part, ...parts(part)]);
}

/** The schema without permission for further fields: a later v1 may add some, and its schema must then name them. */
const closed = JSON.parse(JSON.stringify(schema), (_, part: Schema) =>
  part?.type === "object" ? { ...part, additionalProperties: false } : part,
) as object;

const options = { allErrors: true, strict: true, allowUnionTypes: true };
const isValid = new Ajv2020(options).compile(schema);
const isWhole = new Ajv2020(options).compile(closed);

/** What `grade --json` prints for a tree. */
async function documentOf(root: string, ...more: string[]): Promise<ResultDocument> {
  const { stdout, stderr } = await dojo(["grade", "--from", root, "--json", ...more]);
  expect(stderr).toBe("");
  return JSON.parse(stdout) as ResultDocument;
}

function expectDescribed(document: ResultDocument): void {
  isWhole(document);
  expect(isWhole.errors).toBeNull();
  const { passed, failed, notStarted, total } = document.summary;
  expect(passed + failed + notStarted).toBe(total);
  expect(document.steps).toHaveLength(total);
}

const solutionOf = (id: string): string => readFileSync(path.join(solutionsFolder, stepOf(id).file), "utf8");
const wrong = (id: string, body: string): string =>
  exercise(functionSteps.find((step) => step.id === id)!.export, body);

/** A file for each verdict. A step that is not named here has none. */
const ofEachVerdict: Record<string, string> = {
  da: solutionOf("da"),
  dlogprobs: solutionOf("dlogprobs"),
  dprobs: wrong("dprobs", "return given.dlogprobs.mul(given.probs);"),
  dcounts_sum_inv: wrong("dcounts_sum_inv", "return given.counts.mul(given.dprobs);"),
  dcounts_sum: wrong("dcounts_sum", "return given.counts_sum.mul(NaN);"),
  dcounts: wrong("dcounts", 'console.log("\\u001b[31mred"); return given.nothing.mul(2);'),
  dnorm_logits: wrong("dnorm_logits", "for (;;);"),
  dlogit_maxes: wrong("dlogit_maxes", "const all: any[] = []; for (;;) all.push(new Array(1000).fill(0.5));"),
  dlogits: wrong("dlogits", "given.dnorm_logits.mul_(2); return given.dnorm_logits.clone();"),
  dh: 'import { todo } from "#course";\nexport function dh(): never {\n  throw todo("dh");\n}\n',
  dW2: "export const other = 1;\n",
  "fused-dlogits": solutionOf("fused-dlogits"),
  train: solutionOf("train").replace("oneHot(Yb, vocab)).div(n)", "oneHot(Yb, vocab))"),
};

describe("the schema of the results", () => {
  let document: ResultDocument;

  beforeAll(async () => {
    const files = Object.fromEntries(Object.entries(ofEachVerdict).map(([id, text]) => [stepOf(id).file, text]));
    document = await withFolder(files, documentOf);
  });

  it("describes every field", () => {
    for (const { properties, required } of objects) {
      expect(Object.keys(properties!).length).toBeGreaterThan(0);
      for (const [name, part] of Object.entries(properties!)) expect(part.description, name).toMatch(/^\S[^]{10,}\.$/);
      // no field may be missing from a document
      expect(required).toEqual(Object.keys(properties!));
    }
    expect(objects.length).toBeGreaterThan(1);
  });

  it("accepts a document with every verdict", () => {
    expectDescribed(document);
    const { enum: verdicts } = schema.$defs!["verdict"]!;
    expect(new Set(document.steps.map(({ verdict }) => verdict))).toEqual(new Set(verdicts));
  });

  it("accepts the results of the solutions and of the stubs", async () => {
    const solutions = await documentOf(solutionsFolder);
    const stubs = await withStubs((folder) => documentOf(folder));
    // of the optional parts, only what is begun is graded
    for (const [document, graded] of [[solutions, steps] as const, [stubs, requiredOf(steps)] as const]) {
      expectDescribed(document);
      expect(document.steps.map(({ id }) => id)).toEqual(graded.map(({ id }) => id));
    }
  });

  it.each(wrongTrees)("accepts the results of a learner who $learner", async ({ bodies }) => {
    const files = Object.entries(bodies).map(([id, body]) => [stepOf(id).file, wrong(id, body)]);
    const document = await withFolder(Object.fromEntries(files), (root) => documentOf(root, ...Object.keys(bodies)));
    expectDescribed(document);
    expect(document.steps.filter(({ mistake }) => mistake !== null).length).toBeGreaterThan(0);
  });

  it("allows a later v1 to add fields", () => {
    const later = { ...document, more: 1, steps: document.steps.map((step) => ({ ...step, more: 1 })) };
    expect(isValid(later)).toBe(true);
    expect(isWhole(later)).toBe(false);
  });

  it.each<[string, (document: ResultDocument) => unknown]>([
    ["another format", (document) => ({ ...document, schema: "backprop-dojo/result/v2" })],
    ["a field that is missing", ({ summary: _summary, ...rest }) => rest],
    ["a hash that is none", (document) => ({ ...document, data: { ...document.data, sha256: "0" } })],
    ["a verdict that there is not", withFirst({ verdict: "right" })],
    ["a step that passes with a verdict that does not", withFirst({ verdict: "wrong" })],
    ["a step that does not pass with a verdict that does", withFirst({ passed: false })],
    ["a step that passes without a tensor", withFirst({ tensors: [] })],
    ["a place before the first line", withFirst({ at: { line: 0, column: 1 } })],
    ["a mistake without a sentence", withFirst({ mistake: { id: "given" } })],
    ["a message without end", withFirst({ message: "x".repeat(1001) })],
    ["a time below zero", withFirst({ milliseconds: -1 })],
  ])("rejects %s", (_, change) => {
    expect(document.steps[0]!.verdict).toBe("exact");
    expect(isValid(document)).toBe(true);
    expect(isValid(change(document))).toBe(false);
  });
});

/** A document whose first step has other fields. */
function withFirst(fields: object): (document: ResultDocument) => unknown {
  return (document) => ({
    ...document,
    steps: document.steps.map((step, i) => (i === 0 ? { ...step, ...fields } : step)),
  });
}
