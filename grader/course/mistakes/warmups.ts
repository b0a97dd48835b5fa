import { keepdim, onesLike, tensor, zerosLike, type Tensor } from "#tensor";
import type { WarmupId } from "../warmups.ts";
import { mistake, type MistakesOf } from "./mistake.ts";

/** Part 0. */
export const warmupMistakes: MistakesOf<WarmupId> = {
  da: [
    mistake(
      "upstream-forgotten",
      "the slope alone is given",
      "every value is one, the slope of a sum alone: what comes from above is not in it",
      ({ a }) => onesLike(a),
    ),
    mistake(
      "as-product",
      "the sum is taken for a product",
      "what comes from above is multiplied by b, as a product would have it: look at how much c moves when a moves by one",
      ({ b, dc }) => b.mul(dc),
    ),
    mistake(
      "times-own",
      "the gradient is multiplied by the tensor itself",
      "what comes from above is multiplied by a: the slope of a sum is the same wherever a is",
      ({ a, dc }) => a.mul(dc),
    ),
    mistake(
      "shared",
      "what comes from above is shared out between the two terms",
      "each value is half of what it is to be: a sum shares nothing out, each term gets all of it",
      ({ dc }) => dc.div(2),
    ),
    mistake("sign", "the sign of a difference is put in", "the sign is flipped: c rises with a", ({ dc }) => dc.neg()),
    mistake(
      "forward",
      "the line itself is computed, not its gradient",
      "this is c, the output of the line; its gradient is asked for",
      ({ a, b }) => a.add(b),
    ),
  ],
  db: [
    mistake(
      "sign-forgotten",
      "the difference is taken for a sum",
      "what comes from above is passed on as it is, but c falls where b rises",
      ({ dc }) => dc.clone(),
    ),
    mistake(
      "upstream-forgotten",
      "the slope alone is given",
      "every value is minus one, the slope alone: what comes from above is not in it",
      ({ b }) => onesLike(b).neg(),
    ),
    mistake(
      "as-product",
      "the difference is taken for a product",
      "what comes from above is multiplied by a and turned round, as if a stood beside b as a factor",
      ({ a, dc }) => a.mul(dc).neg(),
    ),
    mistake(
      "times-own",
      "the gradient is multiplied by the tensor itself",
      "what comes from above is multiplied by b and turned round: the slope of a difference is the same wherever b is",
      ({ b, dc }) => b.mul(dc).neg(),
    ),
    mistake("zeros", "nothing was written into the zeros", "every value is zero, as if b moved nothing", ({ b }) =>
      zerosLike(b),
    ),
  ],
  dy: [
    mistake(
      "own-factor",
      "the tensor's own value is taken for the slope",
      "what comes from above is multiplied by y itself; when y moves by one, u moves by the factor beside it",
      ({ y, du }) => y.mul(du),
    ),
    mistake(
      "upstream-forgotten",
      "the slope alone is given",
      "this is x, the slope alone: what comes from above is not in it",
      ({ x }) => x.clone(),
    ),
    mistake(
      "passed-through",
      "the product is taken for a sum",
      "what comes from above comes out as it went in, as a sum would have it; a product has a slope",
      ({ du }) => du.clone(),
    ),
    mistake(
      "both-factors",
      "both factors are kept",
      "both factors are in it: differentiating a product by one factor takes that factor away",
      ({ u, du }) => u.mul(du),
    ),
    mistake(
      "divided",
      "the factor is divided by, as if the product were to be undone",
      "what comes from above is divided by x: that undoes the product, and is not its slope",
      ({ x, du }) => du.div(x),
    ),
    mistake(
      "sum-of-factors",
      "both derivatives of the product are added up",
      "both factors are added up: that is how u moves when x and y move by the same, and y alone is asked about",
      ({ x, y, du }) => x.add(y).mul(du),
    ),
  ],
  dx: [
    mistake(
      "product-only",
      "the second use of x is overlooked, or overwrites",
      "only what comes back through u is there: x goes into v as well",
      ({ y, du }) => y.mul(du),
    ),
    mistake(
      "sum-only",
      "the first use of x is overlooked, or is overwritten",
      "only what comes back through v is there: x goes into u as well",
      ({ dv }) => dv.clone(),
    ),
    mistake(
      "factor-forgotten",
      "the slope of the product is left out",
      "both ways are added up, but the one through u lacks its slope",
      ({ du, dv }) => du.add(dv),
    ),
    mistake(
      "own-factor",
      "x is taken for the slope of the product by x",
      "on the way through u, x itself stands for the slope; the slope by one factor is the other",
      ({ x, du, dv }) => x.mul(du).add(dv),
    ),
    mistake(
      "multiplied",
      "the two ways are multiplied",
      "the two ways are multiplied, where gradients that meet are to be added up",
      ({ y, du, dv }) => y.mul(du).mul(dv),
    ),
    mistake(
      "averaged",
      "the two ways are averaged",
      "the two ways are averaged: each is a whole effect of its own, and they add up",
      ({ y, du, dv }) => y.mul(du).add(dv).div(2),
    ),
    mistake(
      "difference",
      "one way is subtracted",
      "what comes back through v is subtracted, and v rises with x",
      ({ y, du, dv }) => y.mul(du).sub(dv),
    ),
  ],
  dcolumn: [
    mistake(
      "not-summed",
      "the broadcast is overlooked",
      "there is one value for each place of grid: column was copied into every one of its columns, and the copies' gradients meet again",
      ({ dgrid }) => dgrid.clone(),
    ),
    mistake(
      "dropped",
      "the sum drops its dimension",
      "the sum is right, and its dimension is gone: column is [rows, 1], so the sum is to keep it",
      ({ dgrid }) => dgrid.sum(1),
    ),
    mistake(
      "summed-down",
      "the sum runs along the other dimension",
      "the sum runs down the rows, which is what row's gradient would be: column was copied along the other dimension",
      ({ dgrid }) => dgrid.sum(0, keepdim),
    ),
    mistake(
      "mean",
      "a mean is taken for the sum",
      "the copies' gradients are averaged: each copy moves the loss by itself, so they add up",
      ({ dgrid }) => dgrid.mean(1, keepdim),
    ),
    mistake(
      "weighted",
      "the sum is taken for a product",
      "what comes from above is weighted by row before it is added up, as if row were a factor",
      ({ row, dgrid }) => row.mul(dgrid).sum(1, keepdim),
    ),
    mistake(
      "one-copy",
      "one of the copies is taken for all",
      "this is the gradient of the first copy alone, and column was copied into every column of grid",
      ({ column, dgrid }) => dgrid.T.gatherRows(tensor([0], [1], "int32")).T.view([...column.shape]),
    ),
  ],
  dtable: [
    mistake(
      "passed-through",
      "sum and copy are taken to undo each other",
      "what comes from above comes out as it went in, as if sum and copy undid each other: every entry of table reaches all places of its row",
      ({ dspread }) => dspread.clone(),
    ),
    mistake(
      "not-spread",
      "the sum's backward is left out",
      "this is the gradient of total, [rows, 1]; each entry of the row is still to get its copy",
      ({ dspread }) => dspread.sum(1, keepdim),
    ),
    mistake(
      "mean",
      "a mean is taken for the sum",
      "each row is averaged: the gradients of copies add up, and nothing here is divided by the number of columns",
      ({ dspread }) => dspread.mean(1, keepdim).expand([...dspread.shape]),
    ),
    mistake(
      "summed-down",
      "the sum runs along the other dimension",
      "the sum runs down the rows, but the copies of total stand along its row",
      ({ dspread }) => dspread.sum(0, keepdim).expand([...dspread.shape]),
    ),
    mistake(
      "forward",
      "the line itself is computed, not its gradient",
      "these are the numbers of spread, the output of the lines; what comes from above is not in it",
      ({ spread }) => spread.clone(),
    ),
    mistake(
      "all-summed",
      "the sum runs over everything",
      "everything is added up, but a row of table reaches its own row of spread alone",
      ({ dspread }) => dspread.sum().expand([...dspread.shape]),
    ),
  ],
  dleft: [
    mistake(
      "transpose-forgotten",
      "the second factor is used as it stands",
      "the product does not fit as it stands: of what comes from above, the columns are to meet the columns of right",
      ({ right, dproduct }) => dproduct.matmul(right),
    ),
    mistake(
      "other-side",
      "the gradient of the other factor is given",
      "this is the gradient of right; left's has the shape of left, [rows, inner]",
      ({ left, dproduct }) => left.T.matmul(dproduct),
    ),
    mistake(
      "transposed",
      "the factors stand in the other order",
      "this is the gradient transposed: [inner, rows] where left is [rows, inner]",
      ({ right, dproduct }) => right.matmul(dproduct.T),
    ),
    mistake(
      "two-terms",
      "the sums of two matrices of 2 by 2 are written out",
      "two terms are added up for each value, as with matrices of 2 by 2; there are as many as right has columns",
      ({ right, dproduct }) => firstTwoColumns(dproduct).matmul(firstTwoColumns(right).T),
    ),
    mistake(
      "elementwise",
      "the matrix product is taken for an elementwise one",
      "right and what comes from above are multiplied place by place; each entry of left meets a whole row of right",
      ({ right, dproduct }) => right.mul(dproduct),
    ),
    mistake(
      "upstream-forgotten",
      "the slope alone is given",
      "these are the sums of right's rows: what comes from above stands there as ones",
      ({ right, dproduct }) => onesLike(dproduct).matmul(right.T),
    ),
  ],
  dpre: [
    mistake(
      "by-input",
      "the input is used for the output",
      "the square in it is that of pre, the input: the slope of tanh is written with its output",
      ({ pre, dout }) => pre.pow(2).neg().add(1).mul(dout),
    ),
    mistake(
      "upstream-forgotten",
      "the slope alone is given",
      "this is the slope of tanh alone: what comes from above is not in it",
      ({ out }) => out.pow(2).neg().add(1),
    ),
    mistake(
      "not-squared",
      "the square is left out",
      "out stands there without its square: near -1, where tanh is flat, that would be a slope of two",
      ({ out, dout }) => out.neg().add(1).mul(dout),
    ),
    mistake(
      "plus",
      "the square is added",
      "the square of out is added to one: tanh is steepest at zero, and never steeper than one",
      ({ out, dout }) => out.pow(2).add(1).mul(dout),
    ),
    mistake(
      "sigmoid",
      "the slope of the logistic function is used",
      "the slope is that of the logistic function, its output times one minus its output; tanh has another",
      ({ out, dout }) => out.neg().add(1).mul(out).mul(dout),
    ),
    mistake(
      "slope-squared",
      "the slope is multiplied in twice",
      "the slope of tanh is squared: it is a factor once",
      ({ out, dout }) => out.pow(2).neg().add(1).pow(2).mul(dout),
    ),
    mistake(
      "passed-through",
      "tanh is overlooked",
      "what comes from above comes out as it went in, as it does at zero alone: tanh bends",
      ({ dout }) => dout.clone(),
    ),
  ],
  normalize: [
    mistake(
      "keepdim-forgotten",
      "the sum drops its dimension, and what is left is broadcast as a row",
      "the sums of the rows were laid along the columns: without its second dimension a tensor of sums counts as one row, so column j is divided by the sum of row j",
      ({ N }) => N.div(N.sum(1)),
    ),
    mistake(
      "by-columns",
      "the sum runs along the other dimension",
      "each column sums to 1, and each row is to",
      ({ N }) => N.div(N.sum(0, keepdim)),
    ),
    mistake("by-everything", "the sum runs over everything", "the whole table sums to 1, and each row is to", ({ N }) =>
      N.div(N.sum()),
    ),
    mistake(
      "by-mean",
      "a mean is taken for the sum",
      "each row is divided by its mean, so that it sums to the number of characters",
      ({ N }) => N.div(N.mean(1, keepdim)),
    ),
    mistake(
      "by-largest",
      "the largest count is taken for the sum",
      "each row is divided by its largest count: the largest value is 1, and the sum is more",
      ({ N }) => N.div(N.max(1, keepdim).values),
    ),
    mistake(
      "transposed",
      "the table is read by its columns",
      "the table is normalised and transposed besides: row i is to be what follows character i",
      ({ N }) => N.div(N.sum(1, keepdim)).T,
    ),
  ],
};

function firstTwoColumns(x: Tensor): Tensor {
  return x.T.gatherRows(tensor([0, 1], [2], "int32")).T;
}
