import { keepdim, type Tensor } from "#tensor";
import type { KnownMistake, Mistake } from "../../../kit/mistake.ts";
import { looks } from "../../looks.ts";
import { EPSILON, inverseRoot, normalized, throughNorm } from "./functions.ts";

/** The two gradients that reach a tensor below a layer norm with a residual connection around it. */
interface Branches {
  /** The tensor. */
  readonly x: Tensor;
  /** The gradient of its normalized rows. */
  readonly above: Tensor;
  /** The gradient of the sum that the residual connection leads to. */
  readonly past: Tensor;
}

interface NormMistake extends KnownMistake, Pick<Mistake, "namesBranch"> {
  readonly of: (branches: Branches) => Tensor;
}

/**
 * What goes wrong where a layer norm and a residual connection meet, by the names of the tensor that both read, of its
 * normalized rows and of the sum.
 *
 * @param hasSmallVariances whether drawn batches have rows whose variance is as small as epsilon
 * @typeParam Name what the step is given
 */
export function normMistakes<Name extends string>(
  x: string,
  raw: string,
  sum: string,
  branchesOf: (given: Readonly<Record<Name, Tensor>>) => Branches,
  { hasSmallVariances = false } = {},
): readonly Mistake<Name>[] {
  const mistakes: readonly NormMistake[] = [
    {
      id: "residual-missing",
      idea: "the residual connection is overlooked",
      sentence: `the branch through ${sum} is missing: ${x} is also added to what comes of it`,
      namesBranch: true,
      look: looks.branchMissing(x),
      of: ({ x, above }) => throughNorm(x, above),
    },
    {
      id: "norm-missing",
      idea: "only the residual connection is followed",
      sentence: `the branch through ${raw} is missing: the layer norm reads ${x} as well`,
      namesBranch: true,
      look: looks.branchMissing(x),
      of: ({ past }) => past.clone(),
    },
    {
      id: "mean-missing",
      idea: "the mean is treated as a constant",
      sentence: `in the branch through ${raw}, the mean's term is missing: every entry of a row moves its mean`,
      namesBranch: true,
      look: "Add one number to all entries of a row: the normalized row stays. What follows for the sum of its gradient?",
      of: ({ x, above, past }) => throughNorm(x, above, { mean: 0 }).add(past),
    },
    {
      id: "variance-missing",
      idea: "the variance is treated as a constant",
      sentence: `in the branch through ${raw}, the variance's term is missing: every entry of a row moves its variance`,
      namesBranch: true,
      look: "Double a row: the normalized row stays. What follows for its gradient, multiplied by the row and summed?",
      of: ({ x, above, past }) => throughNorm(x, above, { variance: 0 }).add(past),
    },
    {
      id: "scale-alone",
      idea: "mean and variance are treated as constants",
      sentence: `in the branch through ${raw}, the terms of the mean and of the variance are missing`,
      namesBranch: true,
      look: "Which parts of the line depend on an entry besides the entry itself?",
      of: ({ x, above, past }) => throughNorm(x, above, { mean: 0, variance: 0 }).add(past),
    },
    {
      id: "variance-added",
      idea: "the variance's term has the wrong sign",
      sentence: `in the branch through ${raw}, the variance's term is added: it should be subtracted, like the mean's`,
      namesBranch: true,
      look: "Multiply the gradient of a row by the normalized row and sum: with the right sign, that is nearly zero.",
      of: ({ x, above, past }) => throughNorm(x, above, { variance: -1 }).add(past),
    },
    {
      id: "unbiased",
      idea: "the variance is divided by one less",
      sentence: `in the branch through ${raw}, the variance's term is that of a variance divided by one less: this one divides by the number of entries`,
      namesBranch: true,
      look: "By which number does the variance of the forward line divide?",
      of: ({ x, above, past }) => throughNorm(x, above, { variance: x.size(2) / (x.size(2) - 1) }).add(past),
    },
    {
      id: "scale-forgotten",
      idea: "the inverse root is left out",
      sentence: `in the branch through ${raw}, the inverse root of the variance is missing as a factor`,
      namesBranch: true,
      look: "By what is a row multiplied after its mean is subtracted?",
      of: ({ x, above, past }) => throughNorm(x, above).div(inverseRoot(x)).add(past),
    },
    {
      id: "over-sequence",
      idea: "the sums run over the positions",
      sentence: `in the branch through ${raw}, the sums run over the positions: each position is normalized by itself`,
      namesBranch: true,
      look: "Along which dimension are the mean and the variance taken?",
      of: ({ x, above, past }) => {
        const rows = normalized(x);
        const along = rows.mul(above.mul(rows).mean(1, keepdim));
        return above.sub(above.mean(1, keepdim)).sub(along).mul(inverseRoot(x)).add(past);
      },
    },
    {
      id: "difference",
      idea: "the branches are subtracted",
      sentence: "the two branches are subtracted: both affect the loss, so their gradients add up",
      look: looks.difference(x),
      of: ({ x, above, past }) => throughNorm(x, above).sub(past),
    },
    {
      id: "norm-skipped",
      idea: "the gradient is added before it is taken through the norm",
      sentence: `in the branch through ${raw}, the gradient is added as it is: it has to be taken back through the layer norm`,
      namesBranch: true,
      look: "Which line computes the normalized rows? Its backward pass is a part of this step.",
      of: ({ above, past }) => above.add(past),
    },
    {
      id: "residual-normalized",
      idea: "both gradients are taken through the norm",
      sentence: `in the branch through ${sum}, the gradient is taken through the layer norm as well: the residual connection passes it by`,
      namesBranch: true,
      look: `In the line of ${sum}, is ${x} normalized?`,
      of: ({ x, above, past }) => throughNorm(x, above.add(past)),
    },
    {
      id: "root-of-unbiased",
      idea: "the root is that of a variance divided by one less",
      sentence: `in the branch through ${raw}, the inverse root is that of a variance divided by one less: this one divides by the number of entries`,
      namesBranch: true,
      look: "By which number does the variance of the forward line divide? What does var do without being told?",
      of: ({ x, above, past }) => {
        const unbiased = x.var(2, keepdim).add(1e-5).pow(-0.5);
        return throughNorm(x, above).div(inverseRoot(x)).mul(unbiased).add(past);
      },
    },
    {
      id: "sums",
      idea: "means are taken as sums",
      sentence: `in the branch through ${raw}, the terms of the mean and of the variance are sums over the row: they should be means`,
      namesBranch: true,
      look: "Where does the number of entries of a row occur in the derivative of a mean?",
      of: ({ x, above, past }) => throughNorm(x, above, { mean: x.size(2), variance: x.size(2) }).add(past),
    },
    {
      id: "variance-as-sum",
      idea: "one of the means is taken as a sum",
      sentence: `in the branch through ${raw}, the variance's term is a sum over the row: it should be a mean`,
      namesBranch: true,
      look: "Where does the number of entries of a row occur in the derivative of a variance?",
      of: ({ x, above, past }) => throughNorm(x, above, { variance: x.size(2) }).add(past),
    },
    {
      id: "rows-not-normalized",
      idea: "the variance's term is made of differences",
      sentence: `in the branch through ${raw}, the variance's term is made of ${x} minus its mean: both of its factors should be normalized`,
      namesBranch: true,
      look: `Is it ${raw} that occurs twice in the variance's term, or what it was before it was scaled?`,
      of: ({ x, above, past }) => {
        const rows = x.sub(x.mean(2, keepdim));
        const along = rows.mul(above.mul(rows).mean(2, keepdim));
        return above.sub(above.mean(2, keepdim)).sub(along).mul(inverseRoot(x)).add(past);
      },
    },
    ...(hasSmallVariances ? epsilonMistakes(raw) : []),
  ];
  return mistakes.map(({ of, ...mistake }) => ({ ...mistake, answer: (given) => of(branchesOf(given)) }));
}

