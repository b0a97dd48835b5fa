import { describe, expect, it } from "vitest";
import { TensorError, ones, tensor } from "#tensor";
import type { Failure } from "../../grader/verdict/judge.ts";
import { failureOf, type AskedCode } from "../../grader/grading/failures.ts";
import { guestOf } from "../../grader/grading/guest.ts";
import type { CallsResponse, GuestAnswer, GuestError } from "../../grader/grading/messages.ts";
import { notesBeside } from "../../grader/grading/notes.ts";
import { gradeSteps } from "../../grader/grading/grade.ts";
import { jsonReport } from "../../grader/report/json.ts";
import { readNames, shippedNames } from "../../grader/runner/data.ts";
import { courseOf } from "../../grader/runner/grade.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { exercise, stepOf } from "../trees.ts";
import { inProcessHost } from "./in-process-host.ts";

const matrix = ones(2, 3);

/** What a guest answers for a function. */
function answerOf(call: () => unknown): GuestAnswer {
  const guest = guestOf({ f: call }, "f", { text: "" });
  const { header } = guest({ header: { kind: "calls", cases: [[]], order: [0] }, tensors: [] });
  return (header as CallsResponse).answers[0]!;
}

function answerOfThrown(error: unknown): GuestAnswer {
  return answerOf(() => {
    throw error;
  });
}

const code: AskedCode = {
  step: stepOf("dprobs"),
  bundle: { code: "", sources: [], absent: [], locate: () => ({ places: [], isOnTop: false }) },
};

/** What grading makes of an error, after it was text. */
function failureFrom(answer: object): Failure {
  return failureOf(JSON.parse(JSON.stringify({ kind: "threw", text: "Error: no", stack: "", ...answer })), code);
}

describe("a guest says in fields what was thrown", () => {
  it("a tensor's error, with what it is about", () => {
    const fault = { kind: "dropped-dimension", operation: "mul", numbers: [[2, 3], [2]] };
    expect(answerOf(() => matrix.mul(matrix.sum(1)))).toMatchObject({ kind: "threw", fault });
  });

  it("any other error without it, whatever it says", () => {
    const words = "sum: [2, 3] has no dimension 2; dimensions are 0 to 1";
    for (const error of [new Error(words), new TensorError(words), words]) {
      expect(answerOfThrown(error)).not.toHaveProperty("fault");
    }
  });

  it("nothing, and something else than a tensor", () => {
    expect(answerOf(() => {})).toEqual({ kind: "other", what: "undefined", isNothing: true });
    expect(answerOf(() => null)).toMatchObject({ kind: "other", isNothing: false });
    expect(answerOf(() => tensor([1], [1], "int32"))).toMatchObject({ kind: "other", isNothing: false });
  });
});

describe("grading reads what a guest says with suspicion", () => {
  it("a fault that can be one is the cause", () => {
    const fault = {
      kind: "index",
      operation: "get",
      numbers: [
        [0, 9],
        [2, 3],
      ],
    };
    expect(failureFrom({ fault }).cause).toEqual(fault);
    expect(failureFrom({ fault: { ...fault, numbers: [[NaN]] } }).cause).toEqual({ ...fault, numbers: [[NaN]] });
  });

  it("any other is left out, and changes nothing else", () => {
    const fault = { kind: "index", operation: "get", numbers: [[0]] };
    const plain = failureFrom({});
    const forged: unknown[] = [
      null,
      "index",
      [],
      {},
      { ...fault, kind: "call-stack" },
      { ...fault, kind: "toString" },
      { ...fault, kind: ["index"] },
      { ...fault, operation: 1 },
      { ...fault, operation: "x".repeat(1000) },
      { ...fault, numbers: "0" },
      { ...fault, numbers: [0] },
      { ...fault, numbers: [["0"]] },
      { ...fault, numbers: Array.from({ length: 1000 }, () => []) },
      { ...fault, numbers: [Array.from({ length: 1000 }, () => 0)] },
    ];
    for (const fault of forged) expect(failureFrom({ fault }), JSON.stringify(fault)).toEqual(plain);
  });

  it("a step that is not started, or missing, has no cause", () => {
    const fault = { kind: "index", operation: "get", numbers: [] };
    for (const kind of ["not-started", "missing"] as const)
      expect(failureFrom({ kind, fault })).not.toHaveProperty("cause");
  });

  it("the engine's error of calls too deep is known by the only thing that it has, its words", () => {
    const deep = (): number => 1 + deep();
    const answer = answerOf(deep) as GuestError;
    expect(failureFrom(answer).cause).toEqual({ kind: "call-stack" });
    const fault = { kind: "index", operation: "get", numbers: [] };
    expect(failureFrom({ ...answer, fault }).cause).toEqual({ kind: "call-stack" });
  });
});

/** The result of dprobs with this body, from functions that are called right here. */
async function resultOf(body: string): Promise<StepResult> {
  const step = stepOf("dprobs");
  const course = courseOf(readNames(shippedNames), "ours");
  const [result] = await gradeSteps(inProcessHost({ [step.file]: exercise("dprobs", body) }), course, [step]);
  return result!;
}

describe("a result carries its cause", () => {
  const written = "return given.dlogprobs.view(32, 27).div(given.probs);";

  it("from which come the hint about sizes, the diagnosis and the notes that are left out", async () => {
    const threw = await resultOf(written);
    expect(threw).toMatchObject({ verdict: "threw", cause: { kind: "shapes", operation: "view" } });
    expect(threw.message).toMatch(/take sizes from the tensors\)$/);
    const note = { line: threw.at!.line, column: 1, text: "TS2345: no" };
    expect(notesBeside(threw, [note])).toEqual([]);

    const past = await resultOf("for (let i = 0; i < 33; i++) given.probs.get(i, 0); return given.probs;");
    expect(past).toMatchObject({ cause: { kind: "index", operation: "get" }, mistake: { id: "past-the-end" } });

    const nothing = await resultOf("given.probs.exp();");
    expect(nothing).toMatchObject({ verdict: "shape", cause: { kind: "nothing-returned" } });
    expect(nothing.message).toMatch(/is there a return\?$/);
    expect(notesBeside(nothing, [{ ...note, text: "TS2355: no" }])).toEqual([]);
  });

  it("which an error of the learner's own in the same words does not have", async () => {
    const own = await resultOf(`if (given.probs.size(0) !== 32) throw new Error("add: shapes out of range");
      return given.dlogprobs;`);
    expect(own).toMatchObject({ verdict: "threw", mistake: null });
    expect(own).not.toHaveProperty("cause");
    expect(own.message).not.toMatch(/take sizes/);
  });

  it("and which the published JSON does not show", async () => {
    const threw = await resultOf(written);
    const about = { grader: "", node: "", data: { names: "", sha256: "" } };
    expect(JSON.parse(jsonReport([threw], about)).steps[0]).not.toHaveProperty("cause");
  });
});
