import { describe, expect, it } from "vitest";
import type { Tensor } from "#tensor";
import { Measured } from "../../grader/autograd/measured.ts";
import { makemore } from "../../grader/course/makemore/network.ts";
import { drawnBatch, type LectureBatch } from "../../grader/grading/lecture.ts";
import { evaluate } from "../../grader/network/backward.ts";
import { neighborsOf, reachOf, type Connected, type Evaluated } from "../../grader/network/follow.ts";
import { linesUsing, type Line } from "../../grader/network/line.ts";
import type { Named } from "../../grader/network/named.ts";
import type { Network } from "../../grader/network/network.ts";
import { Generator } from "../../grader/network/random.ts";
import { attention } from "../networks/attention/network.ts";
import { batchOf } from "../networks/attention/steps.ts";
import { regression } from "../networks/regression/network.ts";
import { kinds, randomLines } from "./random-lines.ts";

/** A network's lines at the values of a batch. */
function at({ lines }: Network, { values, batch }: LectureBatch): Evaluated {
  const names = [...new Set(lines.flatMap(({ inputs, output }) => [...inputs, output]))];
  const read = (name: string): [string, Measured] => [name, Measured.from(values[name] as Tensor)];
  return { lines, indices: batch, values: Object.fromEntries(names.filter((name) => !(name in batch)).map(read)) };
}

const subjects: [name: string, subject: Evaluated][] = [
  ["makemore", at(makemore, drawnBatch(makemore))],
  ["attention", at(attention, batchOf(1))],
  ["regression", at(regression, drawnBatch(regression))],
  ...Array.from({ length: kinds }, (_, seed): [string, Evaluated] => [`random ${seed}`, randomLines(seed)]),
];

/** The step of a central difference, as a part of the value that it moves: a variance can be tiny. */
const STEP = 2 ** -14;

/** The column of a line's Jacobian for one element of an input, by central differences: one number for each output. */
function column(line: Line, { values, indices }: Evaluated, input: string, place: number): Float64Array {
  const { shape, value } = values[input]!;
  const step = Math.max(STEP * Math.abs(value[place]!), 2 ** -30);
  const moved = (by: number): Float64Array => {
    const other = new Measured(shape, value.with(place, value[place]! + by));
    return evaluate<Measured>(line, { ...values, [input]: other, ...indices }).value;
  };
  const [up, down] = [moved(step), moved(-step)];
  return up.map((x, i) => (x === down[i] ? 0 : (x - down[i]!) / (2 * step)));
}

/** Some places of a tensor, the first and the last among them. */
function somePlaces(count: number, seed: number): number[] {
  const drawn = new Generator(seed).randint(0, count, 3).toArray();
  return [...new Set([0, count - 1, ...drawn])];
}

const forEachPlace = ({ values }: Evaluated, ask: (name: string, place: number) => void): void => {
  for (const [i, [name, { value }]] of Object.entries(values).entries())
    for (const place of somePlaces(value.length, i)) ask(name, place);
};

/** Connected elements as a whole tensor of local gradients, 0 where nothing is connected. */
function dense(found: Connected | undefined, size: number): Float64Array {
  const slopes = new Float64Array(size);
  for (const [i, place] of found?.places.entries() ?? []) slopes[place] = found!.slopes[i]!;
  return slopes;
}

/** -Infinity minus itself is no slope: what a mask hides is compared by the test of masks. */
function expectClose(found: Float64Array, central: Float64Array, what: string): void {
  for (const [i, slope] of central.entries()) {
    if (Number.isNaN(slope)) continue;
    expect(Math.abs(found[i]! - slope), `${what}, element ${i}: ${found[i]} and ${slope}`).toBeLessThan(
      1e-4 * (1 + Math.abs(slope)),
    );
  }
}

