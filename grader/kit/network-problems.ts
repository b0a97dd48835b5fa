import type { Tensor } from "#tensor";
import { Measured } from "../autograd/measured.ts";
import { differentiateLoss, evaluate } from "../network/backward.ts";
import type { RandomBatch } from "../network/batch.ts";
import type { Line } from "../network/line.ts";
import type { Named } from "../network/named.ts";
import { startNamesOf, type Network } from "../network/network.ts";
import { Generator } from "../network/random.ts";
import { factorsOf, shapeIn, shapeText, type Extent } from "../network/shape.ts";
import { describe, sameShape } from "../tensor/shape.ts";
import { isName } from "./names-in-code.ts";

/** Something that is wrong with a network as it is written. */
export interface NetworkProblem {
  /** The tensor or the size that it is about. */
  readonly about: string;
  readonly problem: string;
}

/**
 * What is wrong with a network's table of lines: names, shapes, what its lines read, and whether gradients flow back. Its
 * first problem is often the cause of the others.
 */
export function networkProblems(network: Network): NetworkProblem[] {
  const found = [...problemsOfNames(network), ...problemsOfSizes(network), ...problemsOfReading(network)];
  return found.length > 0 ? found : problemsOfValues(network);
}

function problemsOfNames(network: Network): NetworkProblem[] {
  const { lines, parameters, indices, inputs = {}, words } = network;
  const tensors = [parameters, indices, inputs].flatMap((shapes) => Object.keys(shapes));
  const all = [...tensors, ...lines.map(({ output }) => output)];
  const sizes = Object.keys(words.sizes).flatMap(factorsOf);
  const unfit = [...all, ...sizes].filter((name) => !isName(name));
  const reserved = all.filter((name) => isName(name) && !isName(`d${name}`));
  const twice = all.filter((name, i) => all.indexOf(name) < i);
  return [
    ...unfit.map((about) => ({
      about,
      problem: "is no name that code can use: letters, digits and _, no reserved word",
    })),
    ...reserved.map((about) => ({
      about,
      problem: `needs another name: its gradient would be called d${about}, which is a reserved word`,
    })),
    ...twice.map((about) => ({ about, problem: "names two tensors; each needs a name of its own" })),
  ];
}

function problemsOfSizes({ lines, parameters, indices, inputs, words }: Network): NetworkProblem[] {
  const known = Object.keys(words.sizes).flatMap(factorsOf);
  const wordless = Object.entries(words.sizes).filter(([, { one }]) => !one);
  const shapes: [string, readonly Extent[]][] = [
    ...Object.entries({ ...parameters, ...indices, ...inputs }),
    ...lines.map(({ output, shape }): [string, readonly Extent[]] => [output, shape]),
  ];
  const lacking = wordless.map(([about]) => ({
    about,
    problem: `has no word for one entry along it: write ${about}: { one: "..." }`,
  }));
  const unknown = shapes.flatMap(([about, shape]) => {
    const unknown = shape.flatMap(factorsOf).find((name) => !known.includes(name));
    if (unknown === undefined) return [];
    return [{ about, problem: `has the size ${unknown}, which has no word; the sizes are ${known.join(", ")}` }];
  });
  return [...lacking, ...unknown];
}

function problemsOfReading({ lines, parameters, indices, inputs = {}, loss }: Network): NetworkProblem[] {
  const known = new Set([parameters, indices, inputs].flatMap((shapes) => Object.keys(shapes)));
  const found: NetworkProblem[] = [];
  for (const { output, inputs: read } of lines) {
    for (const name of read.filter((one) => !known.has(one))) {
      const isLater = lines.some((line) => line.output === name);
      const why = isLater ? "which is computed only here or further down" : "which no line computes";
      const what = isLater
        ? "move its line up"
        : "write its line, or its shape among the parameters, inputs or indices";
      found.push({ about: output, problem: `reads ${name}, ${why}: ${what}` });
    }
    known.add(output);
  }
  if (!lines.some(({ output }) => output === loss)) {
    found.push({ about: loss, problem: "is the loss, but no line computes it" });
  }
  const used = new Set(lines.flatMap(({ inputs: read }) => read));
  const idle = [...known].filter((name) => name !== loss && !used.has(name));
  const isComputed = (name: string): boolean => lines.some(({ output }) => output === name);
  found.push(
    ...idle.map((about) => ({
      about,
      problem: isComputed(about)
        ? `is read by no line, and the loss is ${loss}: remove its line, or write loss: "${about}"`
        : "is read by no line: remove it",
    })),
  );
  return found;
}

/** The lines at a random batch, in order; the first that does not give what its shape says ends it. */
function problemsOfValues(network: Network): NetworkProblem[] {
  const { lines, loss, batches } = network;
  let batch: RandomBatch;
  let start: Named<Measured>;
  try {
    batch = batches.plain(new Generator(1));
    start = startOf(network, batch);
  } catch (error) {
    // a batch that computes all of its lines at once fails where they do
    return [{ about: loss, problem: `cannot be computed: its batches are not drawn (${messageOf(error)})` }];
  }
  const values: Named<Measured | Tensor> = { ...start, ...batch.indices };
  for (const line of lines) {
    const problem = problemOfLine(line, values, batch);
    if (problem !== undefined) return [{ about: line.output, problem }];
  }
  const [last] = lines.filter(({ output }) => output === loss);
  if (last!.shape.length > 0) return [{ about: loss, problem: "is the loss: it should be a single number, shape []" }];
  try {
    const { gradients } = differentiateLoss(network, start, batch.indices);
    const missing = startNamesOf(network).filter((name) => name in network.parameters && !(name in gradients));
    return missing.map((about) => ({ about, problem: "gets no gradient: no line that reads it leads to the loss" }));
  } catch (error) {
    return [{ about: loss, problem: `cannot be differentiated: ${messageOf(error)}` }];
  }
}

/** The tensors that a forward pass starts from, drawn without computing its lines where the batch allows that. */
function startOf(network: Network, { value }: RandomBatch): Named<Measured> {
  return Object.fromEntries(startNamesOf(network).map((name) => [name, Measured.from(value(name))]));
}

/** What is wrong with a line; if nothing is, its value is added to the others. */
function problemOfLine(line: Line, values: Named<Measured | Tensor>, { sizes }: RandomBatch): string | undefined {
  const { output, inputs, shape } = line;
  const read = new Set<string>();
  const given = new Proxy(Object.fromEntries(inputs.map((name) => [name, values[name]!])), {
    get(target, name) {
      read.add(String(name));
      return target[String(name)];
    },
  });
  let value: Measured;
  try {
    value = evaluate<Measured>(line, given);
  } catch (error) {
    const lacking = [...read].find((name) => !inputs.includes(name));
    if (lacking !== undefined) return `uses ${lacking}, which is not in the list of what it reads`;
    return `throws: ${messageOf(error)}`;
  }
  const idle = inputs.find((name) => !read.has(name));
  if (idle !== undefined) return `lists ${idle} among what it reads, but its expression does not use it`;
  const expected = shapeIn(shape, sizes);
  if (!sameShape(value.shape, expected)) {
    const known = Object.entries(sizes).map(([name, size]) => `${name} is ${size}`);
    return `should have shape ${shapeText(shape)}, here ${describe(expected)}, and its expression gives ${describe(value.shape)} (${known.join(", ")})`;
  }
  if (!value.value.every(Number.isFinite)) return "is not finite at random numbers: draw its inputs so that it is";
  values[output] = value;
  return undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
