import type { Graded } from "../makemore/lines.ts";
import type { StepHints } from "./hint.ts";
import type { GradientName } from "../../kit/names.ts";

/** Part 1. */
export const stepByStepHints: Readonly<Record<GradientName<Graded>, StepHints>> = {
  dlogprobs: {
    ask: "Which entries of logprobs does the loss read? What is left for those that it does not read?",
    rule:
      "The loss is minus a mean of n numbers, one from each row. Each number that is read moves the loss by the same " +
      "amount, whatever its own value; a number that is not read moves nothing.",
    numbers: {
      logprobs: [
        [-1, -2, -0.5],
        [-0.7, -1.5, -1.2],
      ],
      Yb: [2, 0],
    },
    show: ["logprobs", "Yb"],
    worked: "dlogprobs[0, 2] = -1 / 2",
    piece:
      "Begin with zeros in the shape of logprobs. In each row one place is filled, the column that Yb names for that " +
      "row. All n places get the same number: its sign comes from the minus before the mean, its size from the number " +
      "of examples, which is the length of Yb.",
    look: {
      fused:
        "Only the last line is asked about here: the loss reads logprobs[i, Yb[i]]. If another entry of the row grows, does the loss move?",
      everywhere: "The loss line picks logprobs[i, Yb[i]]: count how many entries that is in a batch of n.",
      "divided-by-all": "How many numbers are averaged? One for each row, however long the rows are.",
      "divided-by-vocab": "How many numbers are averaged? One for each row, however long the rows are.",
      "first-column": "The column differs from row to row: read it from Yb for each row.",
      zeros: "Zeros are the right beginning. n places are still to be filled, one in each row.",
      "other-entries":
        "The loss reads logprobs[i, Yb[i]] and no other entry. If one of the others grows, does the loss move?",
      "logprobs-kept":
        "Let a picked number grow by 0.3 in a batch of 3: once from -1, once from -2. How far does the mean move " +
        "each time?",
    },
  },
  dprobs: {
    ask: "So nothing was copied or summed. Which function did each number go through?",
    rule:
      "Number by number: the slope of the function, times what comes from above. The logarithm has slope 1/x at x, so " +
      "a small probability has a steep slope.",
    numbers: {
      probs: [
        [0.5, 0.25, 0.25],
        [0.1, 0.8, 0.1],
      ],
      dlogprobs: [
        [2, -1, 0],
        [-1, 4, 3],
      ],
    },
    worked: "dprobs[1, 0] = 1 / {probs 1 0} * {dlogprobs 1 0}",
    piece:
      "The answer has two factors, entry by entry. One is what comes from above. The other is the inverse of what went " +
      "into the logarithm; that is probs, while logprobs is what came out of it.",
    look: {
      "log-softmax":
        "If one entry of probs grows alone, which entries of logprobs move? The lines before this one have steps of their own.",
      multiplied:
        "Try one number: the logarithm of 0.5 is -0.693, that of 0.51 is -0.673. Is the slope there near a half, " +
        "or near 2?",
      "by-logprobs":
        "Try one number: the logarithm of 0.5 is -0.693, and its slope there is 2. Of which of the two, 0.5 or " +
        "-0.693, is 2 made?",
      "times-logprobs": "At 1 the logarithm is 0. Does it stand still there? The logarithm of 1.01 is 0.00995.",
      "power-two": "At 0.5 the logarithm rises, with slope 2. What does your slope give there?",
      squared: "The inverse has a slope with a square in it. Write the slope of the logarithm at 2 and at 4 on paper.",
    },
  },
  dcounts_sum_inv: {
    ask:
      "What comes from above has a column for each character, the answer has a single one. What happened to " +
      "counts_sum_inv on its way into the product?",
    rule:
      "One number of counts_sum_inv meets every entry of its row of counts: it is copied. Each copy is a factor of a " +
      "product, whose slope is the other factor. What the copies send back adds up.",
    numbers: {
      counts: [
        [1, 2, 1],
        [3, 1, 1],
      ],
      dprobs: [
        [2, -1, 4],
        [0, 5, -2],
      ],
    },
    worked:
      "dcounts_sum_inv[0, 0] = {counts 0 0} * {dprobs 0 0} + {counts 0 1} * {dprobs 0 1} + {counts 0 2} * {dprobs 0 2}",
    piece:
      "Two operations in this order: an elementwise product that still has the shape [n, vocab], then a sum along each " +
      "row. The sum is over dimension 1, and that dimension stays, with length 1.",
    look: {
      "counts-forgotten":
        "What stands beside counts_sum_inv in the forward line? Each copy is weighted by its own entry.",
      "probs-for-counts": "What stands beside counts_sum_inv in the forward line? probs is what came out.",
    },
  },
  dcounts_sum: {
    ask: "All shapes are [n, 1], so only a slope is missing. Which power is taken?",
    rule:
      "The power rule: the slope of x ** p is the old exponent p as a factor, times x to the power p - 1. Then the " +
      "chain rule: times what comes from above.",
    numbers: { counts_sum: [[4], [5]], dcounts_sum_inv: [[8], [-10]] },
    worked: "dcounts_sum[0, 0] = (-1) * {counts_sum 0 0} ** (-2) * {dcounts_sum_inv 0 0}",
    piece:
      "Three things to have: the exponent one lower than in the forward line, the old exponent as a factor (here it is " +
      "a sign), and what comes from above. Check the sign: when the sum grows, its inverse falls.",
    look: {
      "inverse-of-upstream":
        "The slope says how far the inverse moves when the sum does: at 2 it is -1/4. That number multiplies the upstream gradient.",
      log:
        "The forward line takes a power, -1. At 2 a logarithm rises, with slope 0.5; from 2 to 2.1 the inverse " +
        "falls, from 0.5 to 0.476.",
      cube:
        "Try one number: from 2 to 2.1 the inverse falls from 0.5 to 0.476. Is the slope there near -1/4, or near " +
        "-1/8?",
      square:
        "Try one number: from 2 to 2.1 the inverse falls from 0.5 to 0.476. Is the slope there near -1/4, or near -4?",
    },
  },
  dcounts: {
    ask:
      "Two lines use counts. Write the gradient of each use alone and give it its shape: which one still has to be " +
      "spread over the row?",
    rule:
      "Used twice: two gradients, added. As a factor of a product, counts has the other factor for its slope. As a " +
      "term of a sum it has slope 1, so every term of a row receives a copy of what the sum gets.",
    numbers: {
      counts: [
        [1, 2, 1],
        [3, 1, 1],
      ],
      dprobs: [
        [2, -1, 4],
        [0, 5, -2],
      ],
      dcounts_sum: [[0.5], [-3]],
    },
    worked: "dcounts[0, 1] = {counts_sum_inv 0 0} * {dprobs 0 1} + {dcounts_sum 0 0}",
    piece:
      "The answer is a sum of two terms. The first, through probs, is the factor beside counts, times what comes back " +
      "to probs. The second, through counts_sum, is what comes back to the sum, the same for every column; broadcasting " +
      "spreads [n, 1] over [n, vocab] when you add the two.",
    look: {
      "second-branch-missing":
        "The line of counts_sum: every entry of counts is a term of its row's sum, with slope 1. What comes back to the " +
        "sum belongs to every column of the row.",
      "first-branch-missing":
        "The line of probs: counts is one factor of a product. Which is the other, and what comes back to the product?",
      "product-alone": "In the line of probs, what stands beside counts? It scales what comes back on that way.",
      "divided-by-inverse":
        "counts_sum_inv is an inverse already; the forward line multiplies by it, and so does its slope.",
      "sum-scaled":
        "Let one entry of counts grow by 0.1. How far does its row's sum grow, in a row of 3 and in a row of 27?",
      "sum-times-counts":
        "Let one entry of counts grow by 0.1: once from 1, once from 6. How far does its row's sum grow each time?",
    },
  },
  dnorm_logits: {
    ask: "All shapes are the same, so only a slope is missing. At which value is it taken, and is it computed already?",
    rule:
      "Number by number: the slope of the function, times what comes from above. exp is its own slope, so the slope " +
      "at each number is what exp gave there.",
    numbers: {
      norm_logits: [
        [0, -1, -2],
        [-0.5, 0, -3],
      ],
      dcounts: [
        [1, 2, -1],
        [4, 0, 5],
      ],
    },
    show: ["norm_logits"],
    worked: "dnorm_logits[0, 1] = {counts 0 1} * {dcounts 0 1}",
    piece:
      "An elementwise product of two tensors you are given. One comes from above. The other is the output of the " +
      "forward line, which serves as its slope; you need not compute exp again.",
    look: {
      "times-norm_logits": "At 0 exp gives 1, and from 0 to 0.1 it grows by 0.105. What does your slope give there?",
      softmax:
        "If one entry of norm_logits grows alone, which entries of counts move? The sum and the division have steps of their own.",
      "exp-of-upstream":
        "If the upstream gradient is zero, the loss does not move with counts. What should the answer be there, and what is exp(0)?",
      "norm_logits-for-counts":
        "At 0 exp gives 1, and from 0 to 0.1 it grows by 0.105. Which of the two is the slope there, 0 or 1?",
      "power-rule": "At 0 exp gives 1, and from 0 to 0.1 it grows by 0.105. What does your slope give there?",
      squared: "At -1 exp gives 0.368, and from -1 to -0.9 it grows by 0.039. Is the slope 0.368 there, or its square?",
      "exp-twice": "Where norm_logits is 0, counts is 1, and the slope is 1 as well. What does yours give there?",
    },
  },
  dlogit_maxes: {
    ask:
      "One column was subtracted from all columns. Which two things does that leave to do, one about the sign and one " +
      "about the copies?",
    rule:
      "In a - b the slope by b is -1. And b is one number for a whole row: it was copied into every column, so what " +
      "the columns send back adds up.",
    numbers: {
      dnorm_logits: [
        [2, -1, 4],
        [0, 5, -2],
      ],
    },
    worked: "dlogit_maxes[0, 0] = -({dnorm_logits 0 0} + {dnorm_logits 0 1} + {dnorm_logits 0 2})",
    piece:
      "No value of the forward pass is needed, only what comes from above. Turn its sign, and sum it along each row, " +
      "over dimension 1, which stays with length 1. In the full network this is zero but for rounding; here, with " +
      "numbers from above that are arbitrary, it is not.",
    look: {
      zeros:
        "The grader asks for the derivative of the one line in the comment, with arbitrary gradients from above. Write " +
        "what that line gives back.",
      "at-maximum": "logit_maxes stands in every column of the subtraction, not in the winner's alone.",
    },
  },
  dlogits: {
    ask:
      "Two lines use logits. For norm_logits the shapes agree. What comes back to logit_maxes is one number a row: in " +
      "which column of the row does it belong?",
    rule:
      "Used twice: two gradients, added. A subtraction passes the gradient of its first term on as it is. A maximum " +
      "copied one number of the row, so all of its gradient goes to that place, and the other columns get nothing.",
    numbers: {
      logits: [
        [1, 3, 2],
        [4, 0, 1],
      ],
      dnorm_logits: [
        [2, -1, 4],
        [0, 5, -2],
      ],
      dlogit_maxes: [[10], [20]],
    },
    show: ["logits"],
    worked: "dlogits[0, 1] = {dnorm_logits 0 1} + {dlogit_maxes 0 0}",
    piece:
      "What comes back to logit_maxes goes to one place in each row, the winner's; the other places get nothing of it. " +
      "max gives the winners' indices, and oneHot makes rows of zeros with a one at such an index. The label in Yb plays " +
      "no part.",
    look: {
      "max-branch-missing":
        "The line of logit_maxes: a maximum took one number of the row. What comes back to logit_maxes belongs to the " +
        "place it was taken from.",
      "max-branch-alone": "The line of norm_logits: logits is the first term of a subtraction, with slope 1.",
      "every-column": "Adding [n, 1] to [n, vocab] reaches every column. Only the column that won may get it.",
      "routed-to-label": "Ask the logits, not Yb, for the place: it is where the maximum was found.",
      "max-over-batch-as-columns":
        "The forward line takes the maximum over dimension 1. How many winners are there, n of them or vocab?",
      "max-over-batch":
        "The forward line takes the maximum over dimension 1. Look for the winner in the same direction.",
      "max-branch-subtracted": "dlogit_maxes has its minus from the step before. Here the two ways add up.",
      "max-branch-doubled":
        "Count how often what comes back to logit_maxes reaches the winner's place: there is one line that takes " +
        "the maximum.",
      "max-branch-spread": "Take the row 1, 3, 2. If the 1 grows by 0.1, does the maximum grow? And if the 3 does?",
      "winner-times-value":
        "Take the row 1, 3, 2, and let the 3 grow by 0.1. Does the maximum grow by 0.1, or by 3 times that?",
    },
  },
  dh: {
    ask: "Write [n, vocab] from above and [hidden, vocab] of W2 side by side. Which size has to vanish to leave [n, hidden]?",
    rule:
      "A neuron of one example feeds all logits of that example, each with its own weight. What comes back is the sum " +
      "over the logits of weight times gradient: a matrix product again.",
    numbers: {
      W2: [
        [1, 2, -1],
        [0, 3, 4],
      ],
      dlogits: [
        [2, -1, 1],
        [0, 5, -2],
      ],
    },
    worked: "dh[0, 1] = {dlogits 0 0} * {W2 1 0} + {dlogits 0 1} * {W2 1 1} + {dlogits 0 2} * {W2 1 2}",
    piece:
      "One matrix product of what comes from above and W2. vocab is the size to sum over, so it has to stand inside: " +
      "last in the left factor, first in the right one. That tells which factor goes left and which is transposed.",
    look: {
      "times-h":
        "Let one entry of h grow by 0.1, once from 0.2 and once from 0.8. Does it depend on that how far the " +
        "logits move?",
    },
  },
  dW2: {
    ask: "Write [n, hidden] of h and [n, vocab] from above side by side. Which size has to vanish to leave [hidden, vocab]?",
    rule:
      "One weight is used once for every example. What comes back is the sum over the examples of input times " +
      "gradient: a matrix product with n inside.",
    numbers: {
      h: [
        [1, -1],
        [0.5, 2],
      ],
      dlogits: [
        [2, -1, 1],
        [0, 5, -2],
      ],
    },
    worked: "dW2[1, 0] = {h 0 1} * {dlogits 0 0} + {h 1 1} * {dlogits 1 0}",
    piece:
      "One matrix product of h and what comes from above. n is the size to sum over, so it has to stand inside: last in " +
      "the left factor, first in the right one. hidden comes first in the answer, so that factor goes left. The mean of " +
      "the loss is in what comes from above; divide by nothing.",
    look: {
      "times-W2":
        "Let one weight grow by 0.1, once from 0.2 and once from 0.8. Does it depend on that how far the logits move?",
    },
  },
  db2: {
    ask: "b2 has one dimension, what comes from above two. Along which was b2 copied?",
    rule:
      "A bias is added to every row, so it is copied down the batch. Its slope is 1 in each copy, and what the copies " +
      "send back adds up.",
    numbers: {
      dlogits: [
        [2, -1, 1],
        [0, 5, -2],
      ],
    },
    worked: "db2[1] = {dlogits 0 1} + {dlogits 1 1}",
    piece:
      "One sum, of what comes from above and nothing else. It runs down the batch, over dimension 0. b2 has the shape " +
      "[vocab], so this time the dimension is not kept.",
    look: {
      "times-b2": "Let one number of b2 grow by 0.1: once from 0, once from 2. How far do its logits move each time?",
      zeros:
        "If one number of b2 grows, its logit grows in every row. Write what the one line in the comment gives " +
        "back. If you filled the zeros in: set changes a tensor; the operations without _ return a new one.",
    },
  },
  dhpreact: {
    ask: "All shapes are the same, so only a slope is missing. Can it be written with the output alone?",
    rule:
      "Number by number: the slope of tanh, times what comes from above. Where tanh gives y, its slope is 1 minus the " +
      "square of y: 1 at y = 0, and close to 0 where y is close to 1 or -1.",
    numbers: {
      hpreact: [
        [0, 1],
        [-2, 0.5],
      ],
      dh: [
        [3, 2],
        [10, -1],
      ],
    },
    show: ["hpreact"],
    worked: "dhpreact[0, 1] = (1 - {h 0 1} ** 2) * {dh 0 1}",
    piece:
      "Square the output h, which is given, take that from one, and scale what comes from above by it, entry by entry. " +
      'A number minus a tensor begins with the number as a tensor; the lesson\'s section "The tensors" has a row for it.',
    look: {
      "input-squared":
        "Put in a number: at -4 the square is 16, and one minus that is a slope of -15. tanh never falls. Which " +
        "given tensor stays between -1 and 1?",
      "not-squared":
        "tanh is flat at both ends, where h is close to 1 and where it is close to -1. What does your slope give " +
        "at -1?",
      plus: "tanh is flat at its ends, where h is close to 1 or -1. What does your slope give there?",
      sigmoid: "Where h is 0, tanh rises with slope 1. What does your slope give there?",
      "square-alone":
        "tanh is steepest where h is 0, and flat where h is close to 1. What does your slope give at each?",
      "times-h": "tanh is steepest where h is 0. What does your slope give there?",
      "tanh-twice":
        "Where h is close to 1, tanh is flat. What does your slope give at an h of 1? h came out of tanh: it need " +
        "not go through it again.",
      relu: "At -0.5 tanh rises, with slope 0.79. Does yours let anything through where hpreact is negative?",
      "square-of-difference":
        "Where h is close to -1, tanh is flat. What does your slope give there? Look at what is squared.",
    },
  },
  dbngain: {
    ask: "What comes from above has a row for each example, bngain a single one. Along which dimension was it copied?",
    rule:
      "One gain multiplies its neuron's value in every example: it is copied down the batch. Each copy is a factor of " +
      "a product, whose slope is the other factor. What the copies send back adds up.",
    numbers: {
      bnraw: [
        [1, -1],
        [0.5, 2],
      ],
      dhpreact: [
        [2, 3],
        [4, -1],
      ],
    },
    worked: "dbngain[0, 1] = {bnraw 0 1} * {dhpreact 0 1} + {bnraw 1 1} * {dhpreact 1 1}",
    piece:
      "Two operations in this order: an elementwise product with the factor that stands beside bngain, then a sum down " +
      "the batch, over dimension 0. That dimension stays, with length 1.",
    look: {
      "bnraw-forgotten": "What stands beside bngain in the forward line? Each copy is weighted by its own entry.",
      "hpreact-for-bnraw":
        "What stands beside bngain in the forward line? hpreact is what came out of it. At a gain of 1 and a bias " +
        "of 0 the two are the same numbers, and nowhere else.",
    },
  },
  dbnbias: {
    ask: "What comes from above has a row for each example, bnbias a single one. What does the answer keep that db2 did not?",
    rule:
      "A bias is added to every row: it is copied down the batch, with slope 1 in each copy. What the copies send back " +
      "adds up.",
    numbers: {
      dhpreact: [
        [2, 3],
        [4, -1],
      ],
    },
    worked: "dbnbias[0, 1] = {dhpreact 0 1} + {dhpreact 1 1}",
    piece:
      "One sum of what comes from above, down the batch, over dimension 0. bnbias has the shape [1, hidden], so the " +
      "summed dimension stays, with length 1.",
    look: {
      "times-bngain": "Let one number of bnbias grow by 0.1, beside a gain of 3. Does hpreact grow by 0.1, or by 0.3?",
      "times-bnraw": "Let one number of bnbias grow by 0.1. Does it depend on bnraw how far hpreact moves?",
    },
  },
  dbnraw: {
    ask: "bnraw has the shape of what comes from above: it was not copied. What is left of the rule for a product?",
    rule:
      "In y = a * b + c the slope by b is a. The other factor has a single row here; broadcasting lays it under every " +
      "example, as in the forward line.",
    numbers: {
      bngain: [[2, -0.5]],
      dhpreact: [
        [2, 3],
        [4, -1],
      ],
    },
    worked: "dbnraw[1, 1] = {bngain 0 1} * {dhpreact 1 1}",
    piece:
      "An elementwise product of the factor beside bnraw and what comes from above. No sum: it is the gain that was " +
      "copied, not bnraw. What was added in the forward line has no part in the slope.",
    look: {
      "bngain-forgotten": "Let one number of bnraw grow by 0.1, beside a gain of 3. How far does hpreact move?",
      "bnbias-for-bngain":
        "Let one number of bnraw grow by 0.1, beside a gain of 3 and a bias of 5. Does hpreact grow by 0.3, or by 0.5?",
      "bias-added": "Let one number of bnraw grow by 0.1. Does it depend on the bias how far hpreact moves?",
      summed:
        "Compare the shapes: bnraw is [n, hidden], as what comes from above is. Each number of it moves one number " +
        "of hpreact.",
    },
  },
  dbnvar_inv: {
    ask: "What comes from above has a row for each example, bnvar_inv a single one. Along which dimension was it copied?",
    rule:
      "One number of bnvar_inv scales its neuron's column: it is copied down the batch. Each copy is a factor of a " +
      "product, whose slope is the other factor. What the copies send back adds up.",
    numbers: {
      bndiff: [
        [1, -3],
        [-1, 3],
      ],
      dbnraw: [
        [2, 1],
        [4, -1],
      ],
    },
    worked: "dbnvar_inv[0, 1] = {bndiff 0 1} * {dbnraw 0 1} + {bndiff 1 1} * {dbnraw 1 1}",
    piece:
      "The pattern of dbngain. The factor to take is the one that stood beside bnvar_inv in the forward line, not what " +
      "came out of it. Then sum down the batch, over dimension 0, which stays with length 1.",
    look: {
      "bndiff-forgotten": "What stands beside bnvar_inv in the forward line? Each copy is weighted by its own entry.",
      "bnraw-for-bndiff": "What stands beside bnvar_inv in the forward line? bnraw is what came out of it.",
    },
  },
  dbnvar: {
    ask: "All shapes are [1, hidden], so only a slope is missing. What is inside the bracket, and which power is taken of it?",
    rule:
      "The power rule: the slope of u ** p is the old exponent p as a factor, times u to the power p - 1. Here u is " +
      "bnvar + 1e-5. The constant has no gradient of its own, but it stays inside u.",
    numbers: { bnvar: [[4, 0.25]], dbnvar_inv: [[8, -1]] },
    worked: "dbnvar[0, 0] = (-0.5) * ({bnvar 0 0} + 0.00001) ** (-1.5) * {dbnvar_inv 0 0}",
    piece:
      "Build it from inside out: the bracket of the forward line with its constant; a power of it, with the exponent " +
      "one lower than -0.5; the old exponent as a factor; and what comes from above.",
    look: {
      "epsilon-on-root": "Read the forward line from the inside: which comes first, adding 1e-5 or taking the power?",
      "epsilon-forgotten":
        "Take the bracket from the forward line as it is, with its constant. For a neuron that hardly varies the " +
        "constant is most of it.",
      "factor-of-slope": "Write both exponents on paper, the old and the lowered one. The old one is the factor.",
      root:
        "Which exponent stands in the forward line, 0.5 or -0.5? When the variance grows, does bnvar_inv rise or " +
        "fall?",
      inverse:
        "Which exponent stands in the forward line, -1 or -0.5? The power rule lowers that one, and takes it for " +
        "the factor.",
    },
  },
  dbndiff2: {
    ask: "What comes from above has one row, the answer n. What does a sum down a column give back to each of its terms?",
    rule:
      "In a sum every term has slope 1, so each receives a copy of what the sum gets. The forward line scales the sum, " +
      "so the copies are scaled by the same factor.",
    numbers: {
      bndiff2: [
        [1, 9],
        [4, 0],
        [1, 9],
      ],
      dbnvar: [[6, -2]],
    },
    show: ["bndiff2"],
    worked: "dbndiff2[2, 0] = 1 / (3 - 1) * {dbnvar 0 0}",
    piece:
      "Every row of the answer is the same: what comes from above, times the factor that stands before the sum. A " +
      "tensor of ones in the shape of bndiff2 spreads one row over n of them. n is the number of rows of bndiff2; look " +
      "at what the forward line divides by.",
    look: {
      "not-spread": "The answer has n rows. Broadcasting copies a single row when it meets a tensor with n of them.",
      biased: "Read the forward line: by what is the sum divided? bnmeani divides its sum by another count.",
      "factor-forgotten": "In a batch of 5, let one entry of bndiff2 grow by 1. Does bnvar grow by 1, too?",
      multiplied: "In a batch of 5, let one entry of bndiff2 grow by 1. Does bnvar grow by 4, or by 1/4?",
      "times-bndiff2":
        "In a batch of 5, let one entry of bndiff2 grow by 1: once from 1, once from 9. How far does bnvar grow " +
        "each time?",
      "square-early":
        "In a batch of 5, let one entry of bndiff2 grow by 1. Does bnvar grow by 1/4, or by 2/4? The entry is a " +
        "square already; where it comes from is the next step's affair.",
      "divided-by-hidden":
        "The sum runs down a column. How many entries has a column of bndiff2: as many as there are examples, or " +
        "neurons?",
    },
  },
  dbndiff: {
    ask: "Two lines use bndiff. Both of their gradients have the answer's shape: which slope has each line?",
    rule:
      "Used twice: two gradients, added. As a factor of a product, bndiff has the other factor for its slope. As the " +
      "base of a square, its slope is twice the base.",
    numbers: {
      bndiff: [
        [1, -3],
        [-1, 3],
      ],
      bnvar_inv: [[0.5, 0.25]],
      dbnraw: [
        [2, 4],
        [4, -8],
      ],
      dbndiff2: [
        [10, 1],
        [10, 1],
      ],
    },
    worked: "dbndiff[0, 1] = {bnvar_inv 0 1} * {dbnraw 0 1} + 2 * {bndiff 0 1} * {dbndiff2 0 1}",
    piece:
      "The answer is a sum of two terms. Through bnraw: the factor beside bndiff, times what comes back to bnraw. " +
      "Through bndiff2: the slope of a square, which holds bndiff itself, times what comes back to bndiff2.",
    look: {
      "second-branch-missing": "The line of bndiff2: a square. What is its slope, and what comes back to bndiff2?",
      "first-branch-missing":
        "The line of bnraw: bndiff is one factor of a product. Which is the other, and what comes back to the product?",
      "bnvar_inv-forgotten": "In the line of bnraw, what stands beside bndiff? It scales what comes back on that way.",
      "bndiff-forgotten": "Differentiate x ** 2 on paper: what is left beside the 2?",
      "bndiff2-for-bndiff": "Differentiate x ** 2 on paper: the slope holds x, not its square.",
      "two-forgotten": "Differentiate x ** 2 on paper: the exponent comes down.",
    },
  },
  dbnmeani: {
    ask: "One row was subtracted from all rows. Which two things does that leave to do, one about the sign and one about the copies?",
    rule:
      "In a - b the slope by b is -1. And b is one row for the whole batch: it was copied into every example, so what " +
      "the examples send back adds up.",
    numbers: {
      dbndiff: [
        [2, 3],
        [4, -1],
      ],
    },
    worked: "dbnmeani[0, 1] = -({dbndiff 0 1} + {dbndiff 1 1})",
    piece:
      "The pattern of dlogit_maxes in the other direction. Turn the sign of what comes from above and sum it down the " +
      "batch, over dimension 0, which stays with length 1.",
    look: {
      zeros: "The mean moves every row of bndiff. Write what the subtraction in the comment gives back to it.",
    },
  },
  dhprebn: {
    ask: "Two lines use hprebn. What comes back to bnmeani is one row for n examples: how large a share has each of them?",
    rule:
      "Used twice: two gradients, added. A subtraction passes the gradient of its first term on as it is. In a mean of " +
      "n numbers each has slope 1/n, so each receives that part of what the mean gets.",
    numbers: {
      hprebn: [
        [3, 5],
        [1, -1],
      ],
      dbndiff: [
        [2, 3],
        [4, -1],
      ],
      dbnmeani: [[-6, 10]],
    },
    worked: "dhprebn[0, 1] = {dbndiff 0 1} + {dbnmeani 0 1} / 2",
    piece:
      "The answer is a sum of two terms. Through bndiff: what comes back to it, unchanged. Through bnmeani: what comes " +
      "back to the mean, divided among the n examples, the same for every row; broadcasting spreads [1, hidden] over " +
      "[n, hidden]. Take n from the tensor's shape.",
    look: {
      "mean-branch-missing":
        "The line of bnmeani: every example is a term of a mean. What part of what comes back to the mean does it get?",
      "direct-branch-missing": "The line of bndiff: hprebn is the first term of a subtraction, with slope 1.",
      "centred-by-itself":
        "Use dbnmeani, which you are given, for the second term. In the full network it equals what you computed; the " +
        "grader's numbers from above do not make it so.",
      bessel: "Two forward lines divide, and by different counts. Which one is in this step's comment?",
      "factor-forgotten": "Read the line of bnmeani again: what stands before the sum?",
      "divided-by-hidden":
        "The mean is taken down a column. How many entries has a column of hprebn: as many as there are examples, " +
        "or neurons?",
      negated:
        "Let one number of hprebn grow by 0.1. Does its own number of bndiff rise or fall? And its column's mean?",
    },
  },
  dembcat: {
    ask: "Write [n, hidden] from above and [block*embd, hidden] of W1 side by side. Which size has to vanish?",
    rule:
      "An input of one example feeds all neurons of that example, each with its own weight. What comes back is the sum " +
      "over the neurons of weight times gradient: a matrix product again.",
    numbers: {
      W1: [
        [1, 2, 0],
        [0, -1, 3],
        [2, 1, 1],
        [1, 0, -2],
      ],
      dhprebn: [
        [2, -1, 1],
        [0, 5, -2],
      ],
    },
    worked: "dembcat[0, 3] = {dhprebn 0 0} * {W1 3 0} + {dhprebn 0 1} * {W1 3 1} + {dhprebn 0 2} * {W1 3 2}",
    piece:
      "The pattern of dh: one matrix product of what comes from above and W1. hidden is the size to sum over, so it has " +
      "to stand inside, last in the left factor and first in the right one.",
  },
  dW1: {
    ask: "Write [n, block*embd] of embcat and [n, hidden] from above side by side. Which size has to vanish?",
    rule:
      "One weight is used once for every example. What comes back is the sum over the examples of input times " +
      "gradient: a matrix product with n inside.",
    numbers: {
      embcat: [
        [1, -1, 0, 2],
        [0.5, 2, 3, 0],
      ],
      dhprebn: [
        [2, -1, 1],
        [0, 5, -2],
      ],
    },
    worked: "dW1[1, 0] = {embcat 0 1} * {dhprebn 0 0} + {embcat 1 1} * {dhprebn 1 0}",
    piece:
      "The pattern of dW2: one matrix product of embcat and what comes from above. n is the size to sum over, so it has " +
      "to stand inside, last in the left factor and first in the right one.",
  },
  db1: {
    ask: "b1 has one dimension, what comes from above two. Along which was b1 copied?",
    rule:
      "A bias is added to every row, so it is copied down the batch. Its slope is 1 in each copy, and what the copies " +
      "send back adds up.",
    numbers: {
      dhprebn: [
        [2, -1],
        [0, 5],
      ],
    },
    worked: "db1[1] = {dhprebn 0 1} + {dhprebn 1 1}",
    piece:
      "The pattern of db2: one sum of what comes from above, down the batch, and the dimension is not kept. In the full " +
      "network this is zero but for rounding; with arbitrary numbers from above it is not, so do not write zeros.",
    look: {
      zeros:
        "The grader asks for the derivative of the one line in the comment, with arbitrary gradients from above. Write " +
        "what that line gives back.",
      "times-b1": "Let one number of b1 grow by 0.1: once from 0, once from 2. How far does hprebn move each time?",
    },
  },
  demb: {
    ask: "Both shapes hold equally many numbers. Was any of them changed, or only counted differently?",
    rule:
      "A view moves no number and changes none. Its gradient holds the same numbers in the same order, under the shape " +
      "from before.",
    numbers: {
      dembcat: [
        [1, 2, 3, 4, 5, 6],
        [7, 8, 9, 10, 11, 12],
      ],
    },
    sizes: { block: 3, embd: 2 },
    show: ["dembcat"],
    worked: "demb[0, 1, 0] = dembcat[0, 2]",
    piece:
      "One view of what comes from above. The shape to view it in is that of the tensor whose gradient is asked for, " +
      "and emb is given: ask it for its shape.",
    look: {
      "not-reshaped":
        "Compare the shapes: emb has three dimensions, embcat two. A view gives the same numbers another shape; " +
        "which one is asked for?",
      "axes-swapped":
        "Number a row of embcat on paper, 0 to 5 for 3 characters of 2 numbers each. Which numbers are the first " +
        "character's?",
      "axes-named-wrong":
        "Print the shape of emb. Which comes first, the place in the context or the number within the character?",
      "times-emb":
        "Let one number of emb grow by 0.1: once from 1, once from 6. How far does its place in embcat move each time?",
    },
  },
  dC: {
    ask: "The answer has a row for each character, what comes from above one for each place in the batch. Which tells which row goes where?",
    rule:
      "A lookup copies rows. Going back, each row of C collects from every place where it was looked up, and these add " +
      "up; a character that does not occur keeps zeros.",
    numbers: {
      Xb: [
        [2, 0],
        [2, 1],
      ],
      demb: [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8],
        ],
      ],
    },
    sizes: { vocab: 4 },
    show: ["Xb"],
    worked: "dC[2, 0] = {demb 0 0 0} + {demb 1 0 0}",
    piece:
      "Begin with zeros in the shape of C. For each place of Xb, the row of what comes from above is added to the row " +
      "of C that Xb names there; a loop over both dimensions of Xb does it. indexAdd does it without a " +
      'loop; the lesson\'s section "The tensors" has a row for it.',
    look: {
      "first-character": "Xb has one column for each character of the context. Go through all of them.",
      "last-character": "Xb has one column for each character of the context. Go through all of them.",
      "added-to-C": "The gradient does not hold the values of C. What does it hold for a character that never occurs?",
      overwritten: "If Xb names a row a second time, what becomes of the numbers that are there? Add to them.",
      "first-only":
        "If Xb names a row a second time, does your code pass over it? Its gradient is added to what is there.",
      "wrong-row": "The index 0 names the first row. Is there a + 1 or a - 1 where you use the index?",
      "emb-for-demb": "Values and gradients have the same shapes. What comes from above has a name that begins with d.",
      "every-row": "Which row of C does one place of Xb name? What comes back from that place goes to this row alone.",
    },
  },
};
