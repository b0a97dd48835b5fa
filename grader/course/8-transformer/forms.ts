import { keepdim, oneHot, ones, tensor, zerosLike, type Tensor } from "#tensor";
import { settings } from "../transformer/adamw.ts";
import { intoHeads, sideBySide, type ParameterName } from "../transformer/lines.ts";
import { gradientOf, read, type LoopValues } from "../transformer/loop.ts";
import { eachParameter } from "../transformer/parameters.ts";
import { each, flat, productBy, sumBackwards } from "../elements.ts";
import { inBlocks } from "./in-blocks.ts";

/** A correct training step that differs in form from the solution, as lines of the loop that it replaces. */
export interface TrainingForm {
  readonly what: string;
  readonly changes: Readonly<Record<string, (values: LoopValues) => unknown>>;
}

const { beta1, beta2, epsilon, decay } = settings;

/** Correct training steps as learners write them. The course's tests check that every one of them is accepted. */
export const rightTrainingForms: readonly TrainingForm[] = [
  {
    what: "products of transposed operands, transposed",
    changes: {
      dln: (values) => transposed(read(values, "Wl"), read(values, "dlogits")),
      ...inBlocks({
        dln2: (own) => transposed(own("W1"), own("dpre")),
        dmixed: (own) => transposed(own("Wo"), own("dy")),
      }),
      gradients: gradientsWith((values, name) => {
        const gradient = gradientOf(values, name);
        if (name === "Wl") return flat(read(values, "dlogits")).T.matmul(flat(read(values, "ln"))).T;
        return gradient;
      }),
    },
  },
  {
    what: "the layer norms by the gradients of their variances and means",
    changes: {
      dx_2: (values) =>
        lineByLine(read(values, "dln"), read(values, "gain"), read(values, "diff"), read(values, "inv")),
      ...inBlocks({
        dy: (own, dout) => lineByLine(own("dln2"), own("gain2"), own("diff2"), own("inv2")).add(dout),
        dx: (own) => lineByLine(own("dln1"), own("gain1"), own("diff1"), own("inv1")).add(own("dy")),
      }),
    },
  },
  {
    what: "the softmaxes with products first, and the scale with the queries and keys",
    changes: inBlocks({
      dq: (own) => sideBySide(scoresOf(own).matmul(own("k").div(Math.sqrt(own("k").size(3))))),
      dk: (own) =>
        sideBySide(
          scoresOf(own)
            .transpose(2, 3)
            .matmul(own("q").div(Math.sqrt(own("q").size(3)))),
        ),
    }),
  },
  {
    what: "the loss line by line, through the probabilities",
    changes: {
      dlogits: (values) => {
        const [probs, Yb] = [read(values, "probs"), read(values, "Yb")];
        const dprobs = oneHot(Yb, probs.size(-1)).div(probs).div(-Yb.numel());
        return probs.mul(dprobs.sub(probs.mul(dprobs).sum(-1, keepdim)));
      },
    },
  },
  {
    what: "the division by the number of places comes last, at each gradient",
    changes: {
      dlogits: (values) => read(values, "probs").sub(oneHot(read(values, "Yb"), read(values, "probs").size(-1))),
      gradients: gradientsWith((values, name) => gradientOf(values, name).div(read(values, "Yb").numel())),
    },
  },
  {
    what: "biases and gains as products with ones, embeddings in loops and as one-hot rows",
    changes: {
      gradients: gradientsWith((values, name) => {
        const dx = flat(read(values, "dx_0"));
        if (name === "C") return oneHot(read(values, "Xb").view(-1), read(values, "C").size(0)).T.matmul(dx);
        if (name === "P") return positions(read(values, "P"), read(values, "dx_0"));
        if (name === "bl") return summed(read(values, "dlogits"));
        if (name === "gain") return summed(read(values, "raw").mul(read(values, "dln")));
        if (name.startsWith("b1")) return summed(read(values, `dpre_${name.at(-1)}`));
        return gradientOf(values, name);
      }),
    },
  },
  {
    what: "sums from the last term to the first, for the matrix of the logits",
    changes: {
      dln: (values) => {
        const dlogits = read(values, "dlogits");
        const [batch, time] = dlogits.shape as [number, number];
        return productBy(sumBackwards, flat(dlogits), read(values, "Wl").T).view(batch, time, -1);
      },
    },
  },
  {
    what: "one norm from the norms of the gradients, and a division by it",
    changes: {
      moving: ({ gradients }) => {
        const all = gradients as Readonly<Record<string, Tensor>>;
        const norms = Object.values(all).map((gradient) => Math.sqrt(gradient.pow(2).sum().item()));
        const norm = Math.hypot(...norms);
        return eachParameter((name) => (norm > 1 ? all[name]!.div(norm) : all[name]!));
      },
    },
  },
  {
    what: "AdamW in PyTorch's order: the decay first, the rate divided by m's correction",
    changes: { moved: movedInOrder },
  },
];

/** The product of a tensor's rows with a transposed matrix, as the transpose of the other product. */
function transposed(matrix: Tensor, above: Tensor): Tensor {
  return matrix.matmul(above.transpose(1, 2)).transpose(1, 2);
}

function gradientsWith(of: (values: LoopValues, name: ParameterName) => Tensor): (values: LoopValues) => unknown {
  return (values) => eachParameter((name) => of(values, name));
}

/** Back through a layer norm as part 7 takes it: the inverse root, the variance, the differences, the mean. */
function lineByLine(dln: Tensor, gain: Tensor, diff: Tensor, inv: Tensor): Tensor {
  const draw = dln.mul(gain);
  const dinv = draw.mul(diff).sum(-1, keepdim);
  const dvar = inv.pow(3).mul(-0.5).mul(dinv);
  const ddiff = draw.mul(inv).add(diff.mul(2 / diff.size(-1)).mul(dvar));
  return ddiff.sub(ddiff.mean(-1, keepdim));
}

/** The gradient of the scaled scores, shape [batch, heads, time, time]. */
function scoresOf(own: (name: string) => Tensor): Tensor {
  const products = own("weights").mul(intoHeads(own("dmixed")).matmul(own("v").transpose(2, 3)));
  return products.sub(own("weights").mul(products.sum(-1, keepdim)));
}

/** The sum over all places, as a product with ones. */
function summed(above: Tensor): Tensor {
  return ones(1, flat(above).size(0)).matmul(flat(above)).view(-1);
}

/** The gradient of the positions, the last sequence first. */
function positions(P: Tensor, dx: Tensor): Tensor {
  const dP = zerosLike(P);
  for (let b = dx.size(0) - 1; b >= 0; b--) each(dP, (t, k) => dP.set(t, k, dP.get(t, k) + dx.get(b, t, k)));
  return dP;
}

function movedInOrder({ parameters, moving, learningRate }: LoopValues): unknown {
  const t = parameters["t"]!.add(1);
  const [a, b] = [1 - beta1 ** t.item(), 1 - beta2 ** t.item()];
  const after: Record<string, Tensor> = { t };
  for (const [name, g] of Object.entries(moving)) {
    const [m, v] = [parameters[`m.${name}`]!, parameters[`v.${name}`]!];
    const mean = m.add(g.sub(m).mul(1 - beta1));
    const square = v.mul(beta2).add(g.mul(g).mul(1 - beta2));
    const root = square.sqrt().div(Math.sqrt(b)).add(epsilon);
    after[`m.${name}`] = mean;
    after[`v.${name}`] = square;
    after[name] = parameters[name]!.mul(tensor(1 - learningRate * decay)).sub(mean.div(root).mul(learningRate / a));
  }
  return after;
}
