import type { Milestone } from "../kit/milestone.ts";

/** The ends of parts, and of stretches of a part, by part number. */
export const milestones: Readonly<Record<number, readonly Milestone[]>> = {
  0: [
    {
      id: "part-0",
      title: "the warm-ups",
      can:
        "You can take a gradient back through one line at a time, through two lines that follow each other, and along " +
        "both branches of a tensor that is used twice, and you can check a gradient without knowing its formula.",
      next: [{ to: "part1", text: "Part 1 puts these pieces together: its lesson is `1-step-by-step/README.md`." }],
    },
  ],
  1: [
    {
      id: "head",
      title: "the softmax head",
      from: "dlogprobs",
      to: "dlogits",
      can:
        "You can take a cross-entropy loss back to the logits, one operation at a time: through a pick by index, a " +
        "logarithm, a quotient, an exponential and a maximum.",
      next: [
        {
          to: "part2",
          text: "Most of this cancels out. Part 2 does it in one formula, now or later: `npm run grade -- fused-dlogits`.",
        },
      ],
    },
    {
      id: "layer",
      title: "a linear layer and its tanh",
      from: "dh",
      to: "dhpreact",
      can:
        "You can take a gradient back through any linear layer and its activation: to its input, its weights and its " +
        "bias.",
      next: [
        {
          to: "22-24",
          text: "Steps 22 to 24 do it again, with other names; the batch normalization between them is new.",
        },
      ],
    },
    {
      id: "batchnorm",
      title: "batch normalization",
      from: "dbngain",
      to: "dhprebn",
      can:
        "You can take a gradient back through a mean and a variance, in which every example of the batch affects all " +
        "the others.",
      next: [{ to: "part3", text: "Part 3 does it in one formula, now or later: `npm run grade -- fused-dhprebn`." }],
    },
    {
      id: "embedding",
      title: "the first layer and the embedding",
      from: "dembcat",
      to: "dC",
      can:
        "You can take a gradient back to where a network begins: through a view, and through a lookup that reads some " +
        "rows several times.",
      next: [],
    },
    {
      id: "part-1",
      title: "the whole backward pass",
      can:
        "You have written the backward pass of a network with batch normalization by hand, and you can differentiate " +
        "any forward pass that is made of lines like these.",
      next: [
        {
          to: "part2-part4",
          text: "Parts 2 and 3 replace the two longest stretches of it by a formula each; part 4 trains with the result.",
        },
      ],
      isRecapped: true,
    },
  ],
  2: [
    {
      id: "part-2",
      title: "fused cross-entropy",
      can:
        "You can differentiate softmax and cross-entropy together, on paper, and you have read the result: pushes that " +
        "are probabilities, and one pull.",
      next: [
        "`npm run grade -- fused-dlogits --show` draws the pushes and the pull.",
        "Your formula rounds differently from part 1's steps: `npm run lab -- spacing` measures by how much.",
        { to: "part3", text: "Part 3 does the same for batch normalization." },
      ],
    },
  ],
  3: [
    {
      id: "part-3",
      title: "fused batch normalization",
      can: "You can differentiate batch normalization in closed form, and you know where n belongs and where n - 1 does.",
      next: [
        "`npm run lab -- ratio` shows where n against n - 1 matters after training.",
        { to: "part4", text: "Part 4 trains the network with your formulas." },
      ],
    },
  ],
  4: [
    {
      id: "part-4",
      title: "the training loop",
      can: "You can train a network with gradients that you wrote, and with nothing else.",
      next: [
        "`npm run train -- --steps 20000` trains it with your code, usually in less than a minute, plots the loss and samples 20 names.",
        "`npm run bench` compares a training step with NumPy's and PyTorch's.",
        { to: "part5", text: "Part 5 is about mistakes that training does not show." },
      ],
    },
  ],
  5: [
    {
      id: "part-5",
      title: "the trap lab",
      can:
        "You can tell rounding from a mistake, and you know where a network trains on with a wrong gradient, and no " +
        "error is raised.",
      next: [],
    },
  ],
  6: [
    {
      id: "part-6",
      title: "an engine",
      can:
        "You have written an engine that differentiates any forward pass made of its operations, and you know what " +
        "backward() does in a framework.",
      next: [
        "`npm run train -- engine` trains the network with your engine, and `npm run bench` shows what the graph costs.",
        "Give it an operation more: a rule, and a function that records it. Central differences, as in step 0.16, check the rule.",
      ],
    },
  ],
  7: [
    {
      id: "part-7",
      title: "the exam",
      can: "You can take a gradient back through a layer that nobody derived for you, from its forward lines alone.",
      next: [],
    },
  ],
  8: [
    {
      id: "part-8",
      title: "a transformer, trained by hand",
      can: "You can write AdamW, take a gradient back through every line of a transformer, and train it with both.",
      next: ["`npm run train -- train-transformer` trains it with your step and samples 20 names."],
    },
  ],
};

/** After the last step of the course. */
export const courseEnd: Milestone = {
  id: "course",
  title: "the course",
  can: "Every step passes. What autograd does for a network like this one, you can do by hand.",
  next: [
    {
      to: "part6",
      text: "Part 6 turns the rules that you wrote by hand into an engine, as Karpathy's micrograd does for scalars: `6-engine/README.md`.",
    },
    {
      to: "part7",
      text: "Part 7 is an exam on layers that nobody derives for you, up to a transformer block: `7-exam/README.md`.",
    },
    { to: "part8", text: "Part 8 trains a small transformer on your gradients: `8-transformer/README.md`." },
    "The lecture series goes on with a deeper network, and then with a GPT: https://karpathy.ai/zero-to-hero.html.",
  ],
  isRecapped: true,
};
