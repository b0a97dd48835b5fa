import { html, nothing, type TemplateResult } from "lit-html";
import type { Ladder, LadderRung } from "../../grader/report/ladder/ladder.ts";
import { gradientShown, panelsOf, type LadderAnswer } from "../../grader/report/ladder/panels.ts";
import { stateText, type RungState } from "../../grader/report/ladder/state.ts";
import { heatmap, thumbnail, type Shared } from "./heatmap.ts";
import { headLanes, tailLanes, type States } from "./lanes.ts";

/** What one rung is drawn from. */
export interface RungProps {
  readonly ladder: Ladder;
  readonly rung: LadderRung;
  readonly states: States;
  readonly own: RungState;
  readonly answer: LadderAnswer | undefined;
}

/** One rung: its lanes, a button with its line, its state, and small drawings; opened, its matrices. */
export function rungView(props: RungProps, shared: Shared): TemplateResult {
  const { ladder, rung, states, own } = props;
  const { state, lit } = shared;
  const isOpen = state.open === rung.name;
  const isLit = lit?.has(rung.name) ?? false;
  const isChosen = state.chosen?.tensor === rung.name;
  return html`<li
    class=${`rung ${own.is} ${isOpen ? "is-open" : ""} ${isLit ? "is-lit" : ""} ${isChosen ? "is-chosen" : ""}`}
    data-rung=${rung.name}
  >
    <div class="rail">${headLanes(rung, ladder.lanes, states, own)} ${tailLanes(rung, ladder.lanes, states)}</div>
    <div class="content">${head(props, isOpen, shared)} ${isOpen ? body(props, shared) : nothing}</div>
  </li>`;
}

function head({ rung, own, answer }: RungProps, isOpen: boolean, shared: Shared): TemplateResult {
  const { name, text, extents, steps, uses, value } = rung;
  const [step] = steps;
  const gradient = own.is === "given" ? rung.gradient : gradientShown(answer);
  return html`<button
    type="button"
    class="head"
    aria-expanded=${isOpen ? "true" : "false"}
    aria-controls=${`rung-${name}`}
    @click=${() => shared.send({ kind: "toggle", rung: name })}
  >
    <span class="label">${step?.label ?? ""}</span>
    <span class="line">
      <code><b>${name}</b>${text === undefined ? nothing : html`<span class="expression"> = ${text}</span>`}</code>
      ${uses.length > 1 ? html`<span class="uses">used in ${uses.length} lines</span>` : nothing}
    </span>
    <span class="extents">${extents === "" ? "a number" : extents}</span>
    <span class="drawing" data-what="value">${value ? thumbnail(name, value, shared) : nothing}</span>
    <span class="drawing" data-what="gradient">
      ${
        gradient
          ? thumbnail(name, gradient, shared)
          : own.is === "given"
            ? nothing
            : html`<span class="missing" aria-hidden="true"></span>`
      }
    </span>
    <span class="state"><span>${stateText(own)}</span></span>
  </button>`;
}

function body({ ladder, rung, answer }: RungProps, shared: Shared): TemplateResult {
  const panels = panelsOf(ladder, rung, answer);
  const shapeOf = (tensor: string | undefined): readonly number[] =>
    ladder.rungs.find(({ name }) => name === tensor)?.shape ?? [];
  const { axes = [], remarks = [], title } = answer?.drawing ?? {};
  const said = [...(answer && !answer.isOfLadder && title !== undefined ? [title] : []), ...axes, ...remarks];
  return html`<div class="body" id=${`rung-${rung.name}`}>
    ${
      rung.steps.length === 0
        ? nothing
        : html`<p class="tasks">
            ${rung.steps.map(
              ({ id, label, answer: name }) =>
                html`<button type="button" class="key" @click=${() => shared.send({ kind: "work", step: id })}>
                  Write <code>${name}</code>${id === name ? "" : ` in ${id}`} (step ${label})
                </button>`,
            )}
          </p>`
    }
    <div class="panels">${panels.map((panel) => heatmap(panel, shapeOf(panel.tensor), shared))}</div>
    ${
      said.length === 0
        ? nothing
        : html`<ul class="said">
            ${said.map((text) => html`<li>${text}</li>`)}
          </ul>`
    }
    ${
      shared.state.chosen
        ? nothing
        : html`<p class="quiet">
            Choose a cell, with a click or with the arrow keys and Enter, and see where it comes from.
          </p>`
    }
  </div>`;
}
