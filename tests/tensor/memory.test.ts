import { createContext, runInContext, constants } from "node:vm";
import { readFileSync } from "node:fs";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { keepdim, tensor, type Tensor } from "#tensor";
import { loadKernels, SIZE } from "../../grader/tensor/memory.ts";
import { Storage } from "../../grader/tensor/storage.ts";
import { projectRoot } from "../../grader/runner/project.ts";

beforeAll(() => {
  loadKernels();
});

describe("the kernels' memory", () => {
  it("gets back at once what a variance needs in between", () => {
    const x = tensor(
      new Float32Array(6400).map((_, i) => i),
      [32, 200],
    ).add(0);
    const before = Storage.empty(2000).address;
    const variance = x.var(0, keepdim);
    expect(Storage.empty(2000).address).toBe(before + 8000);
    expect([...variance.toArray()]).toEqual(Array<number>(200).fill((200 * 200 * 32 * 33) / 12));
  });

  it("is freed by the garbage collector between turns of the event loop", async () => {
    const kept: Tensor[] = [];
    let inMemory = 0;
    // 16 GB in all, a hundred times the memory there is
    for (let turn = 0; turn < 4000; turn++) {
      for (let i = 0; i < 16; i++) if (Storage.empty(2 ** 16).address >= 0) inMemory += 1;
      // small tensors that stay do not keep large ones in memory
      kept.push(tensor([[turn]]).add(0));
      await setImmediate();
    }
    // how soon it is freed depends on how busy the machine is; what is never freed is used once
    expect(inMemory).toBeGreaterThan((10 * SIZE) / 2 ** 18);
    expect(kept.every((t, turn) => t.item() === turn)).toBe(true);
  });

  it("is not needed: if it is full, tensors are stored elsewhere", () => {
    const kept: Tensor[] = [];
    // 400 MB, more than there is, without a turn of the event loop in between
    for (let i = 0; i < 400; i++) kept.push(tensor(new Float32Array(2 ** 18).fill(i)).add(1));
    expect(kept.every((t, i) => t.get(0) === i + 1 && t.get(2 ** 18 - 1) === i + 1)).toBe(true);
    const [last] = kept.slice(-1);
    expect(last!.view(512, 512).sum(0).sum(0).item()).toBe(2 ** 18 * 400);
    expect(last!.view(512, 512).matmul(last!.view(512, 512)).get(511, 511)).toBe(512 * 400 * 400);
  });

  it("keeps a tensor's earlier transpose when the tensor changes in place", () => {
    const a = tensor([
      [1, 2],
      [3, 4],
    ]);
    const before = a.T;
    a.add_(10).set(0, 0, 7);
    const between = a.T;
    a.indexAdd_(0, tensor([1], [1], "int32"), tensor([[100, 100]]));
    expect([...before.toArray()]).toEqual([1, 3, 2, 4]);
    expect([...between.toArray()]).toEqual([7, 13, 12, 14]);
    expect([...a.toArray()]).toEqual([7, 12, 113, 114]);
    const turned = a.T;
    turned.mul_(2);
    expect([...a.toArray()]).toEqual([7, 12, 113, 114]);
    expect([...turned.matmul(tensor([[1], [0]])).toArray()]).toEqual([14, 24]);
  });
});

/** #tensor as one script, with a training step that returns its loss and a digest of its parameters. */
async function script(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { trainStep } from "./solutions/4-training-loop/train.ts";
        import { tensor } from "#tensor";
        let seed = 1;
        const random = (...shape) => {
          const count = shape.reduce((product, extent) => product * extent, 1);
          return tensor(Array.from({ length: count }, () => (seed = (seed * 48271) % 2147483647) / 2 ** 31 - 0.5), shape);
        };
        const indices = (...shape) => {
          const count = shape.reduce((product, extent) => product * extent, 1);
          return tensor(Array.from({ length: count }, (_, i) => (7 * i) % 27), shape, "int32");
        };
        const parameters = { C: random(27, 10), W1: random(30, 200), b1: random(200), W2: random(200, 27), b2: random(27),
          bngain: random(1, 200).add(1), bnbias: random(1, 200) };
        const batch = { Xb: indices(32, 3), Yb: indices(32) };
        const losses = [];
        for (let i = 0; i < 40; i++) losses.push(trainStep(parameters, batch, 0.1).loss.item());
        globalThis.result = JSON.stringify([losses, ...Object.values(parameters).map((p) => [...p.toArray()])]);`,
      resolveDir: projectRoot,
      loader: "ts",
    },
    bundle: true,
    write: false,
    format: "iife",
    platform: "neutral",
    mainFields: ["module", "main"],
  });
  return outputFiles[0]!.text;
}

describe("#tensor with nothing but the language", () => {
  it("gives the same bits with WebAssembly and without, in a context that has neither Node nor eval", async () => {
    const code = await script();
    const run = (wasm: boolean): string => {
      // @types/node for Node 20 lacks it
      const { DONT_CONTEXTIFY } = constants as unknown as { DONT_CONTEXTIFY: object };
      const context = createContext(DONT_CONTEXTIFY, { codeGeneration: { strings: false, wasm } });
      if (!wasm) runInContext("delete globalThis.WebAssembly", context);
      return runInContext(`${code}; result`, context) as string;
    };
    expect(run(true)).toBe(run(false));
  });

  it("has a size of a few kB", () => {
    const file = readFileSync(path.join(projectRoot, "grader", "tensor", "simd-bytes.ts"), "utf8");
    expect(file.length).toBeLessThan(35_000);
  });
});
