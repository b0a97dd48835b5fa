import { tensor, type Tensor } from "#tensor";
import { forward } from "../../network/backward.ts";
import type { Named } from "../../network/named.ts";
import { Generator } from "../../network/random.ts";
import type { Dataset, Split } from "../makemore/dataset.ts";
import { laterThan } from "../elements.ts";
import { lines } from "./lines.ts";
import { SEED, trainedSizes } from "./parameters.ts";
import { streamOf } from "./run.ts";

type Parameters = Readonly<Named<Tensor>>;

const { time } = trainedSizes;
/** How many sequences are computed at a time. */
const CHUNK = 100;
/** A sampled name that does not end is cut off here. */
const LONGEST_NAME = 50;
const later = laterThan(time);
const toLogprobs = lines.slice(0, -1);

/** A sequence of characters, and the places whose next character is to be predicted: from a first one to the last. */
interface Sequence {
  readonly characters: Int32Array;
  readonly next: Int32Array;
  readonly from: number;
}

/**
 * The mean loss per character of a split's names, ends included, as for the lecture's network. Each name begins a sequence of
 * its own; a character behind the first 16 is predicted from the 16 before it.
 */
export async function meanLoss(parameters: Parameters, dataset: Dataset, split: Split): Promise<number> {
  const all = [...sequencesIn(streamOf(dataset, split))];
  let [sum, count] = [0, 0];
  for (let from = 0; from < all.length; from += CHUNK) {
    // the event loop turns, so that the tensors' memory is freed
    await new Promise((resolve) => setTimeout(resolve));
    const chunk = all.slice(from, from + CHUNK);
    const logprobs = logprobsOf(
      parameters,
      chunk.map(({ characters }) => characters),
    );
    const [values, vocab] = [logprobs.toArray(), logprobs.size(2)];
    for (const [row, { next, from: first }] of chunk.entries()) {
      for (let place = first; place < next.length; place++) sum -= values[(row * time + place) * vocab + next[place]!]!;
      count += next.length - first;
    }
  }
  return sum / count;
}

function* sequencesIn(stream: Int32Array): Iterable<Sequence> {
  for (let begin = 0; begin + 1 < stream.length;) {
    const end = stream.indexOf(0, begin + 1);
    const length = end - begin;
    yield cut(stream, begin, Math.min(length, time), 0);
    for (let extra = time; extra < length; extra++) yield cut(stream, begin + extra - time + 1, time, time - 1);
    begin = end;
  }
}

function cut(stream: Int32Array, begin: number, length: number, from: number): Sequence {
  return { characters: stream.slice(begin, begin + length), next: stream.slice(begin + 1, begin + length + 1), from };
}

/** Names drawn from the model. */
export function sampleNames(parameters: Parameters, characters: Dataset["characters"], count: number): string[] {
  const generator = new Generator(SEED + 10);
  return Array.from({ length: count }, () => {
    const drawn = [0];
    while (drawn.length <= LONGEST_NAME) {
      const context = drawn.slice(-time);
      const logprobs = logprobsOf(parameters, [Int32Array.from(context)]);
      const place = tensor([context.length - 1], [1], "int32");
      const next = generator.multinomial(logprobs.view(time, -1).gatherRows(place).exp());
      if (next === 0) break;
      drawn.push(next);
    }
    return drawn
      .slice(1)
      .map((character) => characters[character])
      .join("");
  });
}

/** logprobs [batch, time, vocab]; what follows the end of a sequence has no influence on what is before. */
function logprobsOf(parameters: Parameters, sequences: readonly Int32Array[]): Tensor {
  const Xb = new Int32Array(sequences.length * time);
  for (const [row, characters] of sequences.entries()) Xb.set(characters, row * time);
  const indices = { Xb: tensor(Xb, [sequences.length, time], "int32"), later };
  return forward<Tensor>(toLogprobs, parameters, indices)["logprobs"]!;
}