describe.each(subjects)("in %s", (_, subject) => {
  const { lines, values } = subject;

  it("what an element is used for, with its local gradients, agrees with central differences", () => {
    forEachPlace(subject, (name, place) => {
      const { uses } = neighborsOf(subject, name, place);
      for (const line of linesUsing(lines, name)) {
        const found = dense(
          uses.find((one) => one.line === line.output),
          values[line.output]!.value.length,
        );
        expectClose(found, column(line, subject, name, place), `${name}[${place}] in ${line.output}`);
      }
    });
  });

  it("what an element is computed from is the other side of the same local gradients", () => {
    forEachPlace(subject, (name, place) => {
      const { sources } = neighborsOf(subject, name, place);
      for (const { tensor, places, slopes } of sources) {
        for (const i of somePlaces(places.length, place)) {
          const back = neighborsOf(subject, tensor, places[i]!).uses.find(({ line }) => line === name);
          const its = back?.places.indexOf(place) ?? -1;
          expect(its, `${name}[${place}] and ${tensor}[${places[i]}]`).toBeGreaterThanOrEqual(0);
          expect(back!.slopes[its]).toBeCloseTo(slopes[i]!, 10);
        }
      }
      const inputs = lines.find(({ output }) => output === name)?.inputs ?? [];
      for (const { tensor } of sources) expect(inputs).toContain(tensor);
    });
  });

  it("the reach of an element is what its neighbors' neighbors lead to", () => {
    const names = Object.keys(values);
    const [name, other] = [names[0]!, lines.at(-2)?.output ?? names[0]!];
    for (const [tensor, side] of [
      [name, "after"],
      [other, "before"],
    ] as const) {
      const place = values[tensor]!.value.length - 1;
      const found = Object.fromEntries(reachOf(subject, tensor, place)[side].map((one) => [one.tensor, one.places]));
      expect(found).toEqual(closure(subject, tensor, place, side === "after" ? "uses" : "sources"));
    }
  });
});

/** All that is connected with an element by any number of lines, one neighbor after another. */
function closure(
  subject: Evaluated,
  tensor: string,
  place: number,
  side: "uses" | "sources",
): Named<readonly number[]> {
  const found = new Map<string, Set<number>>();
  const open: [string, number][] = [[tensor, place]];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const { tensor: name, places } of neighborsOf(subject, ...next)[side]) {
      const known = found.get(name) ?? new Set();
      found.set(name, known);
      for (const one of places) {
        if (known.has(one)) continue;
        known.add(one);
        open.push([name, one]);
      }
    }
  }
  return Object.fromEntries([...found].map(([name, places]) => [name, [...places].sort((a, b) => a - b)]));
}

describe("of a few lines, what is connected is known", () => {
  const subject = at(makemore, drawnBatch(makemore));
  const sizeOf = (name: string): number => subject.values[name]!.value.length;
  const [vocab, n] = [sizeOf("b2"), sizeOf("logit_maxes")];

  it("a broadcast row is copied to every row, and its gradient is summed over them", () => {
    const { uses } = neighborsOf(subject, "bnmeani", 1);
    const hidden = sizeOf("bnmeani");
    expect(uses).toEqual([
      {
        line: "bndiff",
        tensor: "bndiff",
        places: Array.from({ length: n }, (_, row) => row * hidden + 1),
        slopes: Array.from({ length: n }, () => -1),
      },
    ]);
  });

  it("a maximum is connected with the largest entry of its row alone, and with no other", () => {
    const { sources } = neighborsOf(subject, "logit_maxes", 0);
    const row = [...subject.values["logits"]!.value.subarray(0, vocab)];
    expect(sources).toEqual([
      { line: "logit_maxes", tensor: "logits", places: [row.indexOf(Math.max(...row))], slopes: [1] },
    ]);
  });

  it("an element with a local gradient of 0 is connected all the same", () => {
    const square = randomLines(3, 1);
    const zeros = new Measured([3, 4], new Float64Array(12));
    const zero = { ...square, values: { p: zeros, q: zeros, t0: zeros } };
    const input = square.lines[0]!.inputs[0]!;
    expect(neighborsOf(zero, input, 5).uses).toEqual([{ line: "t0", tensor: "t0", places: [5], slopes: [0] }]);
  });

  it("what a mask replaces is connected with nothing", () => {
    const masked = at(attention, batchOf(1));
    const hidden = masked.indices["later"]!.toArray().indexOf(1);
    expect(neighborsOf(masked, "masked", hidden).sources).toEqual([]);
    expect(neighborsOf(masked, "scores", hidden).uses).toEqual([]);
  });

  it("a gradient is the sum of its terms", () => {
    const { gradients } = drawnBatch(makemore);
    for (const name of ["counts", "bndiff", "C", "W1"]) {
      const { uses } = neighborsOf(subject, name, 7);
      const terms = uses.flatMap(({ tensor, places, slopes }) =>
        places.map((place, i) => slopes[i]! * gradients[tensor]!.toArray()[place]!),
      );
      const sum = terms.reduce((total, term) => total + term, 0);
      const size = terms.reduce((total, term) => total + Math.abs(term), 0);
      expect(Math.abs(sum - gradients[name]!.toArray()[7]!)).toBeLessThan(1e-5 * size);
    }
  });
});
