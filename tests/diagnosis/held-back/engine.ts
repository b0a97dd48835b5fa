import { keepdim, oneHot, onesLike, tensor, zeros, zerosLike, type Shape, type Tensor } from "#tensor";
import type {
  Binary,
  LookUp,
  Maximum,
  Node,
  Product,
  Reduction,
  Unary,
} from "../../../grader/course/6-engine/types.ts";

/** The functions of part 6, by the step that asks for them. */
interface Functions {
  unbroadcast: (gradient: Tensor, shape: Shape) => Tensor;
  arithmetic: (operation: Binary) => readonly Tensor[];
  elementwise: (operation: Unary) => Tensor;
  reduction: (operation: Reduction) => Tensor;
  matrixProduct: (operation: Product) => readonly Tensor[];
  maximum: (operation: Maximum) => Tensor;
  rearrangement: (operation: LookUp) => Tensor;
  topologicalOrder: (root: Node) => readonly Node[];
  backward: (order: readonly Node[]) => void;
}

type Entry = { [Id in keyof Functions]: { step: Id; what: string; answer: Functions[Id] } }[keyof Functions];

/** Correct rules of arithmetic, some of which an entry replaces. */
function arithmetic(changed: Partial<Record<Binary["name"], Functions["arithmetic"]>>): Functions["arithmetic"] {
  const rules: Record<Binary["name"], Functions["arithmetic"]> = {
    add: ({ upstream }) => [upstream, upstream],
    sub: ({ upstream }) => [upstream, upstream.neg()],
    mul: ({ a, b, upstream }) => [upstream.mul(b), upstream.mul(a)],
    div: ({ b, output, upstream }) => [upstream.div(b), upstream.mul(output).div(b).neg()],
    ...changed,
  };
  return (operation) => rules[operation.name](operation);
}

/** Correct rules for each element, some of which an entry replaces. */
function elementwise(changed: Partial<Record<Unary["name"], Functions["elementwise"]>>): Functions["elementwise"] {
  const rules: Record<Unary["name"], Functions["elementwise"]> = {
    pow: ({ x, exponent, upstream }) => upstream.mul(x.pow(exponent - 1)).mul(exponent),
    exp: ({ output, upstream }) => upstream.mul(output),
    log: ({ x, upstream }) => upstream.div(x),
    tanh: ({ output, upstream }) => upstream.mul(tensor(1).sub(output.pow(2))),
    ...changed,
  };
  return (operation) => rules[operation.name](operation);
}

/** The upstream gradient of a reduction, with the reduced dimension, of extent 1. */
function withDimension({ x, dim, keepdim, upstream }: Omit<Reduction, "name" | "output">): Tensor {
  if (dim === null || keepdim) return upstream;
  return upstream.view(...x.shape.map((extent, i) => (i === dim ? 1 : extent)));
}

/** How many entries of x go into each entry of the output. */
function countOf({ x, dim }: Reduction): number {
  return dim === null ? x.numel() : x.size(dim);
}

/** An order found by a depth-first search, as a list. */
function depthFirst(root: Node): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    node.inputs.forEach(visit);
    order.push(node);
  };
  visit(root);
  return order;
}

/** The nodes in the order in which a breadth-first search finds them. */
function breadthFirst(root: Node): Node[] {
  const found = new Set([root]);
  for (const node of found) for (const input of node.inputs) found.add(input);
  return [...found];
}

