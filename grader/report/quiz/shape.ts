import { answerExtents, answerName, shapeOf, upstreamsOf } from "../../kit/step.ts";
import { sameExtents, shapeText, type Extent } from "../../network/shape.ts";
import { others, type Kind } from "./candidate.ts";
import { listed } from "./words.ts";

/** Which shape does the answer have? The wrong ones are the upstream gradient's, transposes, and sums over too much. */
export const shapeQuestion: Kind = (step) => {
  const right = answerExtents(step);
  const above = upstreamsOf(step);
  const wrong = [...above.map((name) => shapeOf(step, name)), ...changed(right)];
  const options = others(shapeText(right), wrong.map(shapeText));
  if (options.length < 2) return undefined;
  const unlike = above.filter((name) => !sameExtents(shapeOf(step, name), right));
  const text = shapeText(right);
  const why =
    step.asks === "value"
      ? `The forward lines give ${step.tensor} the shape ${text}.`
      : `A gradient always has the shape of its tensor, and ${step.tensor} has shape ${text}` +
        (unlike.length === 0 ? "." : `; only ${listed(unlike.map((name) => name))} arrives in another shape.`);
  return {
    id: "shape",
    ask: `Which shape does ${answerName(step)} have?`,
    answer: text,
    others: options,
    why,
    weight: unlike.length > 0 ? 1.8 : 0.2,
  };
};

/** Shapes that a mistake would give instead: transposed, with a dimension summed away, or with one too many. */
function changed(extents: readonly Extent[]): (readonly Extent[])[] {
  const without = extents.map((_, dim) => extents.filter((_, other) => other !== dim));
  const summed = extents.map((_, dim) => extents.map((extent, other) => (other === dim ? 1 : extent)));
  return [
    extents.toReversed(),
    ...without.filter(({ length }) => length > 0),
    ...summed,
    [1, ...extents],
    [...extents, 1],
  ];
}
