import { describe, expect, it } from "vitest";
import { functionSteps } from "../../grader/course/steps.ts";
import { termsOf } from "../../grader/report/ladder/ladder.ts";
import { makeLadders } from "../../grader/report/ladder/ladders.ts";
import { makeLadder, makeTrace } from "../../grader/report/ladder/make-ladder.ts";
import { makeAnswer } from "../../grader/report/ladder/make-answer.ts";
import { panelsOf } from "../../grader/report/ladder/panels.ts";
import { caseSubject, evaluatedOf } from "../../grader/report/ladder/subject.ts";
import { batchFor, attentionSubject, lecture, makemoreSubject, shownCase } from "./subjects.ts";

const subjects = { makemore: makemoreSubject(), attention: attentionSubject() };

describe.each(Object.entries(subjects))("the ladder of %s", (_, subject) => {
  const ladder = makeLadder(subject);
  const evaluated = evaluatedOf(subject);

  it("is plain data, which structured clone keeps as it is", () => {
    expect(structuredClone(ladder)).toEqual(ladder);
    const trace = makeTrace(evaluated, ladder.rungs[0]!.name, 0);
    expect(structuredClone(trace)).toEqual(trace);
  });

  it("has a step and a gradient on each rung but the loss, and the steps' own numbers from the bottom up", () => {
    const asked = ladder.rungs.filter(({ steps }) => steps.length > 0);
    expect(asked.length).toBe(ladder.rungs.length - 1);
    expect(asked.every(({ gradient, value }) => gradient && value)).toBe(true);
    const labels = asked.map(({ steps }) => Number(steps[0]!.label)).reverse();
    expect(labels).toEqual(labels.map((_, i) => i + 1));
  });

  it("has every gradient as the sum of its terms, to within the roundings of float32", () => {
    for (const { name, uses, gradient } of ladder.rungs) {
      if (uses.length === 0 || !gradient) continue;
      const { values } = gradient.matrix;
      for (const place of [0, Math.floor(values.length / 2), values.length - 1]) {
        const terms = termsOf(ladder, makeTrace(evaluated, name, place))!;
        const sum = terms.reduce((total, { slope, upstream }) => total + slope * upstream, 0);
        const size = terms.reduce((total, { slope, upstream }) => total + Math.abs(slope * upstream), 0);
        expect(Math.abs(sum - values[place]!), `${name}[${place}]`).toBeLessThanOrEqual(1e-5 * (size + 1e-6));
      }
    }
  });
});

describe("a step's own lines", () => {
  const own = functionSteps.filter((step) => step.example);

  it.each(own.map((step) => [step.id, step] as const))("%s is a ladder of its example", (_, step) => {
    const subject = caseSubject(shownCase(step))!;
    const ladder = makeLadder(subject);
    const evaluated = evaluatedOf(subject);
    expect(ladder.rungs.map(({ name }) => name)).toContain(step.tensor);
    for (const { name, gradient } of ladder.rungs) {
      // no other step's answer is given away
      const isGiven =
        step.given.includes(`d${name}`) || ladder.rungs.some((rung) => rung.inputs.length > 0 && rung.name === name);
      if (gradient) expect(name === step.tensor || isGiven, name).toBe(true);
    }
    const rung = ladder.rungs.find(({ name }) => name === step.tensor)!;
    expect(rung.steps.map(({ id }) => id)).toEqual([step.id]);
    const { uses, sources } = makeTrace(evaluated, step.tensor, 0);
    const terms = termsOf(ladder, { uses });
    if (step.asks === "gradient") {
      const sum = terms!.reduce((total, { slope, upstream }) => total + slope * upstream, 0);
      expect(sum).toBeCloseTo(rung.gradient!.matrix.values[0]!, 5);
    } else {
      expect(rung.gradient).toBeUndefined();
      expect(sources.every(({ places }) => places.length > 0)).toBe(true);
    }
  });
});

describe("the ladders of the course", () => {
  const ladders = makeLadders(functionSteps, batchFor);

  it("are one for each network, and one for each step that goes through lines of its own", () => {
    const ids = functionSteps.map((step) => ladders.of(step)?.id);
    expect(ids).toEqual(functionSteps.map(({ id, chain, network }) => (chain === "link" ? network.name : id)));
  });

  it("can be followed at every tensor, and name the step whose ladder it is", () => {
    for (const step of functionSteps) {
      const { id, ladder } = ladders.of(step)!;
      const rung = ladder.rungs.find(({ name }) => name === step.tensor)!;
      expect(rung.steps.map((one) => one.id)).toContain(step.id);
      for (const { name } of ladder.rungs) expect(ladders.follow(id, name, 0).tensor).toBe(name);
    }
  });

  it("of a step through several lines end at its upstream gradient, with the gradients in between", () => {
    const fused = functionSteps.find(({ id }) => id === "fused-dhprebn")!;
    const { rungs } = ladders.of(fused)!.ladder;
    expect([rungs.at(-1)!.name, rungs.at(-1)!.uses]).toEqual(["hpreact", []]);
    const shown = rungs.filter(({ gradient }) => gradient).map(({ name }) => name);
    expect(shown).toEqual(["hprebn", "bnmeani", "bndiff", "bndiff2", "bnvar", "bnvar_inv", "bnraw", "hpreact"]);
  });
});

describe("an opened rung", () => {
  const ladder = makeLadder(subjects.makemore);
  const rung = ladder.rungs.find(({ name }) => name === "bndiff")!;
  const step = functionSteps.find(({ id }) => id === "dbndiff")!;
  const ids = (answer: Parameters<typeof panelsOf>[2]): string[] =>
    panelsOf(ladder, rung, answer).map(({ title }) => title);
  const { sizes, batch, gradients } = lecture();
  const reference = gradients["bndiff"]!;
  const shown = { on: "lecture", sizes, batch, reference } as const;

  it("shows its value, an upstream gradient for each use, and the reference before there is an answer", () => {
    expect(ids(undefined)).toEqual([
      "bndiff, forward value",
      "dbndiff2, upstream",
      "dbnraw, upstream",
      "dbndiff, reference",
    ]);
  });

  it("shows the answer beside the reference, as plain data in which elements can be followed", () => {
    const answer = makeAnswer(step, { verdict: "exact" }, { ...shown, answer: reference }, "ours");
    expect(structuredClone(answer)).toEqual(answer);
    expect(ids(answer).slice(3)).toEqual(["yours [32, 64]", "reference [32, 64]", "difference, yours - reference"]);
    expect(panelsOf(ladder, rung, answer).map(({ tensor }) => tensor)).toEqual([
      "bndiff",
      "bndiff2",
      "bnraw",
      "bndiff",
      "bndiff",
      "bndiff",
    ]);
  });

  it("does not follow elements of another shape, or of other numbers than the ladder's", () => {
    const sum = reference.sum(0);
    const ofShape = makeAnswer(step, { verdict: "shape" }, { ...shown, answer: sum }, "ours");
    const random = makeAnswer(step, { verdict: "wrong" }, { ...shown, on: "random", answer: reference }, "ours");
    for (const answer of [ofShape, random]) {
      const own = panelsOf(ladder, rung, answer).slice(3);
      expect(own.map(({ tensor }) => tensor)).toEqual([undefined, undefined, undefined]);
    }
  });
});
