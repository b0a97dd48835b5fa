import { tensor, zerosLike, type Tensor } from "#tensor";
import { line } from "../makemore/lines.ts";
import { build, eye } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";

const NUMBERED =
  "Number a row of unrolled on paper, 0 to 5 for 2 layers of 3 slots. Which of the numbers belong to the first layer?";

export const dcube = writtenRoom({
  id: "dcube",
  title: "the same numbers in another shape",
  tensor: "cube",
  asks: "gradient",
  given: ["cube", "unrolled", "dunrolled"],
  inputs: { cube: ["rows", "layers", "slots"] },
  runs: [
    [
      line("unrolled", ["cube"], "cube.view(rows, layers*slots)", ["rows", "layers*slots"], ({ cube }) =>
        cube.view(cube.shape[0]!, -1),
      ),
    ],
  ],
  example: {
    cube: [
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [
        [7, 8, 9],
        [10, 11, 12],
      ],
    ],
    dunrolled: [
      [1, -2, 0.5, 3, 0, -1],
      [4, 2, -3, 1, 0.25, -0.5],
    ],
  },

  idea: "The backward pass of a view is a view.",

  hints: {
    ask: "cube and unrolled have the same number of elements. Does the forward line change any of them?",
    rule:
      "A view moves no element and changes none: each entry of unrolled is one entry of cube, with local gradient 1. " +
      "The gradient has the same numbers in the same order, in the shape from before the view.",
    show: ["cube"],
    worked: "dcube[0, 1, 0] = dunrolled[0, 3]",
    piece:
      "One call of view on the upstream gradient. It takes the shape to reach, and the tensor that has that shape is " +
      "given: its shape is a list, which three dots spread into arguments, or which view takes as it is.",
  },

  mistakes: [
    {
      id: "not-reshaped",
      idea: "the view is overlooked",
      sentence: "the values are right but have the shape of unrolled: the backward pass of a view is a view",
      look: "cube has three dimensions, unrolled has two. A view gives the same elements another shape: which one?",
      answer: ({ dunrolled }) => dunrolled.clone(),
    },
    {
      id: "axes-swapped",
      idea: "the last two dimensions are swapped",
      sentence: "the last two dimensions are swapped: a row of unrolled has all numbers of one layer, then the next",
      look: NUMBERED,
      answer: ({ cube, dunrolled }) => swapped(cube, dunrolled),
    },
    {
      id: "sizes-swapped",
      idea: "the view has its sizes in another order",
      sentence: "the shape has slots before layers: in cube it is the other way round",
      look: "Print the shape of cube. Which of the last two sizes comes first?",
      answer: ({ cube, dunrolled }) => dunrolled.view(cube.size(0), cube.size(2), cube.size(1)),
    },
    {
      id: "columns-first",
      idea: "the elements are numbered down the columns",
      sentence: "the elements are out of order, as if they were numbered down the columns of dunrolled",
      look: `In memory the last dimension runs fastest, and a view keeps that order. ${NUMBERED}`,
      answer: ({ cube, dunrolled }) => dunrolled.T.clone().view(...cube.shape),
    },
    {
      id: "times-own",
      idea: "the values are an extra factor",
      sentence: "the gradient is multiplied by cube: a view has slope one, whatever the values",
      look: "Let one entry of cube grow by 0.1: once from 1, once from 6. How much does its entry of unrolled change?",
      answer: ({ cube, dunrolled }) => dunrolled.view(...cube.shape).mul(cube),
    },
    {
      id: "divided",
      idea: "the gradient is divided among the layers",
      sentence: "divided by the number of layers: a view does not divide the gradient",
      look: looks.divided,
      answer: ({ cube, dunrolled }) => dunrolled.view(...cube.shape).div(cube.size(1)),
    },
    {
      id: "forward",
      idea: "the values are viewed instead of their gradient",
      sentence: "these are the values of cube: the upstream gradient is missing",
      look: looks.valueForGradient,
      answer: ({ cube, unrolled }) => unrolled.view(...cube.shape),
    },
    {
      id: "sign",
      idea: "a stray minus sign",
      sentence: "the sign is flipped: a view changes no number",
      look: looks.sign("cube"),
      answer: ({ cube, dunrolled }) => dunrolled.view(...cube.shape).neg(),
    },
  ],

  forms: [
    ({ cube, dunrolled }) => dunrolled.view(...cube.shape),
    ({ cube, dunrolled }) => tensor(dunrolled.toArray(), cube.shape),
    ({ cube, dunrolled }) => build([...cube.shape], (i, j, k) => dunrolled.get(i, j * cube.size(2) + k)),
    ({ cube, dunrolled }) => dunrolled.view(cube.size(0), cube.size(1), -1).clone(),
    ({ cube, dunrolled }) => {
      const d = zerosLike(cube);
      const [rows, layers, slots] = cube.shape as [number, number, number];
      for (let i = 0; i < rows; i++)
        for (let k = 0; k < layers * slots; k++) d.set(i, Math.floor(k / slots), k % slots, dunrolled.get(i, k));
      return d;
    },
    ({ cube, dunrolled }) => dunrolled.view(-1).view(...cube.shape),
    ({ cube, dunrolled }) => dunrolled.matmul(eye(dunrolled.size(1))).view(...cube.shape),
  ],
});

/** The upstream gradient read as [rows, slots, layers], with its last two dimensions swapped. */
function swapped(cube: Tensor, dunrolled: Tensor): Tensor {
  const layers = cube.size(1);
  return build([...cube.shape], (i, j, k) => dunrolled.get(i, k * layers + j));
}
