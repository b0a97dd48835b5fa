/** What a scratch text begins with, until something else is written there. */
export function scratchText(note?: string): string {
  return `import { keepdim, tensor } from "#tensor";
${note === undefined ? "" : `\n// ${note}`}
const counts = tensor([
  [1, 2, 5],
  [3, 3, 2],
]);
const counts_sum = counts.sum(1, keepdim);
console.log(counts.div(counts_sum));

// your exercises can be imported as well:
// import { dcounts } from "../exercises/1-step-by-step/05-dcounts.ts";
`;
}
