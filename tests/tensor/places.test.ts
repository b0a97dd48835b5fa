import { beforeEach, describe, expect, it, vi } from "vitest";
import { Generator } from "../../grader/network/random.ts";
import type { Tensor } from "../../grader/tensor/index.ts";
import type { Storage } from "../../grader/tensor/storage.ts";

/** The tensors, with memory of their own: what one test has lost is not lost to the next. */
async function freshTensors() {
  vi.resetModules();
  const { loadKernels } = await import("../../grader/tensor/memory.ts");
  expect(loadKernels()).toBe(true);
  const { Storage } = await import("../../grader/tensor/storage.ts");
  const places = await import("../../grader/tensor/places.ts");
  return { Storage, ...places, ...(await import("../../grader/tensor/index.ts")) };
}

function filled(length: number, value: number): Storage {
  const storage = t.Storage.empty(length);
  storage.floats.fill(value);
  return storage;
}

let t: Awaited<ReturnType<typeof freshTensors>>;
beforeEach(async () => {
  t = await freshTensors();
});

describe("the memory of a training step", () => {
  it("is used again by the step after the next, and so much is taken as three steps need", () => {
    const addresses = new Set<number>();
    for (let step = 0; step < 500; step++) {
      t.inStep(() => {
        // 2 MB
        for (let i = 0; i < 8; i++) addresses.add(t.Storage.empty(2 ** 16).address);
      });
    }
    expect(Math.min(...addresses)).toBeGreaterThan(0);
    expect(addresses.size).toBeLessThanOrEqual(3 * 8);
  });

  it("is not taken for tensors larger than its chunks, nor once half of all memory is", () => {
    const large = t.inStep(() => filled(2 ** 19, 7));
    const many = t.inStep(() => Array.from({ length: 70 }, (_, i) => filled(2 ** 18, i)));
    for (let step = 0; step < 5; step++) t.inStep(() => t.zeros(100, 100).add(1));
    expect(large.floats[0]).toBe(7);
    expect(many.slice(64).map(({ floats }) => floats[0])).toEqual([64, 65, 66, 67, 68, 69]);
    expect(() => many.map(({ floats }) => floats)).toThrow("used again");
  });

  it("keeps what was made outside of steps, though steps change it in place and transpose it", () => {
    const kept = t.tensor([
      [1, 2],
      [3, 4],
    ]);
    const earlier = kept.T;
    for (let step = 0; step < 100; step++) {
      t.inStep(() => {
        t.zeros(400, 400).add(step);
        kept.add_(kept.T.mul(0).add(1));
      });
    }
    expect([...kept.toArray()]).toEqual([101, 102, 103, 104]);
    expect([...earlier.toArray()]).toEqual([1, 3, 2, 4]);
    expect(t.hasLostTensors()).toBe(false);
  });

  it("is safe to read when the step has ended, and what is read then stays", () => {
    const losses: Tensor[] = [];
    for (let step = 0; step < 200; step++) {
      const loss = t.inStep(() => t.zeros(300, 300).add(step).mean());
      expect(loss.item()).toBe(step);
      losses.push(loss);
    }
    expect(losses.map((loss) => loss.item())).toEqual(losses.map((_, step) => step));
  });

  it("is given back when a step throws", () => {
    expect(() =>
      t.inStep(() => {
        throw new Error("no");
      }),
    ).toThrow("no");
    const outside = t.zeros(100, 100).add(7);
    for (let step = 0; step < 20; step++) t.inStep(() => t.zeros(400, 400).add(1));
    expect(outside.get(99, 99)).toBe(7);
  });

  /** Programs that keep tensors for some steps, and read them in any way there is. */
  const reads: readonly ((x: Tensor) => number)[] = [
    (x) => x.get(0, 0),
    (x) => x.T.add(0).get(0, 0),
    (x) => x.view(-1).sum(0).item() / x.numel(),
    (x) => x.matmul(x.T).get(0, 0) / x.get(0, 0) / x.size(1),
    (x) => x.clone().add_(0).get(1, 1),
    (x) => x.max(1).values.get(0),
    (x) => x.softmax(1).mul(x).sum(1).get(0),
    (x) => x.gatherRows(t.tensor([1], [1], "int32")).get(0, 0),
    (x) => x.mul_(1).get(0, 0),
    (x) => x.T.T.get(1, 0),
    (x) => x.set(0, 0, x.get(0, 1)).get(0, 0),
    (x) => x.float().get(0, 0),
  ];

  it("never gives a tensor other values: whatever is kept is right, or is said to be lost", () => {
    const generator = new Generator(7);
    const random = (count: number): number => generator.randint(0, count, 1).get(0);
    let lost = 0;
    let right = 0;
    let kept: { x: Tensor; value: number; made: number }[] = [];
    for (let step = 0; step < 3000; step++) {
      t.inStep(() => {
        for (const { x, value, made } of kept) {
          if (random(4) > 0) continue;
          try {
            expect(reads[random(reads.length)]!(x) / value).toBeCloseTo(1, 4);
            right++;
          } catch (error) {
            if (!/used again/.test(String(error))) throw error;
            expect(step - made).toBeGreaterThan(1);
            lost++;
          }
        }
        const value = 1 + random(1000);
        const size = 20 + random(200);
        const made = t.zeros(size, 30).add(value);
        const forms = [made, made.T, made.view(30, size), made.T.T];
        kept.push({ x: forms[random(forms.length)]!, value, made: step });
        // what other tensors a step needs
        for (let i = random(10); i > 0; i--) t.zeros(100, 100).add(-i);
      });
      if (kept.length > 12) kept = kept.filter(() => random(2) > 0);
    }
    expect(lost).toBeGreaterThan(500);
    expect(right).toBeGreaterThan(500);
    expect(t.hasLostTensors()).toBe(true);
  });
});
