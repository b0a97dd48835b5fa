import { tensor, zeros, type Tensor } from "#tensor";
import { Measured } from "../autograd/measured.ts";
import { truthOf } from "../course/cases.ts";
import { answerName, givenShape, type FunctionStep, type Step } from "../course/steps.ts";
import { evaluate, type Batch, type Named } from "../model/backward.ts";
import { batchShapes, lines, shapeIn, type Line, type Sizes } from "../model/lines.ts";
import type { Numbers, StepHints } from "./hint.ts";

type InstanceNumbers = NonNullable<StepHints["numbers"]>;

/** A step with numbers small enough for paper. */
export interface Instance {
  /** What it begins with and what follows from that, by name: float64 values, or indices. */
  values: Named<Measured | Tensor>;
  /** The name of what it leads to, which is among the values. */
  answer: string;
}

/** The small instance of a step's second hint: forward values and the answer are computed by the float64 reference. */
export function smallInstance(step: Step): Instance {
  const { numbers, sizes, result } = step.hints;
  if (step.kind === "function") return instanceOf(step, numbers ?? step.example ?? {}, sizes ?? {});
  if (!result) throw new Error(`${step.id}: hints to a step that is no function of given tensors need a result`);
  const known = Object.fromEntries(Object.entries(numbers ?? {}).map(([name, value]) => [name, measured(value)]));
  return { values: { ...known, [result.name]: result.of(known) }, answer: result.name };
}

function instanceOf(step: FunctionStep, numbers: InstanceNumbers, others: Partial<Sizes>): Instance {
  const sizes = sizesOf(numbers, others);
  const index = (name: keyof Batch): Tensor => {
    const values = numbers[name];
    return values === undefined
      ? tensor(zeros(shapeIn(batchShapes[name], sizes)).toArray(), shapeIn(batchShapes[name], sizes), "int32")
      : tensor(values, undefined, "int32");
  };
  const batch: Batch = { Xb: index("Xb"), Yb: index("Yb") };
  const known: Named<Measured> = {};
  for (const [name, value] of Object.entries(numbers)) if (!(name in batch)) known[name] = measured(value);
  for (const line of linesFor(step)) {
    // what does not follow from the numbers is no part of the instance
    if (line.output in known || !line.inputs.every((name) => name in known || name in numbers)) continue;
    known[line.output] = evaluate<Measured>(line, { ...known, ...batch });
  }
  const given: Named<Tensor> = {};
  for (const name of step.given) {
    if (name in batch) given[name] = batch[name as keyof Batch];
    // what the answer does not depend on
    else given[name] = known[name]?.toTensor() ?? zeros(shapeIn(givenShape(name), sizes));
  }
  const answer = answerName(step);
  return { values: { ...known, ...batch, [answer]: truthOf(step, given, batch) }, answer };
}

/** The model's lines, a step's own in place of those with the same output, and then its others. */
function linesFor({ runs }: FunctionStep): Line[] {
  const own = new Map(runs.flat().map((line) => [line.output, line]));
  const all = (lines as readonly Line[]).map((line) => own.get(line.output) ?? line);
  return [...new Set([...all, ...own.values()])];
}

/** The sizes that the numbers have, or 2. */
function sizesOf(numbers: InstanceNumbers, others: Partial<Sizes>): Sizes {
  const sizes: Sizes = { n: 2, block: 2, embd: 2, hidden: 2, vocab: 2, rows: 2, columns: 2, inner: 2, ...others };
  for (const [name, value] of Object.entries(numbers)) {
    const { shape } = tensor(value);
    for (const [dim, extent] of givenShape(name).entries()) {
      if (extent !== 1 && extent !== "block*embd") sizes[extent] = shape[dim]!;
    }
  }
  return sizes;
}

function measured(values: Numbers): Measured {
  return Measured.from(tensor(values));
}
