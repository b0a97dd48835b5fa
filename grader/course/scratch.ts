import type { Step } from "../kit/step.ts";

/** What a scratch text begins with, until something else is written there, with a step that it may import. */
export function scratchText(own: Pick<Step, "export" | "file">, note?: string): string {
  return `import { keepdim, tensor } from "#tensor";
${note === undefined ? "" : `\n// ${note}`}
const counts = tensor([
  [1, 2, 5],
  [3, 3, 2],
]);
const counts_sum = counts.sum(1, keepdim);
console.log(counts.div(counts_sum));

// your exercises can be imported as well:
// import { ${own.export} } from "../exercises/${own.file}";
`;
}
