import type { TrapId } from "../traps.ts";
import type { StepHints } from "./hint.ts";

/** Numbers to try a gain and a bias on. */
const TRY_GAIN = "Put in numbers: with a gain of 2, a bias of 0.5 and 3 in bnraw, hpreact is 6.5.";
/** An entry within the limits. */
const TRY_NEAR = "Take predicted 1 and target 0.5, an error of 0.5.";
/** An entry outside of the limits. */
const TRY_OUTLIER = "Take predicted 3 and target 7, an outlier.";
const HALF_SQUARE = "Differentiate 0.5 * x ** 2 on paper: what becomes of the half, and of the 2?";
const ALL_POSITIONS = "Xb has one column for each position of the context. Go through all of them.";
const KEEPDIM = "The second argument of sum keeps the dimension: pass keepdim, which the file imports.";
const DIMENSIONS = "Dimension 0 runs down the batch, dimension 1 along the neurons.";
const TRY_VARIANCES =
  "Put in numbers, the epsilon aside: a bndiff of 6 with a variance of 4 gives 3 in bnraw, with a variance of 1 it " +
  "gives 6. The ratio of the two is a half: what does yours give for these variances?";
const DOUBLED =
  "Double embcat, and each neuron varies twice as much with the same W1. The answer is to become half as large.";

