import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeBatches, makeCase } from "../../grader/kit/case.ts";
import { functionSteps } from "../../grader/course/steps.ts";
import { askFunction } from "../../grader/grading/answers.ts";
import type { Bundle } from "../../grader/grading/host.ts";
import type { OpenStep } from "../../grader/grading/open.ts";
import { partsOf } from "../../grader/grading/packing.ts";
import { Generator } from "../../grader/network/random.ts";
import { encodeFrame, frameDecoder, LARGEST_FRAME, LARGEST_HEADER, type Frame } from "../../grader/runner/frames.mjs";
import { learnerOf } from "../../grader/runner/learner.ts";
import { limits } from "../../grader/runner/limits.ts";
import { LearnerProcess, type RawAnswer } from "../../grader/runner/process.ts";
import { judge } from "../../grader/verdict/judge.ts";
import type { FunctionStep } from "../../grader/kit/step.ts";
import { makemore } from "../../grader/course/makemore/network.ts";

const step = functionSteps.find(({ id }) => id === "dcounts_sum")!;
const cases = makeBatches(makemore, 5).map((batch) => makeCase(step, batch, new Generator(5)));
const order = [0, 1, 2, 3];
const bundle: Bundle = { code: "", sources: [], absent: [], locate: () => ({ places: [], isOnTop: false }) };

/** Whether a step passes that returns these bytes instead of an answer. */
async function judgeBytes(body: Buffer, status: RawAnswer["status"] = "answered"): Promise<boolean> {
  const raw: RawAnswer = { status, body, printed: "", milliseconds: 1, limit: 1000, stack: "" };
  const learner = learnerOf({ call: () => Promise.resolve(raw), close() {} }, Promise.resolve());
  const open: OpenStep<FunctionStep> = { step, bundle, texts: "", learner };
  const { outcome, ...run } = await askFunction(open, cases, order);
  const question = { cases: [cases[0]!, ...cases.slice(1)] as const, reference: cases[0]!.truth.toTensor() };
  return judge({ ...question, cases: [cases[0]!, cases[1]!, cases[2]!, cases[3]!] }, outcome, run).passed;
}

/** The message of a step with correct answers. */
function rightMessage(): Buffer {
  const tensors = cases.map(({ truth }) => truth.toTensor());
  const header = { answers: order.map(() => ({ kind: "tensor", changed: [] })) };
  const { line, elements } = partsOf({ header, tensors });
  const bytes = elements.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength));
  return Buffer.concat([Buffer.from(line, "utf16le"), ...bytes]);
}

