import { html, nothing, type TemplateResult } from "lit-html";
import type { Connected } from "../../grader/network/follow.ts";
import { termsOf, type Ladder, type LadderRung, type Term } from "../../grader/report/ladder/ladder.ts";
import type { LadderAnswer } from "../../grader/report/ladder/panels.ts";
import { countText, elementText, numeral } from "./numbers.ts";
import { reachedText, type LadderEvent, type LadderState } from "./state.ts";

/** Of many terms, the largest are written out. */
const WRITTEN = 4;

/** One element in numbers: what its value is computed from, and the terms that its gradient is the sum of. */
function elementNumbers(
  ladder: Ladder,
  state: LadderState,
  answers: ReadonlyMap<string, LadderAnswer>,
): TemplateResult | typeof nothing {
  const { chosen, trace } = state;
  const rung = rungOf(ladder, state);
  if (!chosen || !rung || !trace) return nothing;
  return html`<div class="element" data-scrolls="its numbers">
    ${valueSide(ladder, rung, chosen.place, trace.sources)} ${gradientSide(ladder, rung, state, answers)}
  </div>`;
}

/** Which element is followed, how far, its numbers, and the buttons that go on: in view for as long as it is followed. */
export function elementDock(
  ladder: Ladder,
  state: LadderState,
  answers: ReadonlyMap<string, LadderAnswer>,
  send: (event: LadderEvent) => void,
): TemplateResult | typeof nothing {
  const { chosen, trace, steps, isBrief } = state;
  const rung = rungOf(ladder, state);
  if (!chosen || !rung) return nothing;
  const ends = { before: -(trace?.before.length ?? 0), after: trace?.after.length ?? 0 };
  const button = (keys: string, words: string, event: LadderEvent, isEnd = false): TemplateResult => {
    const shown = keys === "Escape" ? "Esc" : keys;
    // where there is no room for the words, they are said all the same
    return html`<button
      type="button"
      class="key"
      aria-disabled=${isEnd ? "true" : nothing}
      aria-keyshortcuts=${keys}
      aria-label="${shown} ${words}"
      @click=${() => send(event)}
    >
      <kbd>${shown}</kbd> <span>${words}</span>
    </button>`;
  };
  return html`<aside class="dock" aria-label="The element that is followed">
    <div class="following">
      <p class="who"><code>${elementText(rung.name, chosen.place, rung.shape)}</code></p>
      ${button("b", "backward ↑", { kind: "step", by: -1 }, steps <= ends.before)}
      <output class="reached" aria-live="polite">${reachedText(ladder, state)}</output>
      ${button("f", "forward ↓", { kind: "step", by: 1 }, steps >= ends.after)}
      <span class="others">
        <button
          type="button"
          class="key"
          aria-expanded=${isBrief ? "false" : "true"}
          @click=${() => send({ kind: "brief" })}
        >
          numbers
        </button>
        ${button("Escape", "stop", { kind: "clear" })}
      </span>
    </div>
    ${isBrief ? nothing : elementNumbers(ladder, state, answers)}
  </aside>`;
}

function rungOf({ rungs }: Ladder, { chosen }: LadderState): LadderRung | undefined {
  return rungs.find(({ name }) => name === chosen?.tensor);
}

/** Forward: the value, and the elements that it is computed from with the local gradients. */
function valueSide(
  { rungs }: Ladder,
  { name, text, value }: LadderRung,
  place: number,
  sources: readonly Connected[],
): TemplateResult {
  const rows = sources.flatMap(({ tensor, places, slopes }) => {
    const input = rungs.find((one) => one.name === tensor);
    return places.map((at, i) => ({
      text: elementText(tensor, at, input?.shape ?? []),
      value: input?.value?.matrix.values[at],
      slope: slopes[i]!,
    }));
  });
  const sorted = rows.toSorted((a, b) => Math.abs(b.slope) - Math.abs(a.slope));
  return html`<div class="side forward">
    <h2>forward: its value</h2>
    <p class="line">
      <code>${name}${text === undefined ? "" : ` = ${text}`}</code>
      <b class="result">${value ? numeral(value.matrix.values[place]!) : ""}</b>
    </p>
    ${
      rows.length === 0
        ? html`<p class="quiet">
            ${text === undefined ? "It is given: no line computes it." : "No gradient flows back through this line."}
          </p>`
        : html`<table>
            <thead>
              <tr>
                <th scope="col">computed from</th>
                <th scope="col">value</th>
                <th scope="col">local gradient</th>
              </tr>
            </thead>
            <tbody>
              ${sorted.slice(0, WRITTEN).map(
                (row) =>
                  html`<tr>
                    <th scope="row"><code>${row.text}</code></th>
                    <td>${row.value === undefined ? "" : numeral(row.value)}</td>
                    <td>${numeral(row.slope)}</td>
                  </tr>`,
              )}
            </tbody>
          </table>`
    }
    ${
      rows.length > WRITTEN
        ? html`<p class="quiet">and ${countText(rows.length - WRITTEN, "other element")}</p>`
        : nothing
    }
  </div>`;
}

