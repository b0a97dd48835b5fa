import { keepdim, onesLike, type Tensor } from "#tensor";
import { mistake, type MistakesOf } from "./mistake.ts";

const EPSILON = 1e-5;

/** Steps 13 to 21: batch normalisation, line by line. */
export const batchnormMistakes: MistakesOf<
  "dbngain" | "dbnbias" | "dbnraw" | "dbnvar_inv" | "dbnvar" | "dbndiff2" | "dbndiff" | "dbnmeani" | "dhprebn"
> = {
  dbngain: [
    mistake(
      "not-summed",
      "the product rule without the broadcast",
      "the answer still has a row for each example: bngain was copied down the batch, so its gradient is summed over it",
      ({ bnraw, dhpreact }) => bnraw.mul(dhpreact),
    ),
    mistake(
      "bnraw-forgotten",
      "the broadcast without the product rule",
      "the gradient from above is summed as it is: in the forward line each copy is multiplied by an entry of bnraw",
      ({ dhpreact }) => dhpreact.sum(0, keepdim),
    ),
    mistake(
      "hpreact-for-bnraw",
      "the output is used for the other factor",
      "the copies are weighted by hpreact, the output; the slope is the factor that stood beside bngain",
      ({ hpreact, dhpreact }) => hpreact.mul(dhpreact).sum(0, keepdim),
    ),
    mistake(
      "mean",
      "the copies are averaged",
      "the rows are averaged: bngain was copied into every row, and the copies add up",
      ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).mean(0, keepdim),
    ),
    mistake(
      "keepdim",
      "the sum drops its dimension",
      "the sum is over the right dimension but drops it: bngain has shape [1, hidden]",
      ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0),
    ),
    mistake(
      "wrong-dimension",
      "the sum is along the rows",
      "the sum runs over the neurons: bngain was copied down the batch",
      ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(1, keepdim),
    ),
    mistake("sign", "a sign slips in", "the sign is flipped", ({ bnraw, dhpreact }) =>
      bnraw.mul(dhpreact).sum(0, keepdim).neg(),
    ),
    mistake(
      "own-factor",
      "the factor is multiplied by itself",
      "the copies are weighted by bngain itself; the slope of a product is the other factor",
      ({ bngain, dhpreact }) => bngain.mul(dhpreact).sum(0, keepdim),
    ),
    mistake(
      "summed-apart",
      "the factors are summed before they are multiplied",
      "a factor is summed before the product is taken, or both are: each copy meets its own entry of bnraw",
      ({ bnraw, dhpreact }) => bnraw.sum(0, keepdim).mul(dhpreact.sum(0, keepdim)),
    ),
  ],
  dbnbias: [
    mistake(
      "mean",
      "the copies are averaged",
      "the rows are averaged: bnbias was copied into every row, and the copies add up",
      ({ dhpreact }) => dhpreact.mean(0, keepdim),
    ),
    mistake(
      "keepdim",
      "the sum drops its dimension",
      "the sum is over the right dimension but drops it: bnbias has shape [1, hidden]",
      ({ dhpreact }) => dhpreact.sum(0),
    ),
    mistake(
      "wrong-dimension",
      "the sum is along the rows",
      "the sum runs over the neurons: bnbias was copied down the batch",
      ({ dhpreact }) => dhpreact.sum(1, keepdim),
    ),
    mistake(
      "not-summed",
      "the broadcast is overlooked",
      "the answer still has a row for each example: bnbias was copied down the batch, so its gradient is summed over it",
      ({ dhpreact }) => dhpreact.clone(),
    ),
    mistake("sign", "a sign slips in", "the sign is flipped", ({ dhpreact }) => dhpreact.sum(0, keepdim).neg()),
    mistake(
      "times-bngain",
      "the gain is applied to the bias",
      "the sum is multiplied by bngain: the bias is added after the gain",
      ({ bngain, dhpreact }) => dhpreact.sum(0, keepdim).mul(bngain),
    ),
    mistake(
      "times-bnraw",
      "the gain's gradient is given",
      "the rows are weighted by bnraw: that is what bngain collects, a bias has slope one",
      ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0, keepdim),
    ),
  ],
  dbnraw: [
    mistake(
      "bngain-forgotten",
      "the gain is overlooked",
      "the gradient from above comes out as it went in: bnraw is multiplied by bngain",
      ({ dhpreact }) => dhpreact.clone(),
    ),
    mistake(
      "bnbias-for-bngain",
      "the bias is taken for the factor",
      "the gradient from above is multiplied by bnbias: the factor beside bnraw is the gain",
      ({ bnbias, dhpreact }) => bnbias.mul(dhpreact),
    ),
    mistake("sign", "a sign slips in", "the sign is flipped", ({ bngain, dhpreact }) => bngain.mul(dhpreact).neg()),
    mistake(
      "divided",
      "the factor is divided by",
      "the gradient from above is divided by bngain in place of multiplied",
      ({ bngain, dhpreact }) => dhpreact.div(bngain),
    ),
    mistake(
      "own-factor",
      "the factor is multiplied by itself",
      "the gradient from above is multiplied by bnraw itself; the slope of a product is the other factor",
      ({ bnraw, dhpreact }) => bnraw.mul(dhpreact),
    ),
    mistake(
      "bias-added",
      "the forward line is repeated",
      "bnbias is added as in the forward line: a constant that is added has no part in the slope",
      ({ bngain, bnbias, dhpreact }) => bngain.mul(dhpreact).add(bnbias),
    ),
    mistake(
      "summed",
      "the gain's sum is taken over",
      "the answer is summed over the batch: it is the gain that was copied down the batch, and bnraw has a row for each example",
      ({ bngain, dhpreact }) => bngain.mul(dhpreact).sum(0, keepdim),
    ),
  ],
  dbnvar_inv: [
    mistake(
      "bnraw-for-bndiff",
      "the output is used for the other factor",
      "the copies are weighted by bnraw, the product; the slope is the factor that stood beside bnvar_inv",
      ({ bnraw, dbnraw }) => bnraw.mul(dbnraw).sum(0, keepdim),
    ),
    mistake(
      "not-summed",
      "the product rule without the broadcast",
      "the answer still has a row for each example: bnvar_inv was copied down the batch, so its gradient is summed over it",
      ({ bndiff, dbnraw }) => bndiff.mul(dbnraw),
    ),
    mistake(
      "wrong-dimension",
      "the sum is along the rows",
      "the sum runs over the neurons: bnvar_inv was copied down the batch",
      ({ bndiff, dbnraw }) => bndiff.mul(dbnraw).sum(1, keepdim),
    ),
    mistake(
      "keepdim",
      "the sum drops its dimension",
      "the sum is over the right dimension but drops it: bnvar_inv has shape [1, hidden]",
      ({ bndiff, dbnraw }) => bndiff.mul(dbnraw).sum(0),
    ),
    mistake(
      "bndiff-forgotten",
      "the broadcast without the product rule",
      "the gradient from above is summed as it is: in the forward line each copy is multiplied by an entry of bndiff",
      ({ dbnraw }) => dbnraw.sum(0, keepdim),
    ),
    mistake(
      "mean",
      "the copies are averaged",
      "the rows are averaged: bnvar_inv was copied into every row, and the copies add up",
      ({ bndiff, dbnraw }) => bndiff.mul(dbnraw).mean(0, keepdim),
    ),
    mistake("sign", "a sign slips in", "the sign is flipped", ({ bndiff, dbnraw }) =>
      bndiff.mul(dbnraw).sum(0, keepdim).neg(),
    ),
    mistake(
      "own-factor",
      "the factor is multiplied by itself",
      "the copies are weighted by bnvar_inv itself; the slope of a product is the other factor",
      ({ bnvar_inv, dbnraw }) => bnvar_inv.mul(dbnraw).sum(0, keepdim),
    ),
  ],
  dbnvar: [
    mistake(
      "exponent",
      "the exponent is not lowered",
      "the exponent is still -0.5: the power rule lowers it by one",
      ({ bnvar, dbnvar_inv }) => bnvar.add(EPSILON).pow(-0.5).mul(-0.5).mul(dbnvar_inv),
    ),
    mistake(
      "sign",
      "the minus of the power rule is lost",
      "the sign is flipped: when the variance grows, its inverse root falls",
      ({ bnvar, dbnvar_inv }) => bnvar.add(EPSILON).pow(-1.5).mul(0.5).mul(dbnvar_inv),
    ),
    mistake(
      "epsilon-forgotten",
      "the constant is dropped from the slope",
      "epsilon is missing inside the power: it shows where the variance is small",
      ({ bnvar, dbnvar_inv }) => bnvar.pow(-1.5).mul(-0.5).mul(dbnvar_inv),
    ),
    mistake(
      "epsilon-on-root",
      "epsilon is added to the standard deviation",
      "epsilon is added to the root of the variance: the forward line adds it to the variance, before the root",
      ({ bnvar, dbnvar_inv }) => bnvar.sqrt().add(EPSILON).pow(-3).mul(-0.5).mul(dbnvar_inv),
    ),
    mistake(
      "half-forgotten",
      "the exponent does not come down as a factor",
      "the factor from the exponent is missing: the power rule brings it down",
      ({ bnvar, dbnvar_inv }) => bnvar.add(EPSILON).pow(-1.5).neg().mul(dbnvar_inv),
    ),
    mistake(
      "upstream-forgotten",
      "the slope alone is given",
      "this is the slope of the power alone: the gradient from above is not in it",
      ({ bnvar }) => bnvar.add(EPSILON).pow(-1.5).mul(-0.5),
    ),
    mistake(
      "root",
      "the derivative of a root is used",
      "this is the slope of a square root: here the root is inverted too",
      ({ bnvar, dbnvar_inv }) => bnvar.add(EPSILON).pow(-0.5).mul(0.5).mul(dbnvar_inv),
    ),
    mistake(
      "inverse",
      "the derivative of an inverse is used",
      "this is the slope of an inverse: here a root is taken too",
      ({ bnvar, dbnvar_inv }) => bnvar.add(EPSILON).pow(-2).neg().mul(dbnvar_inv),
    ),
    mistake(
      "passed-through",
      "the power is overlooked",
      "the gradient from above comes out as it went in: the power has a slope of its own",
      ({ dbnvar_inv }) => dbnvar_inv.clone(),
    ),
    mistake(
      "exponent-raised",
      "the exponent is raised in place of lowered",
      "the exponent is 0.5: the power rule lowers -0.5 by one, and does not raise it",
      ({ bnvar, dbnvar_inv }) => bnvar.add(EPSILON).pow(0.5).mul(-0.5).mul(dbnvar_inv),
    ),
    mistake(
      "factor-of-slope",
      "the lowered exponent comes down as the factor",
      "the factor is the new exponent: the power rule brings the old one down",
      ({ bnvar, dbnvar_inv }) => bnvar.add(EPSILON).pow(-1.5).mul(-1.5).mul(dbnvar_inv),
    ),
  ],
  dbndiff2: [
    mistake(
      "biased",
      "the biased variance is differentiated",
      "the sum is divided by n: the forward line divides by n - 1",
      ({ bndiff2, dbnvar }) => spread(dbnvar, bndiff2).div(bndiff2.size(0)),
    ),
    mistake(
      "not-spread",
      "the backward pass of the sum is forgotten",
      "the answer has one row: bnvar is a sum over the batch, and each term receives a copy",
      ({ bndiff2, dbnvar }) => dbnvar.div(bndiff2.size(0) - 1),
    ),
    mistake(
      "factor-forgotten",
      "the factor before the sum is forgotten",
      "the factor of the forward line is missing: the sum is scaled",
      ({ bndiff2, dbnvar }) => spread(dbnvar, bndiff2),
    ),
    mistake(
      "multiplied",
      "the factor is inverted",
      "the copies are multiplied by n - 1: the forward line divides by it",
      ({ bndiff2, dbnvar }) => spread(dbnvar, bndiff2).mul(bndiff2.size(0) - 1),
    ),
    mistake(
      "times-bndiff2",
      "the value is taken for the slope",
      "the copies are multiplied by bndiff2: every term of a sum has slope one",
      ({ bndiff2, dbnvar }) => bndiff2.mul(dbnvar).div(bndiff2.size(0) - 1),
    ),
    mistake("sign", "a sign slips in", "the sign is flipped", ({ bndiff2, dbnvar }) =>
      spread(dbnvar, bndiff2).div(1 - bndiff2.size(0)),
    ),
    mistake(
      "square-early",
      "the square is differentiated in this step",
      "a factor of 2 is in it: the square belongs to the next step",
      ({ bndiff2, dbnvar }) => spread(dbnvar, bndiff2).mul(2 / (bndiff2.size(0) - 1)),
    ),
    mistake(
      "divided-by-hidden",
      "the number of neurons is taken for the number of examples",
      "the copies are divided by the number of neurons: the sum runs over the examples",
      ({ bndiff2, dbnvar }) => spread(dbnvar, bndiff2).div(bndiff2.size(1)),
    ),
  ],
  dbndiff: [
    mistake(
      "second-branch-missing",
      "the square is overlooked",
      "the branch of the square is missing: bndiff also feeds bndiff2",
      ({ bnvar_inv, dbnraw }) => bnvar_inv.mul(dbnraw),
    ),
    mistake(
      "first-branch-missing",
      "the product is overlooked",
      "the branch of the product is missing: bndiff also stands in the line of bnraw",
      ({ bndiff, dbndiff2 }) => bndiff.mul(2).mul(dbndiff2),
    ),
    mistake(
      "two-forgotten",
      "the exponent does not come down as a factor",
      "the 2 of the square is missing: the power rule brings it down",
      ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) => bnvar_inv.mul(dbnraw).add(bndiff.mul(dbndiff2)),
    ),
    mistake(
      "difference",
      "the branches are subtracted",
      "the two branches are subtracted: both move the loss, so their gradients add up",
      ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) => bnvar_inv.mul(dbnraw).sub(bndiff.mul(2).mul(dbndiff2)),
    ),
    mistake(
      "bndiff-forgotten",
      "the slope of the square is taken for 2",
      "the branch of the square has the 2 without bndiff: the slope of a square grows with its base",
      ({ bnvar_inv, dbnraw, dbndiff2 }) => bnvar_inv.mul(dbnraw).add(dbndiff2.mul(2)),
    ),
    mistake(
      "bndiff2-for-bndiff",
      "the output of the square is used",
      "the branch of the square has bndiff2 where its base is to be",
      ({ bndiff2, bnvar_inv, dbnraw, dbndiff2 }) => bnvar_inv.mul(dbnraw).add(bndiff2.mul(2).mul(dbndiff2)),
    ),
    mistake(
      "bnvar_inv-forgotten",
      "the factor of the product is forgotten",
      "in the branch of the product the gradient from above is added as it is: bndiff meets bnvar_inv there",
      ({ bndiff, dbnraw, dbndiff2 }) => dbnraw.add(bndiff.mul(2).mul(dbndiff2)),
    ),
    mistake("sign", "both branches are negated", "the sign is flipped", ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) =>
      bnvar_inv.mul(dbnraw).add(bndiff.mul(2).mul(dbndiff2)).neg(),
    ),
    mistake(
      "own-factor",
      "the wrong factor of the product",
      "in the branch of the product the gradient from above is multiplied by bndiff; the slope is the other factor",
      ({ bndiff, dbnraw, dbndiff2 }) => bndiff.mul(dbnraw).add(bndiff.mul(2).mul(dbndiff2)),
    ),
    mistake(
      "halved",
      "the branches are averaged",
      "the branches are averaged; they add up",
      ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) => bnvar_inv.mul(dbnraw).add(bndiff.mul(2).mul(dbndiff2)).mul(0.5),
    ),
  ],
  dbnmeani: [
    mistake(
      "sign",
      "the minus of the subtraction is lost",
      "the sign is flipped: the mean is subtracted",
      ({ dbndiff }) => dbndiff.sum(0, keepdim),
    ),
    mistake(
      "keepdim",
      "the sum drops its dimension",
      "the sum is over the right dimension but drops it: bnmeani has shape [1, hidden]",
      ({ dbndiff }) => dbndiff.neg().sum(0),
    ),
    mistake(
      "wrong-dimension",
      "the sum is along the rows",
      "the sum runs over the neurons: the mean was copied down the batch",
      ({ dbndiff }) => dbndiff.neg().sum(1, keepdim),
    ),
    mistake(
      "mean",
      "the copies are averaged",
      "the rows are averaged: the mean was copied into every row, and the copies add up",
      ({ dbndiff }) => dbndiff.neg().mean(0, keepdim),
    ),
    mistake(
      "not-summed",
      "the broadcast is overlooked",
      "the answer still has a row for each example: the mean was copied down the batch, so its gradient is summed over it",
      ({ dbndiff }) => dbndiff.neg(),
    ),
    mistake(
      "weighted",
      "the values are taken for the slopes",
      "the rows are weighted by bndiff: in a subtraction every slope is one or minus one",
      ({ bndiff, dbndiff }) => bndiff.mul(dbndiff).sum(0, keepdim).neg(),
    ),
    mistake(
      "zeros",
      "the mean is taken for a constant",
      "all zeros: the mean is a tensor of the network as any other",
      ({ bnmeani }) => bnmeani.mul(0),
    ),
  ],
  dhprebn: [
    mistake(
      "mean-branch-missing",
      "the mean is overlooked",
      "the branch of the mean is missing: hprebn also feeds bnmeani",
      ({ dbndiff }) => dbndiff.clone(),
    ),
    mistake(
      "direct-branch-missing",
      "the subtraction is overlooked",
      "only the branch of the mean is there: hprebn also stands in the subtraction itself",
      ({ hprebn, dbnmeani }) => spread(dbnmeani, hprebn).div(hprebn.size(0)),
    ),
    mistake(
      "factor-forgotten",
      "the mean is taken for a sum",
      "the branch of the mean is not divided: each example has a share of 1/n in the mean",
      ({ dbndiff, dbnmeani }) => dbndiff.add(dbnmeani),
    ),
    mistake(
      "bessel",
      "the variance's divisor is used for the mean",
      "the branch of the mean is divided by n - 1: that is the variance's divisor, the mean has n",
      ({ dbndiff, dbnmeani }) => dbndiff.add(dbnmeani.div(dbndiff.size(0) - 1)),
    ),
    mistake(
      "sign",
      "the branch of the mean is subtracted",
      "the branch of the mean is subtracted: the sign of the subtraction is in dbnmeani already",
      ({ dbndiff, dbnmeani }) => dbndiff.sub(dbnmeani.div(dbndiff.size(0))),
    ),
    mistake(
      "centred-by-itself",
      "dbndiff is centred by its own mean",
      "dbndiff is centred by its own mean, and dbnmeani is not used: right in the whole network, where the two agree, but not the derivative of these lines",
      ({ dbndiff }) => dbndiff.sub(dbndiff.mean(0, keepdim)),
    ),
    mistake(
      "divided-by-hidden",
      "the number of neurons is taken for the number of examples",
      "the branch of the mean is divided by the number of neurons: the mean is over the examples",
      ({ dbndiff, dbnmeani }) => dbndiff.add(dbnmeani.div(dbndiff.size(1))),
    ),
    mistake(
      "weighted",
      "the values are taken for the slopes",
      "the branch of the mean is multiplied by hprebn: every example has the same share in the mean",
      ({ hprebn, dbndiff, dbnmeani }) => dbndiff.add(hprebn.mul(dbnmeani).div(hprebn.size(0))),
    ),
    mistake("negated", "both branches are negated", "the sign of both branches is flipped", ({ dbndiff, dbnmeani }) =>
      dbndiff.add(dbnmeani.div(dbndiff.size(0))).neg(),
    ),
  ],
};

/** A row copied down the batch, to the shape of `like`. */
function spread(row: Tensor, like: Tensor): Tensor {
  return onesLike(like).mul(row);
}