/** Wrong functions that learners could write, by somebody who had read the exercises and the lesson, and nothing else. */
export const heldBack: readonly Entry[] = [
  // ---- 1. unbroadcast
  {
    step: "unbroadcast",
    what: "sums only the dimensions that the shape lacks in front",
    answer: (gradient, shape) => {
      let sum = gradient;
      while (sum.shape.length > shape.length) sum = sum.sum(0);
      return sum;
    },
  },
  {
    step: "unbroadcast",
    what: "sums only where the extent is 1, and leaves the missing dimensions",
    answer: (gradient, shape) => {
      let sum = gradient;
      const missing = gradient.shape.length - shape.length;
      for (const [i, extent] of shape.entries()) if (extent === 1) sum = sum.sum(i + missing, keepdim);
      return sum;
    },
  },
  {
    step: "unbroadcast",
    what: "aligns the shapes at the first dimension",
    answer: (gradient, shape) => {
      let sum = gradient;
      for (const [i, extent] of gradient.shape.entries()) {
        if ((shape[i] ?? 1) === 1 && extent !== 1) sum = sum.sum(i, keepdim);
      }
      return sum.numel() === shape.reduce((product, extent) => product * extent, 1) ? sum.view(...shape) : sum;
    },
  },
  {
    step: "unbroadcast",
    what: "the mean of the copies",
    answer: (gradient, shape) => {
      let mean = gradient;
      while (mean.shape.length > shape.length) mean = mean.mean(0);
      for (const [i, extent] of shape.entries()) if (extent === 1) mean = mean.mean(i, keepdim);
      return mean;
    },
  },
  {
    step: "unbroadcast",
    what: "forgets keepdim where the extent is 1",
    answer: (gradient, shape) => {
      let sum = gradient;
      while (sum.shape.length > shape.length) sum = sum.sum(0);
      for (let i = shape.length - 1; i >= 0; i--) if (shape[i] === 1) sum = sum.sum(i);
      return sum;
    },
  },
  {
    step: "unbroadcast",
    what: "drops the last dimensions, not the first",
    answer: (gradient, shape) => {
      let sum = gradient;
      while (sum.shape.length > shape.length) sum = sum.sum(-1);
      for (const [i, extent] of shape.entries()) if (extent === 1) sum = sum.sum(i, keepdim);
      return sum;
    },
  },
  {
    step: "unbroadcast",
    what: "takes the first copy's gradient",
    answer: (gradient, shape) => {
      const first = zeros(shape);
      const missing = gradient.shape.length - shape.length;
      const strides = gradient.shape.map((_, i) => gradient.shape.slice(i + 1).reduce((a, b) => a * b, 1));
      const values = gradient.toArray();
      const out = first.toArray();
      for (let k = 0; k < out.length; k++) {
        let rest = k;
        let offset = 0;
        for (let i = shape.length - 1; i >= 0; i--) {
          offset += (rest % shape[i]!) * strides[i + missing]!;
          rest = Math.floor(rest / shape[i]!);
        }
        out[k] = values[offset]!;
      }
      return tensor([...out], [...shape]);
    },
  },
  {
    step: "unbroadcast",
    what: "sums one missing dimension only, as if two shapes could differ by one",
    answer: (gradient, shape) => {
      let sum = gradient;
      if (sum.shape.length > shape.length) sum = sum.sum(0);
      for (const [i, extent] of shape.entries()) if (extent === 1) sum = sum.sum(i, keepdim);
      return sum;
    },
  },
  {
    step: "unbroadcast",
    what: "a column is summed like a row: over dimension 0",
    answer: (gradient, shape) => {
      let sum = gradient;
      while (sum.shape.length > shape.length) sum = sum.sum(0);
      return shape.includes(1) && sum.shape.length > 0 ? sum.sum(0, keepdim) : sum;
    },
  },

  // ---- 2. arithmetic
  {
    step: "arithmetic",
    what: "sub: the second gradient keeps the upstream's sign",
    answer: arithmetic({ sub: ({ upstream }) => [upstream, upstream] }),
  },
  {
    step: "arithmetic",
    what: "mul: each factor's gradient with the factor itself",
    answer: arithmetic({ mul: ({ a, b, upstream }) => [upstream.mul(a), upstream.mul(b)] }),
  },
  {
    step: "arithmetic",
    what: "mul: no upstream",
    answer: arithmetic({ mul: ({ a, b, upstream }) => [b.mul(onesLike(upstream)), a.mul(onesLike(upstream))] }),
  },
  {
    step: "arithmetic",
    what: "div: the divisor's gradient without the minus",
    answer: arithmetic({ div: ({ a, b, upstream }) => [upstream.div(b), upstream.mul(a).div(b.pow(2))] }),
  },
  {
    step: "arithmetic",
    what: "div: the divisor's gradient divided by b once",
    answer: arithmetic({ div: ({ a, b, upstream }) => [upstream.div(b), upstream.mul(a).div(b).neg()] }),
  },
  {
    step: "arithmetic",
    what: "div: the derivative of 1 / b, without the numerator",
    answer: arithmetic({ div: ({ b, upstream }) => [upstream.div(b), upstream.div(b.pow(2)).neg()] }),
  },
  {
    step: "arithmetic",
    what: "div: treated as a product",
    answer: arithmetic({ div: ({ a, b, upstream }) => [upstream.mul(b), upstream.mul(a)] }),
  },
  {
    step: "arithmetic",
    what: "div: both divided by the other input",
    answer: arithmetic({ div: ({ a, b, upstream }) => [upstream.div(b), upstream.div(a)] }),
  },
  {
    step: "arithmetic",
    what: "the two gradients are returned in the opposite order",
    answer: (operation) => [...arithmetic({})(operation)].reverse(),
  },
  {
    step: "arithmetic",
    what: "add: the inputs instead of the upstream",
    answer: arithmetic({ add: ({ a, b, output }) => [a.add(zerosLike(output)), b.add(zerosLike(output))] }),
  },
  {
    step: "arithmetic",
    what: "the second gradient is already in the shape of b, by sums over dimension 0",
    answer: (operation) => {
      const [da, db] = arithmetic({})(operation) as [Tensor, Tensor];
      return [da, operation.b.numel() < db.numel() ? db.sum(0) : db];
    },
  },

  // ---- 3. elementwise
  {
    step: "elementwise",
    what: "tanh: 1 - x ** 2, with the input",
    answer: elementwise({ tanh: ({ x, upstream }) => upstream.mul(tensor(1).sub(x.pow(2))) }),
  },
  {
    step: "elementwise",
    what: "tanh: the square is missing",
    answer: elementwise({ tanh: ({ output, upstream }) => upstream.mul(tensor(1).sub(output)) }),
  },
  {
    step: "elementwise",
    what: "tanh: the sigmoid's slope, output * (1 - output)",
    answer: elementwise({ tanh: ({ output, upstream }) => upstream.mul(output).mul(tensor(1).sub(output)) }),
  },
  {
    step: "elementwise",
    what: "pow: no factor in front",
    answer: elementwise({ pow: ({ x, exponent, upstream }) => upstream.mul(x.pow(exponent - 1)) }),
  },
  {
    step: "elementwise",
    what: "pow: the exponent stays",
    answer: elementwise({ pow: ({ output, exponent, upstream }) => upstream.mul(output).mul(exponent) }),
  },
  {
    step: "elementwise",
    what: "pow: the rule of the square for every exponent",
    answer: elementwise({ pow: ({ x, upstream }) => upstream.mul(x).mul(2) }),
  },
  {
    step: "elementwise",
    what: "pow: exponent - 1 in front as well",
    answer: elementwise({ pow: ({ x, exponent, upstream }) => upstream.mul(x.pow(exponent - 1)).mul(exponent - 1) }),
  },
  {
    step: "elementwise",
    what: "exp: the upstream passed on as it is",
    answer: elementwise({ exp: ({ upstream }) => upstream }),
  },
  {
    step: "elementwise",
    what: "exp: the exponential of the output",
    answer: elementwise({ exp: ({ output, upstream }) => upstream.mul(output.exp()) }),
  },
  {
    step: "elementwise",
    what: "log: divided by the output",
    answer: elementwise({ log: ({ output, upstream }) => upstream.div(output) }),
  },
  {
    step: "elementwise",
    what: "log: multiplied by x",
    answer: elementwise({ log: ({ x, upstream }) => upstream.mul(x) }),
  },
  {
    step: "elementwise",
    what: "no upstream in any rule",
    answer: (operation) => elementwise({})({ ...operation, upstream: onesLike(operation.upstream) }),
  },

  // ---- 4. reduction
  {
    step: "reduction",
    what: "mean as if it were a sum",
    answer: (operation) => onesLike(operation.x).mul(withDimension(operation)),
  },
  {
    step: "reduction",
    what: "mean over a dimension divided by the number of all entries",
    answer: (operation) => {
      const copied = onesLike(operation.x).mul(withDimension(operation));
      return operation.name === "mean" ? copied.div(operation.x.numel()) : copied;
    },
  },
  {
    step: "reduction",
    what: "mean divided by the number of entries of the output",
    answer: (operation) => {
      const copied = onesLike(operation.x).mul(withDimension(operation));
      return operation.name === "mean" ? copied.div(operation.output.numel()) : copied;
    },
  },
  {
    step: "reduction",
    what: "mean divided by one less than the number of entries",
    answer: (operation) => {
      const copied = onesLike(operation.x).mul(withDimension(operation));
      return operation.name === "mean" ? copied.div(countOf(operation) - 1) : copied;
    },
  },
  {
    step: "reduction",
    what: "mean multiplied by the number of entries",
    answer: (operation) => {
      const copied = onesLike(operation.x).mul(withDimension(operation));
      return operation.name === "mean" ? copied.mul(countOf(operation)) : copied;
    },
  },
  {
    step: "reduction",
    what: "the upstream is broadcast as it is, without its dimension",
    answer: (operation) => {
      const copied = onesLike(operation.x).mul(operation.upstream);
      return operation.name === "mean" ? copied.div(countOf(operation)) : copied;
    },
  },
  {
    step: "reduction",
    what: "the upstream gets a column's shape, whatever the dimension",
    answer: (operation) => {
      const { x, dim, keepdim: kept, upstream } = operation;
      const column = dim === null || kept ? upstream : upstream.view(-1, 1);
      const copied = onesLike(x).mul(column);
      return operation.name === "mean" ? copied.div(countOf(operation)) : copied;
    },
  },
  {
    step: "reduction",
    what: "the upstream itself, in the output's shape",
    answer: (operation) => {
      const { upstream } = operation;
      return operation.name === "mean" ? upstream.div(countOf(operation)) : upstream;
    },
  },
  {
    step: "reduction",
    what: "times x, as in a product",
    answer: (operation) => {
      const copied = operation.x.mul(withDimension(operation));
      return operation.name === "mean" ? copied.div(countOf(operation)) : copied;
    },
  },
  {
    step: "reduction",
    what: "divides by the extent of dimension 0, whichever was reduced",
    answer: (operation) => {
      const { x, dim } = operation;
      const copied = onesLike(x).mul(withDimension(operation));
      return operation.name === "mean" ? copied.div(dim === null ? x.numel() : x.size(0)) : copied;
    },
  },
  {
    step: "reduction",
    what: "no upstream",
    answer: (operation) => {
      const ones = onesLike(operation.x);
      return operation.name === "mean" ? ones.div(countOf(operation)) : ones;
    },
  },
  {
    step: "reduction",
    what: "a sum is divided as well",
    answer: (operation) => onesLike(operation.x).mul(withDimension(operation)).div(countOf(operation)),
  },

  // ---- 5. matrixProduct
  {
    step: "matrixProduct",
    what: "b is not transposed where the shapes allow it",
    answer: ({ a, b, upstream }) => [
      upstream.size(1) === b.size(0) && b.size(1) === a.size(1) ? upstream.matmul(b) : upstream.matmul(b.T),
      a.T.matmul(upstream),
    ],
  },
  {
    step: "matrixProduct",
    what: "nothing is transposed",
    answer: ({ a, b, upstream }) => [upstream.matmul(b), a.matmul(upstream)],
  },
  {
    step: "matrixProduct",
    what: "the gradients in the opposite order",
    answer: ({ a, b, upstream }) => [a.T.matmul(upstream), upstream.matmul(b.T)],
  },
  {
    step: "matrixProduct",
    what: "the second gradient is transposed",
    answer: ({ a, b, upstream }) => [upstream.matmul(b.T), upstream.T.matmul(a)],
  },
  {
    step: "matrixProduct",
    what: "the first gradient is transposed",
    answer: ({ a, b, upstream }) => [b.matmul(upstream.T), a.T.matmul(upstream)],
  },
  {
    step: "matrixProduct",
    what: "the factors of the products the other way round",
    answer: ({ a, b, upstream }) => [b.T.matmul(upstream), upstream.matmul(a.T)],
  },
  {
    step: "matrixProduct",
    what: "output instead of the upstream",
    answer: ({ a, b, output }) => [output.matmul(b.T), a.T.matmul(output)],
  },
  {
    step: "matrixProduct",
    what: "no upstream",
    answer: ({ a, b, upstream }) => [onesLike(upstream).matmul(b.T), a.T.matmul(onesLike(upstream))],
  },
  {
    step: "matrixProduct",
    what: "the first gradient with the other factor of the second",
    answer: ({ a, upstream }) => [upstream.matmul(upstream.T).matmul(a), a.T.matmul(upstream)],
  },
  {
    step: "matrixProduct",
    what: "only the first gradient is returned",
    answer: ({ b, upstream }) => [upstream.matmul(b.T)],
  },

  // ---- 6. maximum
  {
    step: "maximum",
    what: "all entries of a tie get the gradient",
    answer: (operation) => {
      const { x, dim } = operation;
      const d = zerosLike(x);
      const upstream = withDimension(operation);
      const { values } = x.max(dim, keepdim);
      for (let i = 0; i < x.size(0); i++) {
        for (let j = 0; j < x.size(1); j++) {
          const at = dim === 0 ? ([0, j] as const) : ([i, 0] as const);
          if (x.get(i, j) === values.get(...at)) d.set(i, j, upstream.get(...at));
        }
      }
      return d;
    },
  },
  {
    step: "maximum",
    what: "a tie shares its gradient",
    answer: (operation) => {
      const { x, dim } = operation;
      const upstream = withDimension(operation);
      const largest = x.max(dim, keepdim).values;
      const mask = x.sub(largest).each((difference) => (difference === 0 ? 1 : 0));
      return mask.div(mask.sum(dim, keepdim)).mul(upstream);
    },
  },
  {
    step: "maximum",
    what: "the last entry of a tie gets it",
    answer: (operation) => {
      const { x, dim } = operation;
      const upstream = withDimension(operation);
      const d = zerosLike(x);
      const [lines, extent] = dim === 0 ? [x.size(1), x.size(0)] : [x.size(0), x.size(1)];
      for (let line = 0; line < lines; line++) {
        const at = (k: number) => (dim === 0 ? ([k, line] as const) : ([line, k] as const));
        let best = 0;
        for (let k = 1; k < extent; k++) if (x.get(...at(k)) >= x.get(...at(best))) best = k;
        d.set(...at(best), upstream.get(...at(0).map((p, i) => (i === dim ? 0 : p))));
      }
      return d;
    },
  },
  {
    step: "maximum",
    what: "every entry gets the gradient, as in a sum",
    answer: (operation) => onesLike(operation.x).mul(withDimension(operation)),
  },
  {
    step: "maximum",
    what: "1 at the maximum instead of the upstream",
    answer: ({ x, dim, indices }) => {
      const marks = oneHot(indices.view(-1), x.size(dim));
      return dim === 0 ? marks.T : marks;
    },
  },
  {
    step: "maximum",
    what: "the maximum itself at its place",
    answer: ({ x, dim, indices }) => {
      const marks = oneHot(indices.view(-1), x.size(dim));
      return (dim === 0 ? marks.T : marks).mul(x);
    },
  },
  {
    step: "maximum",
    what: "dimension 1 whatever dim says, which a square matrix allows",
    answer: ({ x, dim, indices, upstream }) => {
      if (dim === 0 && x.size(0) !== x.size(1)) {
        return oneHot(indices.view(-1), x.size(0)).T.mul(upstream.view(1, -1));
      }
      return oneHot(indices.view(-1), x.size(1)).mul(upstream.view(-1, 1));
    },
  },
  {
    step: "maximum",
    what: "along dimension 0 the upstream is a column",
    answer: ({ x, dim, indices, upstream }) => {
      const d = zerosLike(x);
      const flat = upstream.view(-1);
      const list = indices.view(-1);
      for (let i = 0; i < list.size(0); i++) {
        if (dim === 0) d.set(list.get(i), i, flat.get(list.get(i) % flat.size(0)));
        else d.set(i, list.get(i), flat.get(i));
      }
      return d;
    },
  },
  {
    step: "maximum",
    what: "without keepdim the upstream is broadcast as it is",
    answer: ({ x, dim, indices, upstream }) => {
      const marks = oneHot(indices.view(-1), x.size(dim));
      return (dim === 0 ? marks.T : marks).mul(upstream);
    },
  },
  {
    step: "maximum",
    what: "the largest entry of the whole matrix gets the sum",
    answer: ({ x, upstream }) => {
      const values = [...x.toArray()];
      const best = values.indexOf(Math.max(...values));
      const d = zerosLike(x);
      d.set(Math.floor(best / x.size(1)), best % x.size(1), upstream.sum().item());
      return d;
    },
  },

  // ---- 7. rearrangement
  {
    step: "rearrangement",
    what: "gatherRows: the last copy overwrites the others",
    answer: ({ name, x, index, upstream }) => {
      if (name === "view") return upstream.view(...x.shape);
      const d = zerosLike(x);
      const rows = upstream.view(-1, x.size(1));
      const list = index!.view(-1);
      for (let i = 0; i < list.size(0); i++) {
        for (let j = 0; j < x.size(1); j++) d.set(list.get(i), j, rows.get(i, j));
      }
      return d;
    },
  },
  {
    step: "rearrangement",
    what: "gatherRows: the mean of the copies",
    answer: ({ name, x, index, upstream }) => {
      if (name === "view") return upstream.view(...x.shape);
      const marks = oneHot(index!.view(-1), x.size(0));
      const counts = marks.sum(0, keepdim).T.each((count) => Math.max(count, 1));
      return marks.T.matmul(upstream.view(-1, x.size(1))).div(counts);
    },
  },
  {
    step: "rearrangement",
    what: "gatherRows: the upstream is looked up once more",
    answer: ({ name, x, index, upstream }) =>
      name === "view" ? upstream.view(...x.shape) : upstream.gatherRows(index!.view(-1)),
  },
  {
    step: "rearrangement",
    what: "gatherRows: the row's position instead of the index",
    answer: ({ name, x, upstream }) => {
      if (name === "view") return upstream.view(...x.shape);
      const rows = upstream.view(-1, x.size(1));
      const d = zerosLike(x);
      for (let i = 0; i < Math.min(x.size(0), rows.size(0)); i++) {
        for (let j = 0; j < x.size(1); j++) d.set(i, j, rows.get(i, j));
      }
      return d;
    },
  },
  {
    step: "rearrangement",
    what: "gatherRows: counts of the lookups, without the upstream",
    answer: ({ name, x, index, upstream }) => {
      if (name === "view") return upstream.view(...x.shape);
      const marks = oneHot(index!.view(-1), x.size(0));
      return marks.T.matmul(onesLike(upstream.view(-1, x.size(1))));
    },
  },
  {
    step: "rearrangement",
    what: "gatherRows: the rows are shifted, as if they were counted from one",
    answer: ({ name, x, index, upstream }) => {
      if (name === "view") return upstream.view(...x.shape);
      const rows = upstream.view(-1, x.size(1));
      const list = index!.view(-1);
      const d = zerosLike(x);
      for (let i = 0; i < list.size(0); i++) {
        for (let j = 0; j < x.size(1); j++) {
          const row = Math.max(list.get(i) - 1, 0);
          d.set(row, j, d.get(row, j) + rows.get(i, j));
        }
      }
      return d;
    },
  },
  {
    step: "rearrangement",
    what: "gatherRows: only the first column of a matrix of indices",
    answer: ({ name, x, index, upstream }) => {
      if (name === "view") return upstream.view(...x.shape);
      const d = zerosLike(x);
      const isList = index!.shape.length === 1;
      for (let i = 0; i < index!.size(0); i++) {
        const row = isList ? index!.get(i) : index!.get(i, 0);
        for (let j = 0; j < x.size(1); j++) {
          d.set(row, j, d.get(row, j) + (isList ? upstream.get(i, j) : upstream.get(i, 0, j)));
        }
      }
      return d;
    },
  },
  {
    step: "rearrangement",
    what: "view: the upstream in the output's shape",
    answer: ({ name, x, index, upstream }) => {
      if (name === "view") return upstream;
      return oneHot(index!.view(-1), x.size(0)).T.matmul(upstream.view(-1, x.size(1)));
    },
  },
  {
    step: "rearrangement",
    what: "view: transposed first, as if the numbers were read by column",
    answer: ({ name, x, index, upstream }) => {
      if (name === "gatherRows") return oneHot(index!.view(-1), x.size(0)).T.matmul(upstream.view(-1, x.size(1)));
      return (upstream.shape.length === 2 ? upstream.T : upstream).view(...x.shape);
    },
  },

  // ---- 8. topologicalOrder
  {
    step: "topologicalOrder",
    what: "from the root to the leaves",
    answer: (root) => depthFirst(root).reverse(),
  },
  {
    step: "topologicalOrder",
    what: "as the nodes are found, reversed",
    answer: (root) => breadthFirst(root).reverse(),
  },
  {
    step: "topologicalOrder",
    what: "breadth first, from the root",
    answer: (root) => breadthFirst(root),
  },
  {
    step: "topologicalOrder",
    what: "the node before its inputs, reversed",
    answer: (root) => {
      const order: Node[] = [];
      const seen = new Set<Node>();
      const visit = (node: Node): void => {
        if (seen.has(node)) return;
        seen.add(node);
        order.push(node);
        node.inputs.forEach(visit);
      };
      visit(root);
      return order.reverse();
    },
  },
  {
    step: "topologicalOrder",
    what: "a list of open nodes, popped from the end, then reversed",
    answer: (root) => {
      const order: Node[] = [];
      const seen = new Set<Node>();
      const open = [root];
      while (open.length > 0) {
        const node = open.pop()!;
        if (seen.has(node)) continue;
        seen.add(node);
        order.push(node);
        open.push(...node.inputs);
      }
      return order.reverse();
    },
  },
  {
    step: "topologicalOrder",
    what: "marks a node when it is put on the list of open ones, and goes down twice for its turn",
    answer: (root) => {
      const order: Node[] = [];
      const seen = new Set([root]);
      const open: { node: Node; isReady: boolean }[] = [{ node: root, isReady: false }];
      while (open.length > 0) {
        const { node, isReady } = open.pop()!;
        if (isReady) {
          order.push(node);
          continue;
        }
        open.push({ node, isReady: true });
        for (const input of node.inputs) {
          if (seen.has(input)) continue;
          seen.add(input);
          open.push({ node: input, isReady: false });
        }
      }
      return order;
    },
  },
  {
    step: "topologicalOrder",
    what: "the root is forgotten",
    answer: (root) => depthFirst(root).slice(0, -1),
  },
  {
    step: "topologicalOrder",
    what: "the leaves are left out",
    answer: (root) => depthFirst(root).filter((node) => node.inputs.length > 0),
  },
  {
    step: "topologicalOrder",
    what: "only the first input is followed",
    answer: (root) => {
      const order: Node[] = [];
      for (let node: Node | undefined = root; node; node = node.inputs[0]) order.push(node);
      return order.reverse();
    },
  },
  {
    step: "topologicalOrder",
    what: "a shared node once for each of its users",
    answer: (root) => {
      const order: Node[] = [];
      const visit = (node: Node): void => {
        node.inputs.forEach(visit);
        order.push(node);
      };
      visit(root);
      return order;
    },
  },
  {
    step: "topologicalOrder",
    what: "the direct inputs and the root only",
    answer: (root) => [...new Set(root.inputs), root],
  },
  {
    step: "topologicalOrder",
    what: "sorted by the longest way to the root, but with the steps counted at the first visit",
    answer: (root) => {
      const depth = new Map<Node, number>([[root, 0]]);
      const visit = (node: Node): void => {
        for (const input of node.inputs) {
          if (depth.has(input)) continue;
          depth.set(input, depth.get(node)! + 1);
          visit(input);
        }
      };
      visit(root);
      return [...depth].sort(([, one], [, other]) => other - one).map(([node]) => node);
    },
  },
  {
    step: "topologicalOrder",
    what: "the set of visited nodes outlives the call",
    answer: (() => {
      const seen = new Set<Node>();
      return (root: Node) => {
        const order: Node[] = [];
        const visit = (node: Node): void => {
          if (seen.has(node)) return;
          seen.add(node);
          node.inputs.forEach(visit);
          order.push(node);
        };
        visit(root);
        return order;
      };
    })(),
  },

  // ---- 9. backward
  {
    step: "backward",
    what: "the gradient of the last use replaces the others",
    answer: (order) => {
      const root = order.at(-1)!;
      for (const node of order) node.gradient = zerosLike(node.value);
      root.gradient = onesLike(root.value);
      for (const node of [...order].reverse()) {
        for (const [i, part] of node.pullback(node.gradient!).entries()) node.inputs[i]!.gradient = part;
      }
    },
  },
  {
    step: "backward",
    what: "the gradients of the call before stay in the sums",
    answer: (order) => {
      const root = order.at(-1)!;
      root.gradient = onesLike(root.value);
      for (const node of [...order].reverse()) {
        for (const [i, part] of node.pullback(node.gradient!).entries()) {
          const input = node.inputs[i]!;
          input.gradient = input.gradient ? input.gradient.add(part) : part;
        }
      }
    },
  },
  {
    step: "backward",
    what: "the leaves keep the gradients of the call before, as parameters do in PyTorch",
    answer: (order) => {
      const root = order.at(-1)!;
      for (const node of order) {
        if (node.inputs.length > 0 || node.gradient === undefined) node.gradient = zerosLike(node.value);
      }
      root.gradient = onesLike(root.value);
      for (const node of [...order].reverse()) {
        for (const [i, part] of node.pullback(node.gradient!).entries()) {
          const input = node.inputs[i]!;
          input.gradient = input.gradient!.add(part);
        }
      }
    },
  },
  {
    step: "backward",
    what: "an input that is there twice counts once",
    answer: (order) => {
      const root = order.at(-1)!;
      for (const node of order) node.gradient = zerosLike(node.value);
      root.gradient = onesLike(root.value);
      for (const node of [...order].reverse()) {
        const parts = node.pullback(node.gradient!);
        for (const input of new Set(node.inputs)) {
          input.gradient = input.gradient!.add(parts[node.inputs.indexOf(input)]!);
        }
      }
    },
  },
  {
    step: "backward",
    what: "starts with the root's value instead of 1",
    answer: (order) => {
      const root = order.at(-1)!;
      for (const node of order) node.gradient = zerosLike(node.value);
      root.gradient = root.value;
      for (const node of [...order].reverse()) {
        for (const [i, part] of node.pullback(node.gradient!).entries()) {
          const input = node.inputs[i]!;
          input.gradient = input.gradient!.add(part);
        }
      }
    },
  },
  {
    step: "backward",
    what: "goes through the order from its start",
    answer: (order) => {
      const root = order.at(-1)!;
      for (const node of order) node.gradient = zerosLike(node.value);
      root.gradient = onesLike(root.value);
      for (const node of order) {
        for (const [i, part] of node.pullback(node.gradient!).entries()) {
          const input = node.inputs[i]!;
          input.gradient = input.gradient!.add(part);
        }
      }
    },
  },
  {
    step: "backward",
    what: "the pullback gets the node's value",
    answer: (order) => {
      const root = order.at(-1)!;
      for (const node of order) node.gradient = zerosLike(node.value);
      root.gradient = onesLike(root.value);
      for (const node of [...order].reverse()) {
        for (const [i, part] of node.pullback(node.value).entries()) {
          const input = node.inputs[i]!;
          input.gradient = input.gradient!.add(part);
        }
      }
    },
  },
  {
    step: "backward",
    what: "the pullback gets ones: the chain ends at each node",
    answer: (order) => {
      const root = order.at(-1)!;
      for (const node of order) node.gradient = zerosLike(node.value);
      root.gradient = onesLike(root.value);
      for (const node of [...order].reverse()) {
        for (const [i, part] of node.pullback(onesLike(node.value)).entries()) {
          const input = node.inputs[i]!;
          input.gradient = input.gradient!.add(part);
        }
      }
    },
  },
  {
    step: "backward",
    what: "every node starts at 1",
    answer: (order) => {
      for (const node of order) node.gradient = onesLike(node.value);
      for (const node of [...order].reverse()) {
        for (const [i, part] of node.pullback(node.gradient!).entries()) {
          const input = node.inputs[i]!;
          input.gradient = input.gradient!.add(part);
        }
      }
    },
  },
  {
    step: "backward",
    what: "adds in place, to a tensor that several inputs share",
    answer: (order) => {
      const root = order.at(-1)!;
      for (const node of order) node.gradient = undefined;
      root.gradient = onesLike(root.value);
      for (const node of [...order].reverse()) {
        for (const [i, part] of node.pullback(node.gradient!).entries()) {
          const input = node.inputs[i]!;
          if (input.gradient) input.gradient.add_(part);
          else input.gradient = part;
        }
      }
    },
  },
  {
    step: "backward",
    what: "the last node is left out of the loop",
    answer: (order) => {
      const root = order.at(-1)!;
      for (const node of order) node.gradient = zerosLike(node.value);
      root.gradient = onesLike(root.value);
      for (let i = order.length - 2; i >= 0; i--) {
        const node = order[i]!;
        for (const [k, part] of node.pullback(node.gradient!).entries()) {
          const input = node.inputs[k]!;
          input.gradient = input.gradient!.add(part);
        }
      }
    },
  },
  {
    step: "backward",
    what: "the root is not reset: 1 is added to what it had",
    answer: (order) => {
      const root = order.at(-1)!;
      const before = root.gradient;
      for (const node of order) node.gradient = zerosLike(node.value);
      root.gradient = onesLike(root.value).add(before ?? 0);
      for (const node of [...order].reverse()) {
        for (const [i, part] of node.pullback(node.gradient!).entries()) {
          const input = node.inputs[i]!;
          input.gradient = input.gradient!.add(part);
        }
      }
    },
  },
  {
    step: "backward",
    what: "the rule is called once for each input, with all that it returns added each time",
    answer: (order) => {
      const root = order.at(-1)!;
      for (const node of order) node.gradient = zerosLike(node.value);
      root.gradient = onesLike(root.value);
      for (const node of [...order].reverse()) {
        for (const input of node.inputs) {
          for (const [i, part] of node.pullback(node.gradient!).entries()) {
            if (node.inputs[i] === input) input.gradient = input.gradient!.add(part);
          }
        }
      }
    },
  },
];
