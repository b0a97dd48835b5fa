import { extentsOf, type FunctionStep } from "../kit/step.ts";
import type { Extent } from "../network/shape.ts";
import type { Case } from "../kit/case.ts";
import { operationsOf } from "../network/used.ts";
import type { TensorErrorKind } from "../tensor/error.ts";
import { answersTo, type Probed } from "./behaviour.ts";
import { knownMistakes } from "./formulas/formula.ts";
import { isProduct } from "./formulas/transposes.ts";
import type { Evidence } from "./strategy.ts";
import { listed } from "../kit/listed.ts";
import { areRight, hasRightShape, seenOnly, type Diagnosis, type Symptom } from "./symptom.ts";

/**
 * If a function throws because shapes do not fit: what it answers for batches whose sizes are equal.
 *
 * @param byFormula finds the formula that gives those answers
 */
export function whereEqual(
  { step, symptoms, probed }: Evidence,
  byFormula: (square: readonly Probed[]) => Diagnosis | null,
): Diagnosis | null {
  const asked = answersTo("equal", probed);
  const sets = [...new Set(asked.map(({ sizes }) => sizes))]
    .map((id) => asked.filter(({ sizes }) => sizes === id))
    .filter((equal) => equal.every(hasRightShape))
    .sort(([a], [b]) => thereOf(step, a!.equal).length - thereOf(step, b!.equal).length);
  // the fewest sizes with which the shapes fit; what is wrong besides may show with others
  const [fewest] = sets;
  if (!fewest) return null;
  const found = sets.flatMap((equal) => byFormula(equal) ?? [])[0];
  // a known mistake needs no introduction
  if (found && knownMistakes(step).some((mistake) => mistake.id === found.id)) return found;
  if (symptoms.some(({ answer }) => !("shape" in answer) && answer.thrown && saysWhy.has(answer.thrown.kind)))
    return null;
  const intro = `the shapes fit only if ${whichEqual(step, fewest[0]!.equal)} are equal`;
  if (areRight(fewest)) {
    return { id: "equal-right", sentence: `${intro}, and then the answer is right: is one used instead of another?` };
  }
  // even if nothing but an observation was found, there is a cause: the shapes do not fit
  if (found) return { id: `equal-${found.id}`, sentence: `${intro}; in that case, ${found.sentence}` };
  return seenOnly("equal", `${intro}: is one dimension used instead of another, or is a transpose missing?`);
}

/** Errors whose message already says what to do: anything more about shapes could only contradict it. */
const saysWhy: ReadonlySet<TensorErrorKind> = new Set(["dropped-dimension", "no-dimension"]);

/** Which sizes of the step's tensors are equal: "n and vocab". */
function whichEqual(step: FunctionStep, equal: readonly Extent[]): string {
  const there = thereOf(step, equal).map(String);
  return there.length > 1 ? listed(there) : "all sizes";
}

/** Those of some extents that a step's tensors have. */
function thereOf(step: FunctionStep, equal: readonly Extent[]): Extent[] {
  const extents = extentsOf(step);
  return equal.filter((extent) => extents.includes(extent));
}

/** The operations that take their indices from a tensor, where no loop counts them. */
const readsIndices: ReadonlySet<string> = new Set(["gather", "gatherRows", "scatterAdd", "indexAdd", "indexAdd_"]);

/** An index that does not exist, in some batches or in all. */
export function pastTheEnd(symptoms: readonly Symptom[]): Diagnosis | null {
  const thrown = symptoms.flatMap(({ answer }) => ("shape" in answer ? [] : [answer.thrown]));
  if (thrown.length === 0 || !thrown.every((fault) => fault?.kind === "index")) return null;
  const where = thrown.length === symptoms.length ? "" : "in some batches but not in others, ";
  const why = thrown.every((fault) => fault !== null && readsIndices.has(fault.operation))
    ? "which tensor, and which of its dimensions, are these indices positions in?"
    : "does a loop end at a number, or at the size of another dimension? The last index is one less than the size";
  return { id: "past-the-end", sentence: `${where}an index is outside its tensor: ${why}` };
}

/**
 * A matrix product where the forward line multiplies elementwise, or the other way round, if the shapes then do not fit.
 */
export function mulOrMatmul({ step, symptoms }: Evidence): Diagnosis | null {
  const operation = thrownBy(symptoms, "shapes");
  const lines = step.runs.flat().map(operationsOf);
  const multiply = (name: string): boolean => lines.some((operations) => operations.has(name));
  if (operation === "matmul" && multiply("mul") && !multiply("matmul")) {
    const sentence =
      "matmul is the matrix product, @, but the forward line multiplies elementwise, which is mul: " +
      "each entry of the gradient needs entries in the same position";
    return { id: "matmul-for-mul", sentence };
  }
  if (operation === "mul" && multiply("matmul") && symptoms.every(({ case: asked }) => isProduct(step, asked))) {
    const sentence =
      "mul multiplies elementwise, but the forward line is a matrix product, @, and so is its gradient: that is matmul";
    return { id: "mul-for-matmul", sentence };
  }
  return null;
}

/** The operation that threw for every symptom, with an error of this kind. */
function thrownBy(symptoms: readonly Symptom[], kind: TensorErrorKind): string | undefined {
  const faults = symptoms.map(({ answer }) => ("shape" in answer ? null : answer.thrown));
  const [first] = faults;
  const isSame = faults.every((fault) => fault?.kind === kind && fault.operation === first?.operation);
  return isSame ? first?.operation : undefined;
}

/** oneHot with a number of classes that is written as a number: it is that of one batch. */
export function writtenClasses(symptoms: readonly Symptom[]): Diagnosis | null {
  const written = symptoms.flatMap(({ case: asked, answer }) => {
    const fault = "shape" in answer ? null : answer.thrown;
    const classes = fault?.kind === "index" && fault.operation === "oneHot" ? fault.numbers[1]?.[0] : undefined;
    return classes === undefined ? [] : [{ asked, classes }];
  });
  const [first] = written;
  if (!first || !written.every(({ asked, classes }) => classes === first.classes && !isSize(classes, asked)))
    return null;
  const size = sizeOfClasses(first.asked.step);
  const sentence =
    `${first.classes} ${first.classes === 1 ? "class is" : "classes are"} written as a number, and other batches have ` +
    `another number of them: take it from the ` +
    `shape of a tensor${size === undefined ? "" : `, ${size}`}`;
  return { id: "written-classes", sentence };
}

function isSize(number: number, { sizes }: Case): boolean {
  return Object.values(sizes).includes(number);
}

/** How the number of columns is written that one of the given tensors chooses from. */
function sizeOfClasses({ given, shapes, roles, network }: FunctionStep): string | undefined {
  const choice = network.words.choices.find(({ by }) => given.includes(by));
  const extent = choice?.among[1];
  if (extent === undefined) return undefined;
  const owner = given.find((name) => roles[name] !== "index" && shapes[name]?.includes(extent));
  return owner === undefined ? undefined : `${owner}.size(${shapes[owner]!.indexOf(extent)})`;
}
