import { answerName, answerExtents, shapeOf, upstreamsOf, type FunctionStep } from "../../kit/step.ts";
import { sameExtents } from "../../network/shape.ts";
import { numbersText, smallNumbersFor } from "./small-numbers.ts";
import { codeName } from "./steps.ts";

/** A room to be completed: what the forward lines tell is filled in. */
export function roomText(step: FunctionStep): string {
  const { id, tensor, network, runs } = step;
  const lines = runs.flat().map(({ output, text }) => `${output} = ${text}`);
  const answer = answerName(step);
  const at = `[${answerExtents(step)
    .map(() => 0)
    .join(", ")}]`;
  const entry = `${answer}${at === "[]" ? "" : at}`;
  return `import { gradientRoom, looks } from "#kit";
import { ${network.name} } from "../${network.name}/network.ts";

// ${lines.join("\n// ")}
export const ${codeName(id)} = gradientRoom(${network.name}, {
${id === answer ? "" : `  id: "${id}",\n`}  tensor: "${tensor}",

  hints: {
    ask: ${JSON.stringify(askOf(step))},
    rule: "TODO: the local gradient of ${runs.length === 1 ? "the line" : "each line"} in words, without code",
    numbers: {
${numbersText(smallNumbersFor(step))}
    },
    // TODO: one entry; {name i j} stands for a number of the tensors above, and the result is computed
    worked: "${entry} = ...",
    piece: "TODO: what is usually missing, and what to do about it",
  },

  mistakes: [
    // TODO: mistakes of this step's own, the likeliest first; a flipped sign, a forgotten branch or sum, a transpose
    // and the like are recognized without an entry. Each has the answer that it leads to:
    // {
    //   id: "upstream-forgotten",
    //   idea: "only the local gradient is returned",
    //   sentence: "this is the local gradient alone: the upstream gradient is missing",
    //   look: looks.upstreamForgotten,
    //   answer: ({ ${step.given.slice(0, 2).join(", ")} }) => ...,
    // },
  ],

  // correct answers in other forms than the solution's: check makes sure that they are accepted
  forms: [],
});
`;
}

/** The question that the shapes ask. */
function askOf(step: FunctionStep): string {
  const { tensor, runs } = step;
  const answer = answerName(step);
  if (runs.length > 1) {
    return `${tensor} is read by ${runs.length} lines. What does each of them contribute to ${answer}?`;
  }
  const [upstream] = upstreamsOf(step);
  const index = step.given.find((name) => step.roles[name] === "index");
  if (index !== undefined) return `Which entries of ${tensor} does the line read, and how often can ${index} name one?`;
  if (upstream === undefined) return `How much does the loss change if one entry of ${tensor} grows a little?`;
  const [above, own] = [shapeOf(step, upstream), answerExtents(step)];
  if (sameExtents(above, own))
    return `${upstream} and ${answer} have the same shape. Which factor does each entry get?`;
  if (own.length < above.length || own.some((extent, dim) => extent === 1 && above[dim] !== 1)) {
    return `Compare the shapes of ${upstream} and ${answer}: over which dimension do the contributions add up?`;
  }
  return `Write the shapes of ${upstream} and ${answer} below each other. Which given tensor leads from one to the other?`;
}
