import { arrow, BACKWARD, FORWARD } from "../../report/picture/arrow.ts";
import { MARGIN, words, type Mark } from "../../report/picture/marks.ts";

/** How long the arrow before a heading is, and where its words begin. */
const ARROW = 24;
const INDENT = 34;

/** A heading for what the forward pass does, with its arrow: to the right. */
export function forwardHeading(y: number, text: string): Mark[] {
  return [
    ...arrow(
      [
        [MARGIN, y],
        [MARGIN + ARROW, y],
      ],
      FORWARD,
    ),
    words([MARGIN + INDENT, y], text, { tone: "value" }),
  ];
}

/** A heading for what the backward pass does, with its arrow: to the left, dashed. */
export function backwardHeading(y: number, text: string): Mark[] {
  return [
    ...arrow(
      [
        [MARGIN + ARROW, y],
        [MARGIN, y],
      ],
      BACKWARD,
    ),
    words([MARGIN + INDENT, y], text, { tone: "gradient" }),
  ];
}
