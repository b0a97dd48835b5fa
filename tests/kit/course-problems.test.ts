import { expect, it } from "vitest";
import type { Tensor } from "#tensor";
import { courseProblem } from "../../grader/course/course-problems.ts";
import type { TaughtPart } from "../../grader/course/taught.ts";
import { networkProblems } from "../../grader/kit/network-problems.ts";
import type { Line } from "../../grader/network/line.ts";
import type { Network } from "../../grader/network/network.ts";
import { plainBatches } from "../../grader/kit/plain-batches.ts";
import { dz } from "./course/1-gru/dz.ts";
import { gru } from "./course/gru/network.ts";

const part: TaughtPart = { folder: "1-gru", network: gru, rooms: [dz] };
const lines = gru.lines as readonly Line[];

/** The network with a line changed, or with something else; its batches go through the changed lines. */
function changed(output: string, change: Partial<Line>, others: Partial<Network> = {}): Network {
  const own = lines.map((line) => (line.output === output ? { ...line, ...change } : line));
  const { parameters, inputs = {}, words } = { ...gru, ...others };
  const batches = plainBatches({ lines: own, parameters, inputs, sizes: words.sizes, examples: "batch" });
  return { ...(gru as Network), lines: own, batches, ...others };
}

/** An expression over tensors, as the expression of a line. */
function written(over: (values: Record<string, Tensor>) => Tensor): Line["expression"] {
  return over as unknown as Line["expression"];
}

const wide = ["batch", "hidden"];
const problems: [what: string, network: Network, about: string, problem: RegExp][] = [
  [
    "a shape that does not fit",
    changed("z", { shape: ["hidden", "batch"] }),
    "z",
    /should have shape \[hidden, batch\], here \[\d+, \d+\], and its expression gives/,
  ],
  ["a tensor that no line computes", changed("r", { inputs: ["rgate"] }), "r", /reads rgate, which no line computes/],
  [
    "a line that comes too late",
    changed("rpre", { inputs: ["n"] }),
    "rpre",
    /reads n, which is computed only here or further down/,
  ],
  [
    "an input that the list lacks",
    changed("hnext", { inputs: ["z", "n"] }),
    "hnext",
    /uses h, which is not in the list/,
  ],
  [
    "an input that is not used",
    changed("n", { inputs: ["npre", "z"] }),
    "n",
    /lists z among what it reads, but its expression does not use it/,
  ],
  [
    "a size without a word",
    changed("n", { shape: ["batch", "hiden"] }),
    "n",
    /has the size hiden, which has no word; the sizes are batch, input, hidden/,
  ],
  [
    "a parameter that nothing reads",
    changed("n", {}, { parameters: { ...gru.parameters, W: wide } }),
    "W",
    /is read by no line/,
  ],
  ["a name that code cannot use", changed("n", { output: "n-pre" }), "n-pre", /is no name that code can use/],
  ["a reserved word", changed("n", { output: "new" }), "new", /is no name that code can use/],
  [
    "a name that a gradient cannot have",
    changed("n", { output: "o" }),
    "o",
    /its gradient would be called do, which is a reserved word/,
  ],
  [
    "a size whose word is missing",
    changed("n", {}, { words: { ...gru.words, sizes: { ...gru.words.sizes, hidden: { one: "" } } } }),
    "hidden",
    /has no word for one entry along it/,
  ],
  [
    "a line that is not the loss and leads nowhere",
    changed("n", {}, { loss: "hnext" }),
    "loss",
    /is read by no line, and the loss is hnext/,
  ],
  ["one name twice", changed("n", { output: "z" }), "z", /names two tensors/],
  [
    "an error in a line",
    changed("n", {
      expression: () => {
        throw new Error("out of range");
      },
    }),
    "n",
    /throws: out of range/,
  ],
  [
    "a value that is not finite",
    changed("n", { expression: written(({ npre }) => npre!.log()) }),
    "n",
    /is not finite at random numbers/,
  ],
  ["a loss that no line computes", changed("n", {}, { loss: "cost" }), "cost", /is the loss, but no line computes it/],
  [
    "a loss that is no number",
    changed("loss", {
      shape: wide,
      expression: written(({ hnext, target }) => hnext!.sub(target!)),
    }),
    "loss",
    /it should be a single number/,
  ],
];

it.each(problems)("%s is told at its tensor", (_, network, about, problem) => {
  const [first] = networkProblems(network);
  expect(first).toEqual({ about, problem: expect.stringMatching(problem) as string });
});

it("a network as it should be has no problem", () => {
  expect(networkProblems(gru)).toEqual([]);
  expect(courseProblem({ 1: part })).toBeUndefined();
  expect(courseProblem({})).toBeUndefined();
});

it.each([
  ["no table", undefined, /should export course/],
  ["a part without a number", { gru: part }, /gru is not the number of a part/],
  [
    "a part without rooms",
    { 1: { folder: "1-gru", network: gru } },
    /part 1 should have a folder, a network and rooms/,
  ],
  [
    "a folder that is no part's",
    { 1: { ...part, folder: "../gru" } },
    /the folder "..\/gru" should be a number and a name/,
  ],
  ["one folder twice", { 1: { ...part, rooms: [] }, 2: part }, /two parts have the folder 1-gru/],
  [
    "one id twice",
    { 1: part, 2: { ...part, folder: "2-gru" } },
    /two steps have the id dz, in part 1 and in part 2; .* id: "gru-dz"/,
  ],
  [
    "a room for no tensor",
    { 1: { ...part, rooms: [{ ...dz, tensor: "q", runs: [] }] } },
    /gru has no tensor q with a gradient; it has hnext, z,/,
  ],
])("%s is told", (_, course, problem) => {
  expect(courseProblem(course)?.problem).toMatch(problem);
});
