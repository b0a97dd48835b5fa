import { describe, expect, it } from "vitest";
import { rungState, stateText, type RungResult } from "../../grader/report/ladder/state.ts";
import type { Trace } from "../../grader/report/ladder/ladder.ts";
import {
  closedLadder,
  litBy,
  movedBy,
  nextState,
  reachedBy,
  reachedText,
  type LadderEvent,
  type LadderState,
} from "../../page/ladder/state.ts";

const result: RungResult = {
  id: "dcounts",
  verdict: "exact",
  passed: true,
  inChain: { verdict: "exact", brokenAt: null },
  mistake: null,
  message: null,
};

describe("a rung's state in words", () => {
  const cases: [asked: boolean, result: RungResult | undefined, text: string][] = [
    [false, undefined, "given"],
    [true, undefined, "open"],
    [true, { ...result, verdict: "not-started", passed: false }, "open"],
    [true, { ...result, verdict: "missing", passed: false }, "open"],
    [true, result, "passed, exact"],
    [true, { ...result, verdict: "rounding" }, "passed"],
    [true, { ...result, inChain: null }, "passed, exact"],
    [
      true,
      { ...result, inChain: { verdict: "wrong", brokenAt: "dprobs" } },
      "passed on its own; your chain breaks at dprobs",
    ],
    [
      true,
      { ...result, inChain: { verdict: "not-started", brokenAt: "dprobs" } },
      "passed on its own; your chain ends before dprobs",
    ],
    [true, { ...result, inChain: { verdict: "wrong", brokenAt: "dcounts" } }, "passed, exact"],
    [
      true,
      { ...result, verdict: "wrong", passed: false, mistake: { id: "sign", sentence: "the sign is flipped" } },
      "wrong: the sign is flipped",
    ],
    [true, { ...result, verdict: "threw", passed: false, message: "x is not defined" }, "threw: x is not defined"],
    [true, { ...result, verdict: "timeout", passed: false }, "timeout"],
  ];
  it.each(cases)("asked %s, %o: %s", (isAsked, one, text) => {
    expect(stateText(rungState(isAsked, one))).toBe(text);
  });
});

const trace: Trace = {
  tensor: "b",
  place: 3,
  sources: [{ line: "b", tensor: "a", places: [1, 2], slopes: [1, 1] }],
  uses: [{ line: "c", tensor: "c", places: [0], slopes: [2] }],
  before: [
    { tensor: "a", places: [1, 2] },
    { tensor: "p", places: [7] },
  ],
  after: [{ tensor: "c", places: [0] }],
};
const all = (events: readonly LadderEvent[], from: LadderState = closedLadder): LadderState =>
  events.reduce(nextState, from);
const cell = { panel: "b-value", place: 3 };
const choose: LadderEvent = { kind: "choose", element: { tensor: "b", place: 3 }, cell };
const followed = all([choose, { kind: "traced", trace }]);
const lit = (state: LadderState): Record<string, number[]> =>
  Object.fromEntries([...(litBy(state) ?? [])].map(([name, places]) => [name, [...places]]));

describe("following", () => {
  it("lights the chosen element, and then its neighbors on both sides", () => {
    expect(litBy(closedLadder)).toBeUndefined();
    expect(lit(nextState(closedLadder, choose))).toEqual({ b: [3] });
    expect(lit(followed)).toEqual({ b: [3], a: [1, 2], c: [0] });
  });

  it("goes a tensor further with each step, to either end and no further", () => {
    const back: LadderEvent = { kind: "step", by: -1 };
    const on: LadderEvent = { kind: "step", by: 1 };
    expect(lit(all([back], followed))).toEqual({ b: [3], a: [1, 2] });
    expect(lit(all([back, back], followed))).toEqual({ b: [3], a: [1, 2], p: [7] });
    expect(reachedBy(all([back, back, back], followed))).toEqual({ tensor: "p", count: 1 });
    expect(reachedBy(all([on, on, on], followed))).toEqual({ tensor: "c", count: 1 });
    expect(reachedBy(all([back, on], followed))).toBeUndefined();
    expect(nextState({ ...followed, trace: null }, on).steps).toBe(0);
  });

  it("says how far it is, and of an element without neighbors that it has none", () => {
    const back: LadderEvent = { kind: "step", by: -1 };
    const said = (state: LadderState): string => reachedText({ rungs: [] }, state);
    expect([nextState(closedLadder, choose), followed, all([back], followed)].map(said)).toEqual([
      "…",
      "its neighbors",
      "da: 2 of 2 elements",
    ]);
    const alone: Trace = { ...trace, sources: [], uses: [], before: [], after: [] };
    expect(said(all([choose, { kind: "traced", trace: alone }]))).toBe("no line computes or reads it");
  });

  it("takes no answer to an earlier choice", () => {
    const other = nextState(followed, { kind: "choose", element: { tensor: "b", place: 4 }, cell });
    expect(other.trace).toBeNull();
    expect(nextState(other, { kind: "traced", trace })).toBe(other);
  });

  it("ends where it is stopped, and the cursor stays", () => {
    const stopped = nextState(followed, { kind: "clear" });
    expect(litBy(stopped)).toBeUndefined();
    expect(stopped.cursor).toEqual(cell);
  });

  it("goes along with the cursor in the followed tensor, and only there", () => {
    const panel = { id: "b-value", tensor: "b", rows: 2, columns: 4 };
    const moved = nextState(followed, { kind: "move", key: "ArrowDown", panel });
    expect([moved.chosen, moved.cursor]).toEqual([
      { tensor: "b", place: 7 },
      { panel: "b-value", place: 7 },
    ]);
    const elsewhere = nextState(followed, {
      kind: "move",
      key: "ArrowRight",
      panel: { ...panel, id: "a", tensor: "a" },
    });
    expect([elsewhere.chosen, elsewhere.cursor]).toEqual([followed.chosen, { panel: "a", place: 1 }]);
  });
});

it("a second press on a rung closes it, and another one opens instead", () => {
  const toggle = (rung: string): LadderEvent => ({ kind: "toggle", rung });
  expect(all([toggle("a")]).open).toBe("a");
  expect(all([toggle("a"), toggle("a")]).open).toBeNull();
  expect(all([toggle("a"), toggle("b")]).open).toBe("b");
});

it("keys move a cell at a time and stop at the edges", () => {
  const path = (keys: readonly string[], from = 0): (number | undefined)[] =>
    keys.map((key) => movedBy(key, from, 3, 4));
  expect(path(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"], 5)).toEqual([
    1, 9, 4, 6, 4, 7, 1, 9,
  ]);
  expect(path(["ArrowUp", "ArrowLeft", "Home"], 0)).toEqual([0, 0, 0]);
  expect(path(["ArrowDown", "ArrowRight", "End"], 11)).toEqual([11, 11, 11]);
  expect(path(["a", "Tab", "Enter"])).toEqual([undefined, undefined, undefined]);
});
