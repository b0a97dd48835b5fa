import { tensor, type Tensor } from "#tensor";
import { lineWriter } from "../../../network/line.ts";
import { networkOf } from "../../../network/network.ts";
import type { Generator } from "../../../network/random.ts";
import type { Sizes } from "../../../network/shape.ts";
import type { NamedPlace } from "../../../network/words.ts";
import { batchesOf } from "../batches.ts";
import { sequenceWords } from "../sequences.ts";

const line = lineWriter<"Xb" | "Yb">();

const places = ["sequences", "time"] as const;
const rows = ["sequences", "time", "embd"] as const;
const scores = ["sequences", "time", "vocab"] as const;

const parameters = { C: ["vocab", "embd"], P: ["time", "embd"] } as const;
const indices = { Xb: places, Yb: places } as const;

const lines = [
  line("emb", ["C", "Xb"], "C[Xb]", rows, ({ C, Xb }) => C.gatherRows(Xb)),
  line("x", ["emb", "P"], "emb + P", rows, ({ emb, P }) => emb.add(P)),
  line("logits", ["x", "C"], "x @ C.T", scores, ({ x, C }) => x.matmul(C.T)),
  line("probs", ["logits"], "softmax(logits, 2)", scores, ({ logits }) => logits.softmax(2)),
  line("logprobs", ["probs"], "log(probs)", scores, ({ probs }) => probs.log()),
  line("loss", ["logprobs", "Yb"], "-mean of logprobs[b, t, Yb[b, t]]", [], ({ logprobs, Yb }) =>
    logprobs
      .gather(2, Yb.view(...Yb.shape, 1))
      .mean()
      .neg(),
  ),
] as const;

/** The rows of characters that occur more than once, or not at all. */
const rowsOfCharacters: readonly NamedPlace[] = [
  {
    id: "repeated-characters",
    words: "in the row of a character that occurs more than once in Xb",
    holds: ({ given: { Xb } }, [row]) => countOf(Xb!, row!) > 1,
  },
  {
    id: "absent-characters",
    words: "in the row of a character that does not occur in Xb",
    holds: ({ given: { Xb } }, [row]) => countOf(Xb!, row!) === 0,
  },
];

/** Characters and positions as vectors, and a table that is used twice: it looks characters up, and it scores them. */
export const embeddings = networkOf({
  name: "embeddings",
  lines,
  parameters,
  indices,
  loss: "loss",
  words: {
    ...sequenceWords(["embd", "vocab"]),
    places: (answer, given) => (answer[0] === "vocab" && given.includes("Xb") ? rowsOfCharacters : []),
  },
  batches: batchesOf({
    lines,
    shapes: parameters,
    sizes: { sequences: [3, 5], time: [5, 7], embd: [7, 9], vocab: [9, 14] },
    indices: drawCharacters,
    start: ({ normal, flavor }) => ({ C: normal("C", flavor === "sharp" ? 1.2 : 1), P: normal("P", 0.5) }),
    equal: [
      { id: "square", equal: ["embd", "vocab"], sizes: { sequences: 3, time: 5, embd: 7, vocab: 7 } },
      { id: "even", equal: ["sequences", "time"], forAll: true, sizes: { sequences: 5, time: 5, embd: 7, vocab: 11 } },
    ],
  }),
  settle: (value, output) => (INTO_SOFTMAX.has(output) ? value : value.given()),
});

/** A rounding error of a logit comes back as a relative error of the probabilities. */
const INTO_SOFTMAX = new Set(["logits", "probs"]);

/** Fewer characters than places, and than there are: some repeat, within a sequence as well, and some do not occur. */
function drawCharacters({ sequences, time, vocab }: Sizes, generator: Generator): { Xb: Tensor; Yb: Tensor } {
  const different = Math.floor(Math.min(vocab!, sequences! * time!) / 2);
  const characters = generator.randperm(vocab!).slice(0, different);
  const drawn = generator.randint(0, different, sequences!, time!).toArray();
  drawn[1] = drawn[0]!;
  const Xb = tensor(
    drawn.map((i) => characters[i]!),
    [sequences!, time!],
    "int32",
  );
  return { Xb, Yb: generator.randint(0, vocab!, sequences!, time!) };
}

function countOf(Xb: Tensor, character: number): number {
  return Xb.toArray().filter((other) => other === character).length;
}