/** Part 5. The numbers are the lesson's: those of the steps' examples, or of the worked blocks. */
export const trapHints: Readonly<Record<TrapId, StepHints>> = {
  gap: {
    ask:
      "gap has one number for each neuron, while two of the given tensors have a row for each example. Which operation " +
      "makes one row of n, and in which forward lines of the comment does it stand?",
    rule:
      "Both gradients are the same sum over the batch: a factor, times what comes from above. For the factor the right " +
      "one has bnraw, the wrong one hpreact, which is what the gain and the bias make of bnraw. Below, for the first " +
      "neuron, both sums are worked out.",
    numbers: {
      bngain: [[2, -2]],
      bnbias: [[0.5, 1]],
      bnraw: [
        [-1, 1],
        [0, -1],
        [1, 0],
      ],
      dhpreact: [
        [2, 3],
        [0, 1],
        [1, -1],
      ],
    },
    show: ["bngain", "bnbias", "bnraw", "dhpreact"],
    worked:
      "gap[0, 0] = ({hpreact 0 0} * {dhpreact 0 0} + {hpreact 1 0} * {dhpreact 1 0} + {hpreact 2 0} * {dhpreact 2 0}) - " +
      "({bnraw 0 0} * {dhpreact 0 0} + {bnraw 1 0} * {dhpreact 1 0} + {bnraw 2 0} * {dhpreact 2 0})",
    piece:
      "The four lines of the comment, one after the other. hpreact is not given: it is made of the gain, bnraw and the " +
      "bias. Each gradient is a product place by place, summed over dimension 0, which stays with length 1. At the end " +
      "the right one is taken from the wrong one. To see the gap where it is zero, and where it is not: " +
      "npm run lab -- gap.",
    look: {
      sign:
        "Which of the two is taken from the other in the last forward line? Where mistaken is -0.5 and correct is " +
        "-1, gap is 0.5.",
      "mistaken-alone": "Read the last forward line: what is taken from mistaken?",
      "correct-alone":
        "Read the last forward line: from what is correct taken? The gain and the bias have no part in your answer " +
        "yet.",
      "gain-as-one": `${TRY_GAIN} How much of the 3.5 between the two comes from the gain?`,
      "bias-as-zero": `${TRY_GAIN} How much of the 3.5 between the two comes from the bias?`,
      zero:
        `${TRY_GAIN} Does yours take the gain and the bias that are given? Where they are 1 and 0, all gaps are ` +
        "zero: npm run lab -- gap shows that.",
      "upstream-forgotten":
        "Read the lines of mistaken and correct: before the sum, each entry is multiplied by how the loss moves with " +
        "hpreact. That is given, and its name begins with d.",
      "not-summed":
        `Read the lines of mistaken and correct: both end in a sum. ${DIMENSIONS} Which one has length 1 in the ` +
        "answer?",
      mean: "Read the lines of mistaken and correct: is there a division by n in them?",
      dropped: KEEPDIM,
    },
  },
  dpredicted: {
    ask:
      "All shapes are the same, and each entry has an error of its own. Two things are done to it, a derivative and a " +
      "limit. Which of them does the last forward line name first?",
    rule:
      "First the gradient of the loss, as if there were no limit; then each entry of it is limited. On one entry the " +
      "slope can be measured: beside a target of 0.5 let predicted go from 0.9 to 1.1, and divide what the loss gains " +
      "by the 0.2. Compare the result with the error, 1 - 0.5. Then look for the entries below that are 1 or -1: how " +
      "large are their errors?",
    show: ["predicted", "target"],
    worked: "dpredicted[0, 0] = (0.5 * (1.1 - {target 0 0}) ** 2 - 0.5 * (0.9 - {target 0 0}) ** 2) / 0.2",
    piece:
      "Two operations, place by place. The first gives the gradient: half a square has its base for a slope, and the " +
      "base is the error. The second limits what the first gave; clamp does it, and takes the lowest value and the " +
      "highest. Nothing is limited before the derivative is taken: npm run lab -- dpredicted shows why.",
    look: {
      "half-error":
        "Half of the square of 3 is 4.5, half of the square of 3.1 is 4.805. Is the slope there near 1.5, or near 3?",
      "each-limited":
        "Take predicted 5 and target 4.5. What is the error, and what is left of it where both are limited first?",
      silenced:
        `${TRY_OUTLIER} Clipped, its error is -1, and it is still -1 when predicted moves to 3.1: the loss does not ` +
        "feel it, so nothing comes back. Differentiate the loss as it stands in the comment, and limit what comes out.",
      "not-limited": `${TRY_OUTLIER} Does what comes back there lie within [-1, 1]?`,
      sign: `${TRY_NEAR} If predicted grows by 0.1, does the loss rise or fall?`,
      "direction-alone": `${TRY_NEAR} The gradient there is within the limits already: what is to come back?`,
      "factor-two": HALF_SQUARE,
      "half-limits": `${HALF_SQUARE} Then read the limits in the last forward line.`,
      "above-alone": `${TRY_OUTLIER} On which side of its target does it lie, and which limit is for that side?`,
      "negative-lost": "Take predicted 2 and target 2.25. What comes back there is negative, and within the limits.",
      mean: "Read the line of loss: is there a division by the number of entries in it?",
      "by-largest": `${TRY_NEAR} If another entry is off by 100, does that change what is to come back here?`,
      "by-norm": `${TRY_NEAR} If another entry is off by 100, does that change what is to come back here?`,
      "loss-itself":
        `${TRY_NEAR} The loss there is 0.125. If the error grows to 0.6, the loss is 0.18: is the slope near ` +
        "0.125, or near 0.5?",
    },
  },
  forgotten: {
    ask:
      "hprebn stands on the right of two forward lines. One of them gives dbndiff back to it, unchanged. Which is the " +
      "other, and how many rows has what comes back to its output?",
    rule:
      "Two steps back, those of part 1's numbers 20 and 21. bnmeani is subtracted from every row, so what the rows send " +
      "back adds up, with its sign turned. And bnmeani is a mean: each of the n numbers of a column gets 1/n of it, all " +
      "of them the same. A check: add the answer to dbndiff, and every column sums to zero.",
    numbers: {
      dbndiff: [
        [3, -2],
        [0, -2],
        [3, 1],
      ],
    },
    worked: "forgotten[1, 0] = -({dbndiff 0 0} + {dbndiff 1 0} + {dbndiff 2 0}) / 3",
    piece:
      "Three things: a mean of what comes from above for each neuron, over dimension 0, which stays with length 1; the " +
      "sign, turned; and n copies of the row that this gives, for which expand takes the shape to reach. Of dbndiff " +
      "itself nothing is added: that is the branch nobody forgot. How little of it a network's loss tells, " +
      "npm run lab -- forgotten shows.",
    look: {
      sign: "Let one number of bnmeani grow by 0.1. Do the numbers of bndiff rise or fall?",
      "mean-forgotten": "In a batch of 3, let one number of hprebn grow by 0.3. How far does the mean move?",
      "not-spread": "The answer has n rows, as dbndiff has. expand copies a single row; it takes the shape to reach.",
      "all-of-it": "Read the last forward line: dbndiff is taken from dhprebn. Which of your terms is that?",
      "n-minus-one":
        "Read the line of bnmeani: by what is the sum divided? The line that divides by n - 1 is another one, bnvar's.",
      across: `${DIMENSIONS} Which of them does the sum in the line of bnmeani run over?`,
      "mean-of-all": "mean takes the dimension to run over as its argument. Is there one mean, or one for each neuron?",
      zeros:
        "In a batch of 3, let one number of hprebn grow by 0.3. The mean grows by 0.1, and each row of bndiff falls by " +
        "that. What comes back this way?",
    },
  },
  uses: {
    ask:
      "uses has a row for each character, as C has, and a single column. The values of C have no part in it. Which of " +
      "the given tensors names rows of C, and how many does it name?",
    rule:
      "Each place of Xb looks up one row of C, and on the way back it sends one contribution to that row. So the answer " +
      "is a count: how often does each index stand in Xb, in any row and in any column? Below, the index 1 stands in " +
      "three places, and the index 3 in none.",
    numbers: {
      Xb: [
        [0, 1],
        [1, 1],
        [2, 0],
      ],
    },
    sizes: { vocab: 4 },
    show: ["Xb"],
    worked: "uses[1, 0] = 1 + 1 + 1",
    piece:
      "There are two ways. With a loop over both dimensions of Xb: begin with zeros of the shape [vocab, 1], and at each " +
      "place add one to the number in the row that the index names. Without a loop: lay Xb out in one dimension, let " +
      "oneHot make a row of each place, sum these rows down, and give the result its column by a view. vocab is the " +
      "number of rows of C.",
    look: {
      distinct:
        "Take the context 1, 1, 2: how many contributions does row 1 collect? If a place writes a one, the second place " +
        "of the same index writes it over the first: add to what is there.",
      lost: "Take a character that stands in Xb once. Its row collects one contribution: what do you count for it?",
      dropped: "Print the shape of your answer beside [vocab, 1]: a view gives it the column that is missing.",
      "by-example": "Take the context 1, 1, 2: how often is row 1 looked up for this one example?",
      "last-position": ALL_POSITIONS,
      share: "Take the context 1, 1, 2: row 1 collects two contributions. Two, or two thirds?",
      "each-number":
        "Take a C of ten columns whose row 1 is looked up once. One row of demb comes back: is that one contribution, or " +
        "ten?",
      "one-more": "Which number do you give a character that stands nowhere in Xb? Let the count begin with zeros.",
    },
  },
  spacing: {
    ask:
      "One number in and one number out, place by place. Between which two powers of two does |x| lie? All numbers " +
      "from the lower one up to the upper one have the same spacing.",
    rule:
      "Behind its first binary digit a float32 number has 23 more. So from 1 up to 2 the numbers lie 2 ** -23 apart; " +
      "from 2 up to 4 twice as far, from 0.5 up to 1 half as far. For any x, find the largest power of two that is not " +
      "above |x|, and take that many times the spacing at 1. Below, 100 lies between 64 and 128.",
    show: ["x"],
    worked: "spacing[1, 2] = 64 * 2 ** (-23)",
    piece:
      "For each number: leave out its sign; find the exponent of the largest power of two that is not above it; take two " +
      "to the power of that exponent, less 23. Math.log2 gives the exponent with a fraction, and it is to be rounded " +
      "down, which is further from zero where it is negative. To get at the numbers, x.toArray() lists them all; tensor, " +
      "given a list and a shape, makes a tensor of the results.",
    look: {
      relative: "64 and 100 lie between the same two powers of two. Which spacing do you give each of them?",
      "relative-signed":
        "64 and 100 lie between the same two powers of two. Which spacing do you give each of them, and which -100?",
      epsilon:
        "From 1 up to 2 there are 2 ** 23 steps, and from 2 up to 4 there are as many. How long is one of them there?",
      "rounded-up": "100 lies between 64 and 128. Which of the two is its leading binary digit worth?",
      rounded:
        "127 lies between 64 and 128, near the upper one. Its leading binary digit is worth 64 all the same: which way is " +
        "the exponent to be rounded?",
      "cut-off":
        "The logarithm of 0.75 is -0.415. Cut off, that is 0, and rounded down it is -1. Which power of two is not above " +
        "0.75, 1 or 0.5?",
      "log-in-float32":
        "Tensors, and Math.fround, round to float32; JavaScript's own numbers are float64. Take the logarithm of a number " +
        "by Math.log2, and round it down before it goes into a tensor.",
      "to-smaller":
        "From 1 the next larger number is 2 ** -23 away, the next smaller one half of that. Which of them is asked " +
        "for?",
      "bits-miscounted": "There are 24 binary digits, written as 1.f: how many of them stand behind the point?",
      float64:
        "JavaScript's own numbers are float64, and Number.EPSILON is their spacing at 1. How many binary digits has " +
        "float32 behind the point?",
      exponent: "For 1 you give -23, and the next larger number lies 2 ** -23 away. What is left to do?",
      "natural-log": "8 is 2 ** 3. Math.log gives 2.08 for it: which logarithm gives 3?",
      log10: "8 is 2 ** 3. Math.log10 gives 0.9 for it: which logarithm gives 3?",
      signed:
        "Which spacing do you give 3, and which -3? A distance has no sign; leave that of x out at the beginning.",
      "not-absolute": "The logarithm of -3 is NaN. The forward line has |x|, which Math.abs gives.",
    },
  },
  ratio: {
    ask:
      "ratio has one row, while both results of bnraw have n. Which factor do the two results share, example by example, " +
      "so that it drops out of their quotient?",
    rule:
      "In part 1, bnraw is bndiff times (bnvar + 1e-5) to the power -0.5. Write one entry of it with unbiased in bnvar's " +
      "place, then with biased, and divide the first by the second. Below, that is done for the first example of the " +
      "second neuron. Do it for the second example: the ratio is the same.",
    numbers: {
      hprebn: [
        [1, 5],
        [2, 1],
        [3, 3],
      ],
    },
    show: ["hprebn", "bndiff", "biased", "unbiased"],
    worked:
      "ratio[0, 1] = {bndiff 0 1} * ({unbiased 0 1} + 0.00001) ** (-0.5) / ({bndiff 0 1} * ({biased 0 1} + " +
      "0.00001) ** (-0.5))",
    piece:
      "Both variances are made of one sum of squares, over dimension 0, which stays with length 1; take n from the " +
      "tensor's shape. Then three things: the epsilon, added to each; a quotient of the two; and its root. Which of them " +
      "goes on top? unbiased is the larger, and bnraw is divided by its root, so the ratio is below 1.",
    look: {
      difference: "The line asks for one result over the other. What is it where both are the same: 0, or 1?",
      inverted:
        "unbiased is the larger of the two. Divided by its root, does bnraw become larger or smaller? The ratio lies on " +
        "that side of 1.",
      "not-rooted": TRY_VARIANCES,
      squared: TRY_VARIANCES,
      "epsilon-forgotten":
        "Read the line of bnvar_inv in part 1: what is added to the variance, before the root? Try it with a variance of " +
        "0.00001.",
      "of-n-alone":
        "Read the line of bnvar_inv in part 1: what is added to the variance, before the root? For a variance of 0.00001 " +
        "it matters, and the answer has a number for each neuron.",
      one: "Take the column 1, 2, 3, whose bndiff2 sums to 2. By what is that divided in each of the two lines?",
      "one-alone": "Two results are compared. One is made with unbiased, as yours is: what does the other give?",
      "by-two":
        "Read the lines of biased and unbiased: n and n - 1. If you use var, it divides by n - 1 already: which of the " +
        "two is that?",
      dropped: KEEPDIM,
    },
  },
  rescaled: {
    ask:
      "Each column of W1 is divided by one number. Which shape do these numbers have, to stand beside [block*embd, " +
      "hidden]? And are they made of the weights, or of what the weights make of the batch?",
    rule:
      "One neuron is one column. What it gives for the examples is its column of wide; how far that varies is its " +
      "standard deviation: the root of the squared distances from the mean, summed and divided by n - 1. Weights smaller " +
      "by that factor give a column that varies by 1. Below, the second neuron gives 8, 2 and -4: 6, 0 and 6 away " +
      "from its mean.",
    numbers: {
      embcat: [
        [1, 2],
        [0, 1],
        [-1, 0],
      ],
      W1: [
        [0.5, 4],
        [-0.25, 2],
      ],
    },
    sizes: { block: 1, embd: 2 },
    show: ["embcat", "W1", "wide"],
    worked: "rescaled[0, 1] = {W1 0 1} / ((6 ** 2 + 0 ** 2 + 6 ** 2) / (3 - 1)) ** 0.5",
    piece:
      "Three steps: a matrix product of the two given tensors, embcat on the left; one standard deviation for each of " +
      "its columns; and W1 divided by that, which broadcasting does. var gives a variance with n - 1 in it, and takes " +
      "the dimension and keepdim as sum does; its root is still to be taken. A check: print the variance of embcat times " +
      "your answer, down the batch. It is 1 everywhere.",
    look: {
      epsilon: "Read the line in the comment: is anything added before the root is taken?",
      "by-variance": "Take a neuron that gives 8, 2 and -4: its variance is 36. How far does it vary, by 36 or by 6?",
      biased: "Take a neuron that gives 8, 2 and -4. The squared distances from 2 sum to 72: by what is that divided?",
      "by-everything": `${DIMENSIONS} var takes the one to run over: how many numbers does it give, for how many neurons?`,
      "of-weights": `${DOUBLED} Does yours?`,
      "by-fan-in": `${DOUBLED} Does yours? It is wide that has to be measured.`,
      multiplied: "A neuron that varies by 6 is to vary by 1. Are its weights to become larger, or smaller?",
      "not-centred":
        "Add 100 to all that a neuron gives: it varies as far as before. What becomes of your squares? var takes the mean " +
        "off first.",
      "result-for-weights":
        "Compare the shapes: wide is [n, hidden], and the answer is [block*embd, hidden], as W1 is. What divides a column " +
        "of wide can divide that of W1.",
      across: `${DIMENSIONS} How far a neuron varies is one number for each column.`,
    },
  },
};
