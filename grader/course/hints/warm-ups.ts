import type { WarmupId } from "../warmups.ts";
import type { StepHints } from "./hint.ts";

/** One number of the product u = x * y, to try a slope on. */
const TRY = "Take x = 3 and y = 2, so that u is 6, and let y grow by 0.1.";

/** Part 0. The numbers are those of the steps' examples, so the lesson, the report and the hint show the same. */
export const warmupHints: Readonly<Record<WarmupId, StepHints>> = {
  da: {
    ask:
      "dc says how far the loss moves for a small step of each number of c; da is to say the same of a. Each number of c " +
      "has one number of a behind it, in the same place. If that one grows by 0.1, how much does the number of c grow?",
    rule:
      "The slope of a line says how far its output moves for each step of an input. A sum has slope 1 by each of its " +
      "terms: c moves as far as a does. The answer is the slope times what comes from above, place by place. The numbers " +
      "below are the lesson's; a place is [row, column], counted from 0.",
    show: ["a", "b"],
    worked: "da[1, 0] = 1 * dc[1, 0] = 1 * {dc 1 0}",
    piece:
      "The answer is what comes from above, unchanged: the numbers of dc. The values of a and b have no part in it. The " +
      "function may return the tensor that it was given, or a copy; clone makes one.",
    look: {
      "as-product": "Let one number of a grow by 0.1. Does it depend on b how far c moves?",
      "times-own":
        "Let a number of a grow by 0.1: once where it is 1, once where it is 6. How far does c move each time?",
      shared: "Let one number of a grow by 0.1 and leave b as it is. How far does c move?",
      sign: "Let one number of a grow by 0.1. Does c rise or fall?",
      forward:
        "You are asked how the loss moves with a. Begin with how it moves with c, which is given: it is called dc.",
    },
  },
  db: {
    ask:
      "All shapes are the same, so each number of c has one number of b behind it. If that number of b grows by 0.1, " +
      "which way does the number of c go, and how far?",
    rule:
      "In a difference the slope by what is subtracted is -1: it moves the output as far as in a sum, in the other " +
      "direction. The answer is the slope times what comes from above, place by place.",
    show: ["a", "b"],
    worked: "db[1, 1] = (-1) * dc[1, 1] = (-1) * {dc 1 1}",
    piece:
      "The answer is what comes from above with the sign of every number turned. neg does that for a whole tensor; " +
      "JavaScript's own minus works on numbers only. The values of a and b have no part in it.",
    look: {
      "sign-forgotten": "Let one number of b grow by 0.1. Does c rise or fall?",
      "as-product": "Let one number of b grow by 0.1. Does it depend on a how far c falls?",
      "times-own":
        "Let a number of b grow by 0.1: once where it is 0, once where it is 2. How far does c fall each time?",
      zeros:
        "Wherever dc is not zero, a step of b moves c and so the loss. If you filled the zeros in: set changes a tensor, " +
        "while operations such as sub return a new one.",
    },
  },
  dy: {
    ask:
      "All shapes are the same. Try one number: with x = 3 and y = 2, u is 6. Let y grow to 2.1: how many times as far " +
      "as y does u move?",
    rule:
      "The slope of a product by one factor is the other factor: with 4 beside it, a factor that moves by 0.1 moves the " +
      "product by 0.4. The answer is the slope times what comes from above, place by place.",
    show: ["x", "y"],
    worked: "dy[1, 0] = x[1, 0] * du[1, 0] = {x 1 0} * {du 1 0}",
    piece:
      "A product of two of the tensors you are given, place by place; mul makes it. One of them comes from above. The " +
      "other is the factor that stands beside y in the forward line.",
    look: {
      "own-factor": `${TRY} Does u grow by 2 times that, or by 3 times? Which of the factors is this number?`,
      "passed-through": `${TRY} Does u grow by 0.1 as well?`,
      "both-factors": `${TRY} Does u grow by 6 times that? Which of the numbers 2, 3 and 6 is the slope?`,
      divided: `${TRY} Does u grow by 0.1 times 3, or by 0.1 divided by 3?`,
      "sum-of-factors": `${TRY} By how many times that does u grow, while x stays 3?`,
    },
  },
  dx: {
    ask:
      "Two lines have x on the right, and a gradient comes from above for each: du and dv. All shapes are the same. Which " +
      "slope does each line have by x?",
    rule:
      "Used twice: two gradients, added. Take one line at a time, as if the other were not there: its slope times what " +
      "comes back to its output. A step of x moves u and v at once, so the loss feels the sum of both. The two slopes " +
      "are those of steps 0.1 and 0.3.",
    show: ["x"],
    worked: "dx[1, 0] = y[1, 0] * du[1, 0] + 1 * dv[1, 0] = {y 1 0} * {du 1 0} + 1 * {dv 1 0}",
    piece:
      "The answer is a sum of two terms; add puts them together. Through u: the factor that stands beside x, times what " +
      "comes back to u. Through v: what comes back to v, unchanged.",
    look: {
      "product-only":
        "Read the second line in the comment. Which slope does v have by x, and what comes back to v? It is added to what " +
        "you have.",
      "sum-only":
        "Read the first line in the comment. What stands beside x, and what comes back to u? It is added to what you have.",
      "factor-forgotten":
        "What comes back through v is there. On the way through u something is missing: what stands beside x in u = x * y?",
      "own-factor": "The slope of a product by one factor is the other one, as in step 0.3. What stands beside x?",
      multiplied:
        "A step of x moves the loss by some amount through u, and by another through v. What do both amount to, together?",
      averaged: "A step of x moves u in full, and v in full. Nothing is shared out between the two.",
    },
  },
  dcolumn: {
    ask:
      "To be added to a row, the single column was copied into every column of grid. In how many places of grid does one " +
      "number of column stand?",
    rule:
      "A number that is copied moves all of its copies. Each copy is a term of a sum, with slope 1, and sends back what " +
      "comes from above in its place. What the copies send back is added up.",
    show: ["column", "row"],
    worked: "dcolumn[1, 0] = dgrid[1, 0] + dgrid[1, 1] + dgrid[1, 2] = {dgrid 1 0} + {dgrid 1 1} + {dgrid 1 2}",
    piece:
      "One sum, of what comes from above and nothing else. It runs along each row, which is over dimension 1. A sum " +
      "drops the dimension that it runs over, and here it has to stay, with length 1, because column is [rows, 1]: pass " +
      "keepdim as its second argument.",
    look: {
      "not-summed":
        "A row of dgrid has many numbers, and column has one number for the row. All of the many come from its copies: " +
        "what becomes of them?",
      dropped:
        "Without its dimension the answer is [rows], and column is [rows, 1]. The second argument of sum keeps the " +
        "dimension: pass keepdim, which the file imports.",
      "summed-down":
        "Dimension 0 runs down a column, from row to row; dimension 1 runs along a row. Where do the copies of one number " +
        "of column stand?",
      "one-copy": "How many columns has grid? A number of column stands once in each of them.",
    },
  },
  dtable: {
    ask:
      "Two lines, and only what comes to the second is given, so go back through one after the other. Which shape has the " +
      "gradient of total, on the way?",
    rule:
      "First through the copy, as in step 0.5: total was copied along its row, so what the copies send back is added up. " +
      "Then through the sum, as in step 0.1: each number of a row is a term of its total, with slope 1, so each of them " +
      "gets all of what came back to the total.",
    show: ["table", "total", "spread"],
    worked:
      "dtable[1, 0] = dspread[1, 0] + dspread[1, 1] + dspread[1, 2] = {dspread 1 0} + {dspread 1 1} + {dspread 1 2}",
    piece:
      "Two operations in this order. A sum of what comes from above along each row, over dimension 1, which stays with " +
      "length 1: that is the gradient of total. Then a copy of it for each column: multiply it by ones in the shape of " +
      "table, and broadcasting makes the copies; expand, given that shape, makes them too.",
    look: {
      "passed-through":
        "Let one number of table grow by 0.1. Its total grows by 0.1, and which places of spread grow with it? The answer " +
        "collects what comes from above in all of them.",
      "not-spread":
        "The answer is [rows, columns], and you have [rows, 1]. Broadcasting copies a column when it meets a tensor that " +
        "has all the columns, such as one of ones.",
      "summed-down":
        "Dimension 0 runs down a column, from row to row; dimension 1 runs along a row. Where do the copies of one total " +
        "stand?",
      forward:
        "You are asked how the loss moves with table. Begin with how it moves with spread, which is given: it is called " +
        "dspread.",
      "all-summed":
        "Which rows of spread does one total stand in? sum takes the dimension to sum over as its argument.",
    },
  },
  dleft: {
    ask:
      "Write [rows, columns] from above and [inner, columns] of right side by side. Which size has to vanish to leave " +
      "[rows, inner]?",
    rule:
      "One number of left is used for each number in a row of product, each time beside another number of right. The " +
      "slope is the number beside it, as in step 0.3, and the uses are added up, as in step 0.4. In the entry below, " +
      "left[0, 1] stands beside the two numbers in row 1 of right.",
    show: ["left"],
    worked:
      "dleft[0, 1] = dproduct[0, 0] * right[1, 0] + dproduct[0, 1] * right[1, 1] = {dproduct 0 0} * {right 1 0} + {dproduct 0 1} * {right 1 1}",
    piece:
      "One matrix product, made by matmul, of what comes from above and right. columns is the size to sum over, so it has " +
      "to stand inside: last in the left factor, first in the right one. As given, it is last in both, so one of them has " +
      "to be turned over; T does that, written without brackets.",
    look: {
      "transpose-forgotten":
        "Write the three shapes on paper: [rows, columns], [inner, columns] and, for the answer, [rows, inner]. columns " +
        "has to stand inside: last in the left factor, first in the right one.",
      "other-side":
        "The gradient of one factor is made of what comes from above and the other factor. Which is the other one here?",
      transposed:
        "The answer's first size comes from the left factor, its last from the right one. Which of the two tensors has " +
        "rows?",
      elementwise: "@ in the forward line is a matrix product, and its gradients are matrix products as well.",
      "two-terms":
        "The lesson's matrices have two columns, so its sums have two terms. The grader's have more: matmul adds up as " +
        "many as there are.",
      "upstream-forgotten":
        "right alone says how product moves. How the loss moves with product is given: it is called dproduct, and each " +
        "number of right is weighted by a number of it.",
    },
  },
  dpre: {
    ask:
      "All shapes are the same, so only a slope is missing, that of tanh. Two of the given tensors belong to the forward " +
      "line, pre and out: which of them is the slope of tanh written with?",
    rule:
      "Place by place: the slope of tanh, times what comes from above. Where tanh gives a number, its slope there is 1 " +
      "minus the square of that number: 1 where out is 0, and close to 0 where out is close to 1 or -1.",
    show: ["pre"],
    worked: "dpre[0, 1] = (1 - out[0, 1] ** 2) * dout[0, 1] = (1 - {out 0 1} ** 2) * {dout 0 1}",
    piece:
      "Square the output, which is given (pow does that), take the square from one, and multiply by what comes from above " +
      "with mul. To begin with the one, make it a tensor: tensor(1), from which sub takes another.",
    look: {
      "by-input":
        "Put in a number: at -4 the square is 16, and one minus that is a slope of -15. tanh never falls. Which given " +
        "tensor stays between -1 and 1?",
      "not-squared": "tanh is flat at both ends, where out is 1 and where it is -1. What does your slope give at -1?",
      plus: "tanh is flat at its ends, where out is close to 1 or -1. What does your slope give there?",
      sigmoid: "At 0 tanh gives 0 and rises with slope 1. What does your slope give where out is 0?",
      "passed-through":
        "Near -4 tanh is flat: a step of pre there hardly moves out. Which factor is to say so? The lesson derives it.",
    },
  },
  normalize: {
    ask:
      "No gradient this time. Each row of N is divided by one number, its sum. Which shape must the sums have, so that " +
      "beside [vocab, vocab] each number stands at its own row?",
    rule:
      "Broadcasting lines shapes up from the right. Sums of the shape [vocab] count as [1, vocab], a single row that is " +
      "copied down; sums of the shape [vocab, 1] are a column, with one number for each row. After the division each row " +
      "of P sums to 1.",
    worked: "P[0, 1] = N[0, 1] / (N[0, 0] + N[0, 1] + N[0, 2]) = {N 0 1} / ({N 0 0} + {N 0 1} + {N 0 2})",
    piece:
      "One division, made by div: N by the sums of its rows. The sum runs over dimension 1, and that dimension has to " +
      "stay, with length 1: pass keepdim as the second argument. To check, print the sums of the answer's rows with " +
      "console.log; all of them are to be 1.",
    look: {
      "keepdim-forgotten":
        "Print the shape of your sums. [vocab] counts as a row when it meets the table; as a column, one number for each " +
        "row, they are [vocab, 1].",
      "by-columns":
        "Dimension 0 runs down a column, from row to row; dimension 1 runs along a row. Which of them does the sum of a " +
        "row run over?",
      "by-everything": "sum takes the dimension to sum over as its argument. How many sums are there to be?",
      "by-mean": "Take the row 1, 1, 2. By what has each number to be divided for the row to sum to 1?",
      "by-largest": "Take the row 1, 1, 2. By what has each number to be divided for the row to sum to 1?",
      transposed: "Row i of P is made of row i of N, so nothing has to be turned over.",
    },
  },
};