describe("whatever is sent instead of an answer", () => {
  it("passes if it is correct: the message that these tests start from", async () => {
    expect(await judgeBytes(rightMessage())).toBe(true);
  });

  it("passes no step and throws nothing if it is arbitrary bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4000 }), async (bytes) => {
        expect(await judgeBytes(Buffer.from(bytes))).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it("passes no step and throws nothing if it is any JSON followed by any bytes", async () => {
    const spec = fc.record({
      dtype: fc.oneof(fc.constantFrom("float32", "int32"), fc.anything()),
      shape: fc.oneof(fc.array(fc.integer({ min: -3, max: 50 })), fc.array(fc.double()), fc.anything()),
    });
    const answer = fc.oneof(
      fc.constant({ kind: "tensor" }),
      fc.record({ kind: fc.constant("tensor"), changed: fc.anything() }),
      fc.record({
        kind: fc.constantFrom("threw", "missing", "other", "not-started"),
        text: fc.anything(),
        what: fc.anything(),
        stack: fc.anything(),
      }),
      fc.anything(),
    );
    const message = fc.record({
      header: fc.oneof(fc.record({ answers: fc.array(answer) }), fc.anything()),
      specs: fc.oneof(fc.array(spec), fc.anything()),
    });
    await fc.assert(
      fc.asyncProperty(message, fc.uint8Array({ maxLength: 600 }), async (json, bytes) => {
        const text = Buffer.from(
          `${JSON.stringify(json, (_, value: unknown) => (typeof value === "bigint" ? 0 : value))}\n`,
          "utf16le",
        );
        expect(await judgeBytes(Buffer.concat([text, bytes]))).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it("passes no step if one byte of a correct answer's values is changed", async () => {
    const message = rightMessage();
    const values = message.indexOf(Buffer.from("\n", "utf16le")) + 2;
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 16, max: 255 }), async (at, by) => {
        const changed = Buffer.from(message);
        // the byte of the exponent: a change of the others can be within rounding
        const place = values + (at % Math.floor((changed.length - values) / 4)) * 4 + 3;
        changed[place] = changed[place]! ^ by;
        expect(await judgeBytes(changed)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe("frames", () => {
  const decode = (chunks: Uint8Array[]): Frame[] => {
    const frames: Frame[] = [];
    const take = frameDecoder((frame) => frames.push(frame));
    for (const chunk of chunks) take(Buffer.from(chunk));
    return frames;
  };

  it("arrive complete, however they are split", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 5 }),
        fc.array(fc.nat({ max: 50 })),
        (bodies, cuts) => {
          const stream = Buffer.concat(bodies.map((body, i) => encodeFrame({ i }, body)));
          const chunks: Buffer[] = [];
          let from = 0;
          for (const cut of cuts) {
            chunks.push(stream.subarray(from, from + cut));
            from += cut;
          }
          const frames = decode([...chunks, stream.subarray(from)]);
          expect(frames.map(({ header, body }) => [header["i"], [...body]])).toEqual(
            bodies.map((body, i) => [i, [...body]]),
          );
        },
      ),
    );
  });

  it("that claim to be too large are refused before they are read", () => {
    const lengths = (head: number, body: number): Buffer => {
      const bytes = Buffer.alloc(8);
      bytes.writeUInt32LE(head, 0);
      bytes.writeUInt32LE(body, 4);
      return bytes;
    };
    expect(() => decode([lengths(10, LARGEST_FRAME)])).toThrow(/a frame of/);
    expect(() => decode([lengths(LARGEST_HEADER, 0)])).toThrow(/a frame of/);
  });

  it("of arbitrary bytes do nothing but throw an Error", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (chunks) => {
        try {
          decode(chunks);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("a process that writes anything", () => {
  /** Starts a Node that writes bytes to the result channel as soon as it receives anything. */
  const liar = (bytes: Uint8Array) => () =>
    spawn(
      process.execPath,
      [
        "-e",
        `process.stdin.once("data", () => require("fs").writeSync(3, Buffer.from("${Buffer.from(bytes).toString("hex")}", "hex")));`,
      ],
      { stdio: ["pipe", "ignore", "pipe", "pipe"], detached: true, cwd: path.resolve("/") },
    );

  it("is ended, and its step fails; the grader continues", async () => {
    const forged = [
      encodeFrame({ ready: true }),
      encodeFrame({ step: "another", status: "answered" }),
      Buffer.concat([
        encodeFrame({ ready: true }),
        encodeFrame({ step: "dprobs", status: "answered", passed: true }, "exact"),
      ]),
      Buffer.concat([encodeFrame({ ready: true }), Buffer.from([255, 255, 255, 255, 255, 255, 255, 255])]),
      Buffer.concat([
        encodeFrame({ ready: true }),
        encodeFrame({ step: "dprobs", status: ["answered"], printed: {}, milliseconds: "x" }),
      ]),
      ...fc
        .sample(fc.uint8Array({ minLength: 8, maxLength: 64 }), 5)
        .map((bytes) => Buffer.concat([encodeFrame({ ready: true }), bytes])),
    ];
    for (const bytes of forged) {
      // it sleeps, and a sleeping process is ended by wall-clock time
      const learner = new LearnerProcess("plain", liar(bytes), { ...limits, clock: 1 });
      learner.provide("");
      const answer = await learner.call("dprobs", "", "", 300);
      learner.close();
      const isForged = answer.status === "answered";
      expect(isForged ? await judgeBytes(answer.body) : false).toBe(false);
    }
  });
});

describe("code that is out of time and interrupted before it ran again", () => {
  /** Starts a Node that reports a timeout, and writes a stack trace when it is interrupted. */
  const late = (trace: string): ChildProcess => {
    const header = { step: "dprobs", status: "timeout", locating: true };
    const frames = [{ ready: true }, { step: "dprobs", started: "call" }, header].map((one) => encodeFrame(one));
    const code = `const { writeSync } = require("fs");
      process.stdin.once("data", () => writeSync(3, Buffer.from("${Buffer.concat(frames).toString("hex")}", "hex")));
      process.on("SIGINT", () => process.exit(writeSync(2, ${JSON.stringify(trace)})));`;
    return spawn(process.execPath, ["-e", code], { stdio: ["pipe", "ignore", "pipe", "pipe"], detached: true });
  };
  const interrupted = "KEYBOARD_INTERRUPT: Script execution was interrupted by `SIGINT`\n    at send (child.mjs:1:1)\n";
  const located = `${interrupted}    at dprobs (step:dprobs:3:7)\n`;

  it.each([
    ["is tried again, and located", [interrupted, located], located],
    ["is tried again once", [interrupted, interrupted, located], interrupted],
    ["is not tried again where it is located", [located, interrupted], located],
  ])("%s", async (_, traces, stack) => {
    const left = [...traces];
    const start = (): ChildProcess => late(left.shift() ?? located);
    // it sleeps, and a sleeping process is interrupted by wall-clock time
    const learner = new LearnerProcess("plain", start, { ...limits, clock: 1 });
    learner.provide("");
    const answer = await learner.call("dprobs", "", "", 300);
    learner.close();
    expect(answer).toMatchObject({ status: "timeout", stack });
  });
});
