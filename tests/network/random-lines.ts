import { keepdim, tensor, type Tensor } from "#tensor";
import { Measured } from "../../grader/autograd/measured.ts";
import type { Operations } from "../../grader/autograd/operations.ts";
import { evaluate } from "../../grader/network/backward.ts";
import type { Evaluated } from "../../grader/network/follow.ts";
import type { Line } from "../../grader/network/line.ts";
import type { Named } from "../../grader/network/named.ts";
import { Generator } from "../../grader/network/random.ts";

const [ROWS, COLUMNS] = [3, 4];

/** What a line may do with one or two tensors of shape [3, 4]; it gives one of that shape, whatever happens inside. */
type Expression = <X extends Operations<X>>(a: X, b: X, indices: Named<Tensor>) => X;

/** Every operation of a forward pass at least once. */
const expressions: readonly Expression[] = [
  (a) => a.tanh(),
  (a) => a.div(4).exp(),
  (a) => a.pow(2).add(1).log(),
  (a) => a.pow(3),
  (a) => a.neg(),
  (a) => a.sub(a.mean(0, keepdim)),
  (a) => a.mul(a.sum(1, keepdim)),
  (a) => a.sub(a.max(1, keepdim).values),
  (a) => a.add(a.max(0).values),
  (a) => a.div(a.var(0, keepdim).add(1)),
  (a) => a.softmax(1),
  (a) => a.sum(1).view(ROWS, 1).expand(ROWS, COLUMNS),
  (a) => a.view(COLUMNS, ROWS).transpose(0, 1),
  (a, b) => a.add(b),
  (a, b) => a.mul(b.sum(0)),
  (a, b) => a.div(b.pow(2).add(1)),
  (a, b) => a.matmul(b.T).matmul(a),
  (a, _, { rows }) => a.gatherRows(rows!),
  (a, _, { columns }) => a.gather(1, columns!),
  (a, _, { mask }) => a.maskedFill(mask!, 0),
];

function lineWith(expression: Expression, output: string, a: string, b: string): Line {
  return {
    output,
    inputs: [...new Set(expression.length === 2 ? [a, b] : [a])],
    text: "",
    shape: [],
    // index tensors are the same for every line, whatever it reads
    expression: <X extends Operations<X>>(values: Readonly<Named<X>>) =>
      expression(values[a]!, values[b]!, values as Readonly<Named<unknown>> as Named<Tensor>),
  };
}

/** How many kinds of lines there are. */
export const kinds = expressions.length;

/** A random network of some lines over two parameters, at random values; the seed also says with which kind it begins. */
export function randomLines(seed: number, count = 6): Evaluated {
  const generator = new Generator(seed);
  const draw = (below: number): number => generator.randint(0, below, 1).item();
  const start = ["p", "q"];
  const lines: Line[] = [];
  for (let i = 0; i < count; i++) {
    const names = [...start, ...lines.map(({ output }) => output)];
    const [a, b] = [names[draw(names.length)]!, names[draw(names.length)]!];
    lines.push(lineWith(expressions[i === 0 ? seed % kinds : draw(kinds)]!, `t${i}`, a, b));
  }
  const indices = {
    rows: generator.randint(0, ROWS, ROWS),
    columns: generator.randint(0, COLUMNS, ROWS, COLUMNS),
    mask: tensor([...generator.randint(0, 2, ROWS, COLUMNS).toArray()], [ROWS, COLUMNS], "int32"),
  };
  const values: Named<Measured> = {};
  for (const name of start) values[name] = Measured.from(generator.randn(ROWS, COLUMNS));
  for (const one of lines) values[one.output] = evaluate<Measured>(one, { ...values, ...indices });
  return { lines, values, indices };
}
