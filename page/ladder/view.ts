import { html, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import type { Ladder } from "../../grader/report/ladder/ladder.ts";
import type { LadderAnswer } from "../../grader/report/ladder/panels.ts";
import { rungState, type RungResult, type RungState } from "../../grader/report/ladder/state.ts";
import type { ThemeName } from "../../grader/report/picture/theme.ts";
import { elementDock } from "./element.ts";
import type { Shared } from "./heatmap.ts";
import { nodeIcon, widthOfLanes } from "./lanes.ts";
import { rungView } from "./rung.ts";
import { litBy, type LadderEvent, type LadderState } from "./state.ts";

/** Everything that a ladder shows, as plain data. */
export interface LadderData {
  readonly ladder: Ladder;
  /** By step id: what grading found. */
  readonly results: ReadonlyMap<string, RungResult>;
  /** By step id: the numbers that were returned. */
  readonly answers: ReadonlyMap<string, LadderAnswer>;
  readonly theme: ThemeName;
}

/** The ladder: the forward lines from top to bottom, and the gradients that climb from the loss to the first tensor. */
export function ladderView(data: LadderData, state: LadderState, send: (event: LadderEvent) => void): TemplateResult {
  const { ladder, results, answers, theme } = data;
  const states = statesOf(ladder, results);
  const shared: Shared = { state, theme, lit: litOf(state), send };
  const onKey = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || !state.chosen) return;
    if (event.key === "b") send({ kind: "step", by: -1 });
    else if (event.key === "f") send({ kind: "step", by: 1 });
    else if (event.key === "Escape") send({ kind: "clear" });
    else return;
    event.preventDefault();
  };
  return html`<section
    class="ladder"
    style=${`--rail:${widthOfLanes(ladder.lanes)}px;--label:${widthOfLabels(ladder)}ch`}
    @keydown=${onKey}
  >
    ${heading(ladder, states)}
    <ol role="list">
      ${repeat(
        ladder.rungs,
        ({ name }) => name,
        (rung) => {
          const answer = answers.get(rung.steps[0]?.id ?? "");
          const own = states.get(rung.name)!;
          return rungView({ ladder, rung, states, own, answer }, shared);
        },
      )}
    </ol>
    ${elementDock(ladder, state, answers, send)}
  </section>`;
}

/** As many characters as the longest number of a step. */
function widthOfLabels({ rungs }: Ladder): number {
  return Math.max(2, ...rungs.map(({ steps: [step] }) => step?.label.length ?? 0));
}

/** The state of each rung, by name: that of the step of its own line. */
function statesOf({ rungs }: Ladder, results: LadderData["results"]): ReadonlyMap<string, RungState> {
  return new Map(
    rungs.map(({ name, steps: [step] }) => [name, rungState(step !== undefined, results.get(step?.id ?? ""))]),
  );
}

let last: { chosen: unknown; trace: unknown; steps: number; lit: ReturnType<typeof litBy> } | undefined;

/** The lit elements, the same object for as long as they are the same: canvases compare it. */
function litOf(state: LadderState): ReturnType<typeof litBy> {
  const { chosen, trace, steps } = state;
  if (last?.chosen !== chosen || last.trace !== trace || last.steps !== steps) {
    last = { chosen, trace, steps, lit: litBy(state) };
  }
  return last.lit;
}

const legend: readonly [state: RungState, words: string][] = [
  [{ is: "passed", verdict: "exact" }, "passed"],
  [{ is: "wrong", verdict: "wrong", sentence: null }, "wrong"],
  [{ is: "chain-broken", verdict: "exact", brokenAt: "", isReached: true }, "passed on its own, your chain is broken"],
  [{ is: "open" }, "open"],
];

function heading({ title }: Ladder, states: ReadonlyMap<string, RungState>): TemplateResult {
  const asked = [...states.values()].filter(({ is }) => is !== "given");
  const passed = asked.filter(({ is }) => is === "passed" || is === "chain-broken").length;
  return html`<header class="top">
    <p class="title">${title}</p>
    <p class="climbed" role="status">
      <b>${passed}</b> of ${asked.length} passed
      <span class="progress" aria-hidden="true"
        ><span style=${`width:${(100 * passed) / Math.max(1, asked.length)}%`}></span
      ></span>
    </p>
    <ul class="legend" role="list" aria-label="Legend">
      ${legend.map(([state, words]) => html`<li>${nodeIcon(state)} ${words}</li>`)}
      <li class="colors"><span>−</span><span class="scale" aria-hidden="true"></span><span>+</span></li>
    </ul>
    <p class="directions" aria-hidden="true">
      <span class="forward">↓ forward pass</span><span>shape</span><span class="forward">value</span>
      <span class="backward">gradient</span><span class="backward">↑ backward pass, yours</span>
    </p>
  </header>`;
}