/** What goes wrong with epsilon. It shows where a row's variance may be as small as epsilon, and hardly anywhere else. */
function epsilonMistakes(raw: string): readonly NormMistake[] {
  return [
    {
      id: "epsilon-missing",
      idea: "epsilon is left out",
      sentence: `in the branch through ${raw}, epsilon is missing in the inverse root: where the variance is as small as epsilon, that is no small difference`,
      namesBranch: true,
      look: "What does the forward line add to the variance?",
      of: ({ x, above, past }) => throughNorm(x, above).div(inverseRoot(x)).div(deviation(x)).add(past),
    },
    {
      id: "epsilon-outside",
      idea: "epsilon is added to the root",
      sentence: `in the branch through ${raw}, epsilon is added to the root: it should be added to the variance, below the root`,
      namesBranch: true,
      look: "In the forward line, what is raised to the power -0.5?",
      of: ({ x, above, past }) => {
        return throughNorm(x, above).div(inverseRoot(x)).div(deviation(x).add(EPSILON)).add(past);
      },
    },
  ];
}

/** The root of each row's variance, shape [sequences, time, 1]. */
function deviation(x: Tensor): Tensor {
  return x.sub(x.mean(2, keepdim)).pow(2).mean(2, keepdim).sqrt();
}

/** Other ways back through a layer norm. */
export const waysThroughNorm: readonly ((x: Tensor, above: Tensor) => Tensor)[] = [
  (x, above) => throughNorm(x, above),
  // line by line
  (x, above) => {
    const difference = x.sub(x.mean(2, keepdim));
    const inverse = inverseRoot(x);
    const dinverse = above.mul(difference).sum(2, keepdim);
    const dvariance = inverse.pow(3).mul(-0.5).mul(dinverse);
    const ddifference = above.mul(inverse).add(difference.mul(dvariance).mul(2 / x.size(2)));
    return ddifference.sub(ddifference.mean(2, keepdim));
  },
  (x, above) => {
    const raw = normalized(x);
    const width = x.size(2);
    const along = raw.mul(above.mul(raw).sum(2, keepdim));
    return above.mul(width).sub(above.sum(2, keepdim)).sub(along).mul(inverseRoot(x)).div(width);
  },
  (x, above) => {
    const raw = normalized(x);
    const centered = above.sub(above.mean(2, keepdim));
    return centered.sub(raw.mul(centered.mul(raw).mean(2, keepdim))).mul(inverseRoot(x));
  },
];
