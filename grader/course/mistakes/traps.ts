import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";
import type { TrapId } from "../traps.ts";
import { mistake, type MistakesOf } from "./mistake.ts";

/** Part 5. */
export const trapMistakes: MistakesOf<TrapId> = {
  gap: [
    mistake(
      "sign",
      "the wrong gradient is subtracted from the right one",
      "the sign is flipped: this is what the wrong result is short of, and it is asked by how much it is too large",
      ({ bngain, bnbias, bnraw, dhpreact }) => bnraw.sub(bngain.mul(bnraw).add(bnbias)).mul(dhpreact).sum(0, keepdim),
    ),
    mistake(
      "mistaken-alone",
      "the wrong gradient is given, not its distance from the right one",
      "this is the wrong gradient itself: what the right one is has still to be taken from it",
      ({ bngain, bnbias, bnraw, dhpreact }) => bngain.mul(bnraw).add(bnbias).mul(dhpreact).sum(0, keepdim),
    ),
    mistake(
      "correct-alone",
      "the right gradient is given",
      "this is dbngain as it is to be, and it is asked how far the wrong one is from it",
      ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0, keepdim),
    ),
    mistake(
      "gain-as-one",
      "the gain is taken to be one",
      "only what the biases add is there: a gain that is not one makes a difference too",
      ({ bnbias, dhpreact }) => bnbias.mul(dhpreact).sum(0, keepdim),
    ),
    mistake(
      "bias-as-zero",
      "the bias is taken to be zero",
      "only what the gains change is there: a bias that is not zero makes a difference too",
      ({ bngain, bnraw, dhpreact }) => bngain.sub(1).mul(bnraw).mul(dhpreact).sum(0, keepdim),
    ),
    mistake(
      "zero",
      "the two are taken to be the same",
      "every value is zero, as it is where all gains are one and all biases zero: these are neither",
      ({ bngain }) => zerosLike(bngain),
    ),
    mistake(
      "upstream-forgotten",
      "hpreact and bnraw are compared by themselves",
      "this is the difference of hpreact and bnraw, added up; in both gradients they are multiplied by what comes from above first",
      ({ bngain, bnbias, bnraw }) => bngain.mul(bnraw).add(bnbias).sub(bnraw).sum(0, keepdim),
    ),
    mistake(
      "not-summed",
      "the sum over the batch is left out",
      "there is one value for each example, and a gain has one gradient for the whole batch",
      ({ bngain, bnbias, bnraw, dhpreact }) => bngain.mul(bnraw).add(bnbias).sub(bnraw).mul(dhpreact),
    ),
    mistake(
      "mean",
      "a mean is taken for the sum",
      "the examples are averaged, and both gradients are sums over them",
      ({ bngain, bnbias, bnraw, dhpreact }) => bngain.mul(bnraw).add(bnbias).sub(bnraw).mul(dhpreact).mean(0, keepdim),
    ),
    mistake(
      "dropped",
      "the sum drops its dimension",
      "the numbers are right, and a dimension is gone: gap is [1, hidden], as bngain is",
      ({ bngain, bnbias, bnraw, dhpreact }) => bngain.mul(bnraw).add(bnbias).sub(bnraw).mul(dhpreact).sum(0),
    ),
  ],
  dpredicted: [
    mistake(
      "silenced",
      "the trap itself: the error is limited before it is squared, and that is differentiated",
      "where the error is larger than 1 the gradient is zero: these are the outliers, and they are silent; limited, their gradient would be 1 or -1",
      ({ predicted, target }) => eachOf(predicted.sub(target), (error) => (Math.abs(error) > 1 ? 0 : error)),
    ),
    mistake(
      "not-limited",
      "the limit is left out",
      "this is the gradient without a limit: an outlier pulls as hard as it is far away",
      ({ predicted, target }) => predicted.sub(target),
    ),
    mistake(
      "sign",
      "the difference is taken the other way round",
      "the sign is flipped: where predicted lies above its target, the loss rises with it",
      ({ predicted, target }) => target.sub(predicted).clamp(-1, 1),
    ),
    mistake(
      "direction-alone",
      "every entry becomes 1 or -1",
      "every value is 1 or -1: what is within the limits already is to stay as it is",
      ({ predicted, target }) => eachOf(predicted.sub(target), Math.sign),
    ),
    mistake(
      "factor-two",
      "the half of the loss is overlooked",
      "small errors come out twice as large: the loss is half of the square",
      ({ predicted, target }) => predicted.sub(target).mul(2).clamp(-1, 1),
    ),
    mistake(
      "half-limits",
      "the half of the loss is put into the limits",
      "the limits are -0.5 and 0.5: half of the square has the error itself for its gradient, and that is limited to -1 and 1",
      ({ predicted, target }) => predicted.sub(target).clamp(-0.5, 0.5),
    ),
    mistake(
      "half-error",
      "the power rule's 2 is forgotten",
      "half of the error is limited: the 2 of the square and the half of the loss cancel, so it is the error itself",
      ({ predicted, target }) => predicted.sub(target).mul(0.5).clamp(-1, 1),
    ),
    mistake(
      "each-limited",
      "the values are limited, not the gradient",
      "predicted and target are limited by themselves and then subtracted: it is their difference that is limited",
      ({ predicted, target }) => predicted.clamp(-1, 1).sub(target.clamp(-1, 1)),
    ),
    mistake(
      "above-alone",
      "the limit is put at one end alone",
      "large values are limited at 1, and nothing is at -1: outliers lie on both sides",
      ({ predicted, target }) => predicted.sub(target).clamp(-Infinity, 1),
    ),
    mistake(
      "negative-lost",
      "the limits are taken to be 0 and 1",
      "where predicted lies below its target nothing comes back: the limits are -1 and 1",
      ({ predicted, target }) => predicted.sub(target).clamp(0, 1),
    ),
    mistake(
      "mean",
      "a mean is taken for the sum",
      "the gradient is divided by the number of entries before it is limited, as a mean would have it; the loss is a sum",
      ({ predicted, target }) => predicted.sub(target).div(predicted.numel()).clamp(-1, 1),
    ),
    mistake(
      "by-largest",
      "the gradient is scaled down as a whole",
      "all values are divided by the largest, so that none exceeds 1: the small ones become smaller for the outliers' sake, and each entry is to be limited by itself",
      ({ predicted, target }) => predicted.sub(target).div(largestOf(predicted.sub(target))),
    ),
    mistake(
      "by-norm",
      "the gradient is scaled down by its norm",
      "all values are divided by the root of the sum of their squares: that limits the gradient as a whole, and each entry is to be limited by itself",
      ({ predicted, target }) => {
        const error = predicted.sub(target);
        return error.div(error.pow(2).sum().sqrt());
      },
    ),
    mistake(
      "loss-itself",
      "the loss of each entry is computed, not its gradient",
      "this is each entry's loss with its error limited; the gradient is asked for, and it is the gradient that is limited",
      ({ predicted, target }) => predicted.sub(target).clamp(-1, 1).pow(2).mul(0.5),
    ),
  ],
  forgotten: [
    mistake(
      "sign",
      "the sign of the subtraction is left out",
      "the sign is flipped: bnmeani is subtracted, so what comes back through it turns round",
      ({ dbndiff }) => dbndiff.mean(0, keepdim).expand([...dbndiff.shape]),
    ),
    mistake(
      "mean-forgotten",
      "bnmeani's gradient is handed to each row whole",
      "each row gets all of bnmeani's gradient: a row of hprebn has a part in the mean that is one in n",
      ({ dbndiff }) =>
        dbndiff
          .sum(0, keepdim)
          .neg()
          .expand([...dbndiff.shape]),
    ),
    mistake(
      "not-spread",
      "what each row gets is given once",
      "the numbers are right, once: every row of hprebn goes into the mean, so every row gets them",
      ({ dbndiff }) => dbndiff.mean(0, keepdim).neg(),
    ),
    mistake(
      "all-of-it",
      "dhprebn is given, not what is missing from it",
      "this is dhprebn with both branches: what the direct one gives is there already, and the other alone is asked for",
      ({ dbndiff }) => dbndiff.sub(dbndiff.mean(0, keepdim)),
    ),
    mistake(
      "n-minus-one",
      "the variance's divisor is used for the mean",
      "it is divided by n - 1, as the variance is; the mean is divided by n",
      ({ dbndiff }) =>
        dbndiff
          .sum(0, keepdim)
          .div(1 - dbndiff.size(0))
          .expand([...dbndiff.shape]),
    ),
    mistake(
      "across",
      "the mean runs along the neurons",
      "the mean runs along each example's neurons; bnmeani is a mean over the batch, for each neuron by itself",
      ({ dbndiff }) =>
        dbndiff
          .mean(1, keepdim)
          .neg()
          .expand([...dbndiff.shape]),
    ),
    mistake(
      "mean-of-all",
      "the mean runs over everything",
      "every value is the same: each neuron has a mean of its own",
      ({ dbndiff }) =>
        dbndiff
          .mean()
          .neg()
          .expand([...dbndiff.shape]),
    ),
    mistake(
      "zeros",
      "nothing is taken to be forgotten",
      "every value is zero, as if hprebn went into bndiff alone",
      ({ dbndiff }) => zerosLike(dbndiff),
    ),
  ],
  uses: [
    mistake(
      "distinct",
      "a row is marked as used, not counted",
      "every value is 0 or 1: a character that stands in Xb several times collects as many contributions",
      ({ C, Xb }) => counted(C, Xb).clamp(0, 1),
    ),
    mistake(
      "lost",
      "those that = overwrites are counted",
      "the contributions that are lost are counted: the one that is left belongs to the number, too",
      ({ C, Xb }) => counted(C, Xb).sub(1).clamp(0, Infinity),
    ),
    mistake(
      "dropped",
      "the second dimension is left out",
      "the numbers are right, and a dimension is missing: uses is a column, [vocab, 1]",
      ({ C, Xb }) => counted(C, Xb).view(-1),
    ),
    mistake(
      "by-example",
      "the examples that hold a character are counted",
      "an example that holds a character twice counts once: both positions look its row up",
      ({ C, Xb }) => tensor(positions(Xb, C, true), [C.size(0), 1]),
    ),
    mistake(
      "last-position",
      "one position of the context is counted",
      "only the last position of each context is counted; every position looks up a row",
      ({ C, Xb }) => tensor(positions(Xb, C, false), [C.size(0), 1]),
    ),
    mistake(
      "share",
      "the counts are divided by their sum",
      "these are shares, and the counts themselves are asked for",
      ({ C, Xb }) => counted(C, Xb).div(Xb.numel()),
    ),
    mistake(
      "each-number",
      "the numbers of a row are counted",
      "each contribution is counted once for every number of its row: a contribution is a row of demb",
      ({ C, Xb }) => counted(C, Xb).mul(C.size(1)),
    ),
    mistake(
      "one-more",
      "counting starts at one",
      "every value is one too large: a character that does not stand in Xb has none",
      ({ C, Xb }) => counted(C, Xb).add(1),
    ),
  ],
  spacing: [
    mistake(
      "relative",
      "the epsilon is taken to be relative to every number",
      "epsilon times |x| is the spacing at powers of two alone: between them it stays what it is",
      ({ x }) => eachOf(x, (x) => Math.abs(x) * 2 ** -23),
    ),
    mistake(
      "relative-signed",
      "the epsilon is taken to be relative, and the sign is kept",
      "this is epsilon times x: between two powers of two the spacing stays what it is, and a distance has no sign",
      ({ x }) => x.mul(2 ** -23),
    ),
    mistake(
      "epsilon",
      "the spacing at 1 is taken for all",
      "this is the spacing at 1, everywhere: it grows with the number",
      ({ x }) => onesLike(x).mul(2 ** -23),
    ),
    mistake(
      "rounded-up",
      "the exponent is rounded up",
      "most values are twice what they are to be: between two powers of two, the lower one counts",
      ({ x }) => eachOf(x, (x) => 2 ** (Math.ceil(log2(x)) - 23)),
    ),
    mistake(
      "rounded",
      "the exponent is rounded to the nearest",
      "near the upper one of two powers of two the values are twice what they are to be: the lower one counts, however near the upper is",
      ({ x }) => eachOf(x, (x) => 2 ** (Math.round(log2(x)) - 23)),
    ),
    mistake(
      "cut-off",
      "the exponent is cut off towards zero",
      "below 1 the exponent is negative, and cutting off its fraction makes it larger: there, values are twice what they are to be",
      ({ x }) => eachOf(x, (x) => 2 ** (Math.trunc(log2(x)) - 23)),
    ),
    mistake(
      "log-in-float32",
      "the logarithm is rounded to float32 before its fraction is cut off",
      "a number a hair below a power of two is taken for that power, or a power for less: its logarithm was rounded to float32, which cannot tell the two apart",
      ({ x }) => eachOf(x, (x) => 2 ** (Math.floor(Math.fround(Math.fround(Math.log(Math.abs(x))) / Math.LN2)) - 23)),
    ),
    mistake(
      "to-smaller",
      "the next smaller number is looked for",
      "at powers of two the values are half of what they are to be: the next number below lies nearer there than the next one above",
      ({ x }) =>
        eachOf(x, (x) => 2 ** (Math.floor(log2(x)) - 23) / (Math.floor(log2(x)) === Math.ceil(log2(x)) ? 2 : 1)),
    ),
    mistake(
      "bits-miscounted",
      "24 digits are taken to stand after the point",
      "every value is half of what it is to be: of the 24 binary digits one stands before the point",
      ({ x }) => eachOf(x, (x) => 2 ** (Math.floor(log2(x)) - 24)),
    ),
    mistake(
      "float64",
      "the digits of float64 are used",
      "this is the spacing of float64, which has 52 binary digits after the point; float32 has 23",
      ({ x }) => eachOf(x, (x) => 2 ** (Math.floor(log2(x)) - 52)),
    ),
    mistake(
      "exponent",
      "the power is left out",
      "these are exponents of two: the spacing is two to that power",
      ({ x }) => eachOf(x, (x) => Math.floor(log2(x)) - 23),
    ),
    mistake(
      "natural-log",
      "the natural logarithm is used",
      "the exponent comes from a logarithm to another base: floating-point numbers are powers of two times a fraction",
      ({ x }) => eachOf(x, (x) => 2 ** (Math.floor(Math.log(Math.abs(x))) - 23)),
    ),
    mistake(
      "log10",
      "the decimal logarithm is used",
      "the exponent counts decimal digits: floating-point numbers have binary ones",
      ({ x }) => eachOf(x, (x) => 2 ** (Math.floor(Math.log10(Math.abs(x))) - 23)),
    ),
    mistake(
      "signed",
      "the sign of x is kept",
      "negative numbers get a negative spacing: a distance has no sign",
      ({ x }) => eachOf(x, (x) => Math.sign(x) * 2 ** (Math.floor(log2(x)) - 23)),
    ),
    mistake(
      "not-absolute",
      "the logarithm of a negative number is taken",
      "negative numbers have no logarithm: the spacing at x is that at |x|",
      ({ x }) => eachOf(x, (x) => 2 ** (Math.floor(Math.log2(x)) - 23)),
    ),
  ],
  ratio: [
    mistake(
      "inverted",
      "the two stand the other way round",
      "the values are above 1, and the numbers come out smaller: a larger variance divides more",
      ({ hprebn }) => overBiased(hprebn, 1e-5).pow(0.5),
    ),
    mistake(
      "not-rooted",
      "the variances are compared, not what bnraw makes of them",
      "this is the ratio of the variances; bnraw is divided by a root of one",
      ({ hprebn }) => overBiased(hprebn, 1e-5).pow(-1),
    ),
    mistake(
      "epsilon-forgotten",
      "the epsilon is left out",
      "every neuron gets the same factor, made of n alone: where the variance is as small as epsilon, that hides the difference",
      ({ hprebn }) => overBiased(hprebn, 0).pow(-0.5),
    ),
    mistake(
      "of-n-alone",
      "the epsilon is overlooked, and so are the neurons",
      "this is one number, made of n alone: the epsilon makes a difference that hangs on each neuron's variance",
      ({ hprebn }) => tensor(Math.sqrt((hprebn.size(0) - 1) / hprebn.size(0))),
    ),
    mistake(
      "difference",
      "the difference is taken for the ratio",
      "this is the difference of the two factors: a ratio is one divided by the other",
      ({ hprebn }) => {
        const bndiff2 = hprebn.sub(hprebn.mean(0, keepdim)).pow(2).sum(0, keepdim);
        const n = hprebn.size(0);
        const [unbiased, biased] = [bndiff2.div(n - 1), bndiff2.div(n)].map((x) => x.add(1e-5).pow(-0.5));
        return unbiased!.sub(biased!);
      },
    ),
    mistake(
      "one",
      "the two are taken to be the same",
      "every value is 1: the variances differ by a factor, and so do the results",
      ({ hprebn }) => onesLike(hprebn.sum(0, keepdim)),
    ),
    mistake(
      "one-alone",
      "what bnraw is multiplied by is given, for one of the variances",
      "this is bnvar_inv by the unbiased variance: what the other variance gives is to be compared with it",
      ({ hprebn }) => hprebn.var(0, keepdim).add(1e-5).pow(-0.5),
    ),
    mistake(
      "squared",
      "the ratio is squared where the root is to be taken",
      "the ratio of the variances is squared; bnraw is divided by a root of one",
      ({ hprebn }) => overBiased(hprebn, 1e-5).pow(-2),
    ),
    mistake(
      "by-two",
      "n - 2 is used for n - 1",
      "the factor is that of n - 1 and n - 2: one of the variances is divided by n itself",
      ({ hprebn }) => {
        const bndiff2 = hprebn.sub(hprebn.mean(0, keepdim)).pow(2).sum(0, keepdim);
        const n = hprebn.size(0);
        const [less, more] = [bndiff2.div(n - 1).add(1e-5), bndiff2.div(n - 2).add(1e-5)];
        return less.div(more).sqrt();
      },
    ),
    mistake(
      "dropped",
      "the sum drops its dimension",
      "the numbers are right, and a dimension is gone: ratio is [1, hidden], as bnvar is",
      ({ hprebn }) => overBiased(hprebn, 1e-5).pow(-0.5).view(-1),
    ),
  ],
  rescaled: [
    mistake(
      "by-variance",
      "the variance is taken for the standard deviation",
      "each column is divided by its variance: what varies by the square root of that comes out too small, or too large",
      ({ embcat, W1 }) => W1.div(embcat.matmul(W1).var(0, keepdim)),
    ),
    mistake(
      "biased",
      "the variance is divided by n",
      "the variance in it is divided by n, and n - 1 is asked for",
      ({ embcat, W1 }) => {
        const n = embcat.size(0);
        return W1.div(
          embcat
            .matmul(W1)
            .var(0, keepdim)
            .mul((n - 1) / n)
            .sqrt(),
        );
      },
    ),
    mistake(
      "epsilon",
      "an epsilon is added to the variance",
      "1e-5 is added to the variance, as batch normalisation does: here the columns are divided by the standard deviation itself",
      ({ embcat, W1 }) => W1.div(embcat.matmul(W1).var(0, keepdim).add(1e-5).sqrt()),
    ),
    mistake(
      "by-everything",
      "one standard deviation is taken for all neurons",
      "all of W1 is divided by one number: each neuron has a standard deviation of its own",
      ({ embcat, W1 }) => W1.div(embcat.matmul(W1).view(-1).var(0).sqrt()),
    ),
    mistake(
      "of-weights",
      "the weights' own standard deviation is used",
      "each column is divided by the standard deviation of its weights; it is what the neuron makes of the batch that is to vary by 1",
      ({ W1 }) => W1.div(W1.var(0, keepdim).sqrt()),
    ),
    mistake(
      "multiplied",
      "the columns are multiplied, not divided",
      "each column is multiplied by its standard deviation: what varies much varies more",
      ({ embcat, W1 }) => W1.mul(embcat.matmul(W1).var(0, keepdim).sqrt()),
    ),
    mistake(
      "not-centred",
      "the mean is not subtracted",
      "the squares are those of the numbers themselves: a variance is about the distance from the mean",
      ({ embcat, W1 }) => {
        const squares = embcat.matmul(W1).pow(2).sum(0, keepdim);
        return W1.div(squares.div(embcat.size(0) - 1).sqrt());
      },
    ),
    mistake(
      "by-fan-in",
      "the usual scale of initial weights is used",
      "all weights are scaled by 5/3 over the root of the fan-in, which suits fresh random numbers; these are to be scaled by what they do to this batch",
      ({ W1 }) => W1.mul(5 / 3 / Math.sqrt(W1.size(0))),
    ),
    mistake(
      "result-for-weights",
      "the preactivations are rescaled, not the weights",
      "these are the neurons' preactivations, rescaled: W1 is asked for, so that they come out like this by themselves",
      ({ embcat, W1 }) => embcat.matmul(W1).div(embcat.matmul(W1).var(0, keepdim).sqrt()),
    ),
    mistake(
      "across",
      "the standard deviation runs along the neurons",
      "the standard deviation of each example's neurons is taken: it is a neuron that is to vary by 1, over the batch",
      ({ embcat, W1 }) => W1.div(embcat.matmul(W1).var(1, keepdim).sqrt()),
    ),
  ],
};

