import { stepComment } from "../../kit/stub.ts";
import type { FunctionStep } from "../../kit/step.ts";

/** A solution to be completed: the body between the markers is what a stub leaves out. */
export function solutionText(step: FunctionStep): string {
  const { id, given } = step;
  const names = given.join(", ");
  const start = `export function ${step.export}(`;
  const end = `: Given<"${id}">): Tensor {`;
  const isLong = `${start}{ ${names} }${end}`.length > 120;
  const taken = isLong ? `{\n${given.map((name) => `  ${name},\n`).join("")}}` : `{ ${names} }`;
  return `import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

${stepComment(step)}
${start}${taken}${end}
  // solution
  throw new Error("TODO: return ${step.asks === "gradient" ? "the gradient" : "the value"}");
  // end of solution
}
`;
}
