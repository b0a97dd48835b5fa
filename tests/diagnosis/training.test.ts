import { describe, expect, it, vi } from "vitest";
import type { Tensor } from "#tensor";
import { rightLoop, trainStepWith, type Loop } from "../../grader/course/makemore/loop.ts";
import { train } from "../../grader/course/4-training-loop/train.ts";
import { drawTrainingStart } from "../../grader/course/makemore/starts.ts";
import { diagnoseTraining } from "../../grader/diagnosis/training/diagnose.ts";
import { Generator } from "../../grader/network/random.ts";
import { sampled, sampleOf } from "../sample.ts";
import { ask, passes, trainingDiagnosisOf, trainStep, type WrongLoop } from "./training/ask.ts";
import { beside } from "./training/beside.ts";

const loopOf = (what: string, changes: Partial<Loop>): WrongLoop => ({ what, make: () => trainStepWith(changes) });
const say = (changes: Partial<Loop>): string | undefined => trainingDiagnosisOf(loopOf("", changes), 3)?.sentence;

// some answers are compared with the whole catalogue: that takes seconds, and longer on a busy machine
vi.setConfig({ testTimeout: 180_000 });

describe("the training loop's catalogue of mistakes", () => {
  it("contains at least 40, each with its own id", () => {
    expect(train.mistakes.length).toBeGreaterThanOrEqual(40);
    expect(new Set(train.mistakes.map(({ id }) => id)).size).toBe(train.mistakes.length);
  });

  it("states observations: a unique sentence of some length, no code, something to look at, and an idea", () => {
    for (const mistake of train.mistakes) {
      for (const text of [mistake.sentence, mistake.look]) {
        expect(text.length).toBeGreaterThan(15);
        expect(text).not.toMatch(/\.(mul|add|sub|div|sum|pow|matmul|T|view)\b|=>|\bjust\b|\bsimply\b/);
      }
      expect(mistake.idea).not.toBe("");
      expect(Object.keys(mistake.changes).length).toBeGreaterThan(0);
    }
    expect(new Set(train.mistakes.map(({ sentence }) => sentence)).size).toBe(train.mistakes.length);
  });

  it("marks the part of a sentence about everything else, which is left out if there are other mistakes", () => {
    const parts = train.mistakes.filter(({ alone }) => alone !== undefined);
    expect(parts.length).toBeGreaterThan(5);
    for (const { sentence, alone } of parts) expect(sentence).toContain(alone!);
  });

  it("contains only mistakes that are rejected and recognized as themselves: no two are alike", () => {
    const wrong: string[] = [];
    for (let seed = 1; seed <= sampleOf(2, 1); seed++) {
      for (const { id, changes } of sampled(train.mistakes, 2)) {
        const loop = loopOf(id, changes);
        if (passes(loop, seed)) wrong.push(`${id} passes`);
        const named = trainingDiagnosisOf(loop, seed)?.id;
        if (named !== id) wrong.push(`${id} is taken for ${named ?? "nothing"}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

it("a wrong sum that part 3's formula uses again is the one mistake, and what follows is said to follow", () => {
  const wrong: string[] = [];
  for (const { of, changes: reusing, says } of train.training.reuses) {
    const again = train.mistakes.filter(({ changes }) => Object.keys(changes).every((line) => of.includes(line)));
    expect(again.length).toBeGreaterThan(8);
    for (const { id, sentence, changes } of again) {
      const found = trainingDiagnosisOf(loopOf(id, { ...changes, ...(reusing as typeof changes) }), 1);
      // the means in part 3's formula are a mistake with a name of its own
      const isOwn = found?.id === "means-for-the-fused-sums" && id === "gain-and-bias-mean";
      // a sum that only lost its dimension has the right values where it is used again
      const follows = id.endsWith("-keepdim") ? "" : says;
      if (found?.sentence !== sentence + follows && !isOwn) wrong.push(`${id}: ${found?.sentence}`);
    }
  }
  expect(wrong).toEqual([]);
});

describe("the diagnosis of a correct training loop", () => {
  it("says nothing, whatever the form of the loop", () => {
    for (const { what, trainStep } of train.forms) {
      for (let seed = 0; seed < 3; seed++) expect(trainingDiagnosisOf({ what, trainStep }, seed), what).toBeNull();
    }
  });
});

describe("gradients whose entries are clipped", () => {
  it("are recognized, whatever the limit, whether the update uses them or not", () => {
    for (const limit of [0.01, 0.3]) {
      const clip: Loop["moving"] = (values) =>
        Object.fromEntries(
          Object.entries(rightLoop.moving(values)).map(([name, x]) => [name, (x as Tensor).clamp(-limit, limit)]),
        ) as unknown as ReturnType<Loop["moving"]>;
      const both = say({ moving: clip, returned: ({ moving }) => moving });
      expect(both).toContain(`clipped at ${limit} and -${limit}, before they are returned and used`);
      expect(say({ returned: clip })).toContain(`clipped at ${limit} and -${limit}; the update is right`);
    }
  });
});

describe("numbers that are almost right", () => {
  const isClose = /every value is close, within \S+ % of the largest, but not right: .*do large terms cancel/;
  /** The sentence for the first of a seed's starts in which a loop is wrong. */
  const sayOfWrong = (changes: Partial<Loop>, seed: number): string | undefined => {
    const runs = [0, 1, 2, 3].map((i) =>
      ask(trainStepWith(changes), drawTrainingStart(new Generator(seed * 16 + i), i)),
    );
    return runs.flatMap((run) => diagnoseTraining(trainStep, [run])?.sentence ?? [])[0];
  };

  it("are said to be close, with what may have lost their digits", () => {
    // C is a thousand times as large as its gradient
    const cancels: Partial<Loop>[] = [
      { dC: ({ C, demb, Xb }) => C.clone().indexAdd_(0, Xb, demb).sub(C) },
      { db2: ({ dlogits, n }) => dlogits.add(1).sum(0).sub(n) },
    ];
    for (const changes of cancels) {
      for (let seed = 1; seed < 4; seed++) {
        expect(passes(loopOf("", changes), seed)).toBe(false);
        expect(sayOfWrong(changes, seed)).toMatch(new RegExp(`^in the gradient of (C|b2), ${isClose.source}`));
      }
    }
  });

  it("are those of a step, if the gradients are right: nothing is said to be subtracted", () => {
    for (const much of [1, 10, 100]) {
      const moved: Loop["moved"] = (values) => {
        const right = rightLoop.moved(values);
        return { ...right, W2: right.W2.add(much).sub(much) };
      };
      expect(say({ moved })).toMatch(new RegExp(`^in the step that W2 takes, ${isClose.source}`));
    }
  });
});

describe("an update that is wrong beside wrong gradients", () => {
  it("is not said to be wrong alone", () => {
    // the slope of the loss is nowhere in it: nothing explains both
    const odd = say({
      moved: (values) => ({ ...rightLoop.moved(values), W2: values.W2.tanh() }),
      dh: ({ dh, dlogits, W2 }) => (dh ?? dlogits.matmul(W2.T)).tanh(),
    });
    expect(odd).not.toContain("every gradient is right");
    expect(odd).toMatch(/the update of W2 is not.*; the gradients of .* are wrong as well$/);
  });
});

describe("a mistake that shows in several gradients", () => {
  it("is said to be the only one: everything else that is wrong follows from it", () => {
    expect(say({ dhpreact: ({ dh }) => dh })).toMatch(
      /^the slope of tanh is missing.*; everything else that is wrong follows from it$/,
    );
    expect(say({ db2: ({ dlogits }) => dlogits.mean(0) })).not.toMatch(/follows/);
  });
});

describe("two mistakes at once", () => {
  it("are both named, the first in backward order first", () => {
    const pairs: [first: string, second: string][] = [
      ["dlogits-sum", "no-mean-term"],
      ["label-kept", "moved-along"],
      ["db2-mean", "tanh-forgotten"],
      ["dW2-mean", "last-use-wins"],
      ["tanh-not-squared", "gain-forgotten"],
      ["dbngain-mean", "variance-by-n"],
      ["W2-moved-first", "W1-moved-first"],
      ["inverse-forgotten", "uses-averaged"],
    ];
    for (const [first, second] of pairs) {
      const [a, b] = [first, second].map((id) => train.mistakes.find((mistake) => mistake.id === id)!);
      for (let seed = 1; seed <= sampleOf(3, 1); seed++) {
        const found = trainingDiagnosisOf(loopOf("", { ...b!.changes, ...a!.changes }), seed);
        expect(found?.id.split("+").toSorted(), `${first} and ${second}`).toEqual([first, second].toSorted());
        expect(found?.sentence).toMatch(/^two things: first, /);
      }
    }
  });

  it("are both named if the second is a factor", () => {
    const tanh = train.mistakes.find(({ id }) => id === "tanh-forgotten")!;
    const both = { ...tanh.changes, dC: (values: Parameters<Loop["dC"]>[0]) => rightLoop.dC(values).mul(values.n) };
    expect(say(both)).toMatch(/^two things: first, the slope of tanh is missing.*; second, .*C.* n times too large/);
  });

  it("do not claim that everything else is right", () => {
    const claims = train.mistakes.filter(({ sentence }) => /(are|is) right/.test(sentence));
    expect(claims.length).toBeGreaterThan(5);
    for (const { id, changes } of claims) {
      const found = say({ ...changes, db2: ({ dlogits }) => dlogits.mean(0) });
      expect(found, id).not.toMatch(/gradients are right|update is right|is right for bngain/);
    }
    const scaled = say({
      db2: ({ dlogits }) => dlogits.mean(0),
      dC: (values) => rightLoop.dC(values).mul(2),
    });
    expect(scaled).toMatch(/^two things: .*; second, the gradient of C is wrong: every value is twice/);
  });

  it("become three if there are three", () => {
    const found = say({
      db2: ({ dlogits }) => dlogits.mean(0),
      dhpreact: ({ dh }) => dh,
      dW1: ({ embcat, dhprebn, n }) => embcat.T.matmul(dhprebn).div(n),
    });
    expect(found).toMatch(/^three things: first, the gradient of b2.*; second, the slope of tanh.*; third, .*W1/);
  });

  it("leave the second unnamed if it is unknown, and say so", () => {
    const found = say({
      db2: ({ dlogits }) => dlogits.mean(0),
      dC: ({ C, demb, Xb }) => C.mul(0).indexAdd(0, Xb, demb).add(C.pow(2)),
    });
    expect(found).toMatch(/the gradient of b2 is the mean.*; in addition, the gradient of C is wrong in a way/);
  });
});

describe("a wrong loop that is not in the catalogue", () => {
  it("is rejected", () => {
    for (const loop of beside) for (let seed = 1; seed < 4; seed++) expect(passes(loop, seed), loop.what).toBe(false);
  });

  // each line was read together with what is wrong, and none is false: read every line that changes
  it("gets a statement that was found true", async () => {
    const lines = beside.map((loop) => `${loop.what}\n    ${trainingDiagnosisOf(loop, 1)?.sentence ?? "-"}`);
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("training/beside.txt");
  });
});
