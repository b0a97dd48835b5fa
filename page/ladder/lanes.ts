import { svg, type SVGTemplateResult } from "lit-html";
import type { LadderRung } from "../../grader/report/ladder/ladder.ts";
import type { RungState } from "../../grader/report/ladder/state.ts";

/** From one lane to the next, the height in which lanes bend, and the middle of a node, in pixels. */
export const LANE = 16;
export const HEAD = 44;
const MIDDLE = HEAD / 2;
const RADIUS = 7;
const BEND = 9;

/** The state of each rung, by name: a lane has that of the rung whose gradient comes up through it. */
export type States = ReadonlyMap<string, RungState>;

function xOf(lane: number): number {
  return LANE * (lane + 0.5) + 2;
}

export function widthOfLanes(lanes: number): number {
  return LANE * lanes + 4;
}

/** The lanes beside a rung's head: those that join from above, those that fork downwards, those that pass, and its node. */
export function headLanes({ lane, joins, forks, passes }: LadderRung, lanes: number, states: States, own: RungState) {
  const x = xOf(lane);
  const wire = (from: string, path: string): SVGTemplateResult =>
    svg`<path class=${`lane ${states.get(from)?.is ?? "given"}`} d=${path} />`;
  const curves = [
    ...passes.map((one) => wire(one.from, `M${xOf(one.lane)} 0V${HEAD}`)),
    ...forks.map((one) =>
      wire(one.from, one.lane === lane ? `M${x} ${MIDDLE}V${HEAD}` : bent(x, MIDDLE, xOf(one.lane), HEAD)),
    ),
    ...joins.map((one) =>
      wire(one.from, one.lane === lane ? `M${x} 0V${MIDDLE}` : joined(xOf(one.lane), 0, x, MIDDLE)),
    ),
  ];
  return svg`<svg class="lanes" width=${widthOfLanes(lanes)} height=${HEAD} aria-hidden="true" focusable="false">
    ${curves}
    <g transform=${`translate(${x} ${MIDDLE})`}>${node(own)}</g>
  </svg>`;
}

/** The lanes below a rung's head, as far down as the rung reaches. */
export function tailLanes({ forks, passes }: LadderRung, lanes: number, states: States): SVGTemplateResult {
  return svg`<svg class="lanes tail" width=${widthOfLanes(lanes)} height="100%" aria-hidden="true" focusable="false">
    ${[...forks, ...passes].map(
      ({ lane, from }) =>
        svg`<line class=${`lane ${states.get(from)?.is ?? "given"}`} x1=${xOf(lane)} x2=${xOf(lane)} y1="0" y2="100%" />`,
    )}
  </svg>`;
}

/** Across first, then down, with a round corner. */
function bent(x: number, y: number, toX: number, toY: number): string {
  return `M${x} ${y}H${toX - BEND}Q${toX} ${y} ${toX} ${y + BEND}V${toY}`;
}

/** Down first, then across. */
function joined(x: number, y: number, toX: number, toY: number): string {
  return `M${x} ${y}V${toY - BEND}Q${x} ${toY} ${x - BEND} ${toY}H${toX}`;
}

/** A node: each state has a shape of its own, so that it can be told without its color. */
export function node({ is }: RungState): SVGTemplateResult {
  const disc = svg`<circle class="disc" r=${RADIUS} />`;
  switch (is) {
    case "given":
      return svg`<g class="node given"><circle class="disc" r="4" /></g>`;
    case "open":
      return svg`<g class="node open">${disc}</g>`;
    case "passed":
      return svg`<g class="node passed">${disc}<path class="sign" d="M-3.4 0.2L-1 2.8L3.5 -2.6" /></g>`;
    case "chain-broken":
      return svg`<g class="node chain-broken">${disc}<path class="half" d="M0 ${-RADIUS}A${RADIUS} ${RADIUS} 0 0 0 0 ${RADIUS}Z" /></g>`;
    case "wrong":
      return svg`<g class="node wrong"><path class="disc" d="M0 -8.5L8.5 0L0 8.5L-8.5 0Z" /><path class="sign" d="M-2.4 -2.4L2.4 2.4M2.4 -2.4L-2.4 2.4" /></g>`;
  }
}

/** A node by itself, for legends. */
export function nodeIcon(state: RungState): SVGTemplateResult {
  return svg`<svg class="icon" width="18" height="18" viewBox="-9 -9 18 18" aria-hidden="true" focusable="false">${node(state)}</svg>`;
}