/** Backward: the gradient, and the local gradients times the upstream gradients that it is the sum of. */
function gradientSide(
  ladder: Ladder,
  rung: LadderRung,
  { chosen, trace }: LadderState,
  answers: ReadonlyMap<string, LadderAnswer>,
): TemplateResult | typeof nothing {
  const reference = rung.gradient?.matrix.values[chosen!.place];
  if (reference === undefined) return nothing;
  const terms = termsOf(ladder, trace!);
  const answer = answers.get(rung.steps[0]?.id ?? "");
  const [yours] = answer?.isOfLadder ? answer.drawing.panels : [];
  const own = yours?.matrix?.values[chosen!.place];
  return html`<div class="side backward">
    <h2>backward: its gradient</h2>
    <p class="line">
      <code>${elementText(`d${rung.name}`, chosen!.place, rung.shape)}</code>
      <b class="result">${numeral(reference)}</b>
      ${own === undefined ? nothing : html`<span class="own">yours <b>${numeral(own)}</b></span>`}
    </p>
    ${
      !terms || terms.length === 0
        ? html`<p class="quiet">
            ${rung.uses.length === 0 ? "The backward pass begins here." : "Nothing is computed from it: no gradient reaches it."}
          </p>`
        : termTable(ladder, terms)
    }
  </div>`;
}

function termTable({ rungs }: Ladder, terms: readonly Term[]): TemplateResult {
  const sorted = terms.toSorted((a, b) => Math.abs(b.slope * b.upstream) - Math.abs(a.slope * a.upstream));
  const [written, others] = [sorted.slice(0, WRITTEN), sorted.slice(WRITTEN)];
  const product = ({ slope, upstream }: Term): number => slope * upstream;
  const largest = Math.max(...terms.map((term) => Math.abs(product(term))));
  const rest = others.reduce((sum, term) => sum + product(term), 0);
  const bar = (x: number): TemplateResult => {
    const part = largest === 0 ? 0 : Math.min(1, Math.abs(x) / largest);
    return html`<td class="bar" aria-hidden="true">
      <span class=${x < 0 ? "negative" : "positive"} style=${`width:${Math.round(part * 100)}%`}></span>
    </td>`;
  };
  return html`<table>
      <thead>
        <tr>
          <th scope="col">local gradient</th>
          <th scope="col"><span aria-hidden="true">×</span> upstream</th>
          <th scope="col" class="of">of</th>
          <th scope="col">term</th>
          <td class="bar" aria-hidden="true"></td>
        </tr>
      </thead>
      <tbody>
        ${written.map((term) => {
          const shape = rungs.find(({ name }) => name === term.of)?.shape ?? [];
          return html`<tr>
            <td>${numeral(term.slope)}</td>
            <td>× ${numeral(term.upstream)}</td>
            <th scope="row"><code>${elementText(`d${term.of}`, term.place, shape)}</code></th>
            <td>${numeral(product(term))}</td>
            ${bar(product(term))}
          </tr>`;
        })}
        ${
          others.length === 0
            ? nothing
            : html`<tr class="rest">
                <th colspan="3" scope="row">and ${countText(others.length, "other term")}</th>
                <td>${numeral(rest)}</td>
                ${bar(rest)}
              </tr>`
        }
      </tbody>
    </table>
    ${terms.length > 1 ? html`<p class="quiet">The gradient is the sum of its ${countText(terms.length, "term")}.</p>` : nothing}`;
}