function eachOf(x: Tensor, f: (x: number) => number): Tensor {
  return tensor(x.toArray().map(f), x.shape);
}

function log2(x: number): number {
  return Math.log2(Math.abs(x));
}

function largestOf(x: Tensor): number {
  return Math.max(...x.toArray().map(Math.abs));
}

/** How often each character stands in Xb, a column. */
function counted(C: Tensor, Xb: Tensor): Tensor {
  return oneHot(Xb.view(-1), C.size(0)).sum(0).view(-1, 1);
}

/** How many examples hold each character, anywhere or at the last position. */
function positions(Xb: Tensor, C: Tensor, anywhere: boolean): number[] {
  return Array.from({ length: C.size(0) }, (_, character) => {
    let examples = 0;
    for (let i = 0; i < Xb.size(0); i++) {
      const places = Array.from({ length: Xb.size(1) }, (_, j) => Xb.get(i, j) === character);
      if (anywhere ? places.includes(true) : places.at(-1)) examples += 1;
    }
    return examples;
  });
}

/** The unbiased variance over the biased one, an epsilon added to each. */
function overBiased(hprebn: Tensor, epsilon: number): Tensor {
  const bndiff2 = hprebn.sub(hprebn.mean(0, keepdim)).pow(2).sum(0, keepdim);
  const n = hprebn.size(0);
  return bndiff2
    .div(n - 1)
    .add(epsilon)
    .div(bndiff2.div(n).add(epsilon));
}
