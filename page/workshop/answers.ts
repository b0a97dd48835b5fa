import { html, nothing, type TemplateResult } from "lit-html";
import { answerStart } from "../../grader/kit/answer-start.ts";
import { stretchesOf, type Row } from "../../grader/report/differences.ts";
import { askedView } from "./asked.ts";
import { prose } from "./prose.ts";
import { textsOf, type Subject, type WorkshopState } from "./state.ts";
import type { StepTexts } from "./texts.ts";

/** What a learner may read once a step passes: the other ways to be wrong, and our answer. */

export function mistakesView(subject: Subject, { sentences }: WorkshopState): TemplateResult {
  return askedView(sentences ?? { is: "running" }, "Loading…", (sentences) => allView(textsOf(subject), sentences));
}

type Sentences = Readonly<Record<string, string>>;

function allView({ wrong, mistakes }: StepTexts, sentences: Sentences): TemplateResult {
  if (wrong.length === 0) return html`<div class="mistakes">${listView(mistakes, sentences)}</div>`;
  return html`<div class="mistakes">
    ${wrong.map(
      ({ line, ids }) =>
        html`<h4><code>${line}</code></h4>
          ${listView(
            mistakes.filter(({ id }) => ids.includes(id)),
            sentences,
          )}`,
    )}
  </div>`;
}

function listView(mistakes: StepTexts["mistakes"], sentences: Sentences): TemplateResult {
  return html`<dl>
    ${mistakes.map(
      ({ id, idea }) =>
        html`<dt>${prose(idea)}</dt>
          <dd>${prose(sentences[id] ?? "")}</dd>`,
    )}
  </dl>`;
}

/** Our answer, how the learner's differs from it, and other answers that are right. */
export function oursView(subject: Subject): TemplateResult {
  const { solution, alsoRight } = textsOf(subject);
  const ours =
    solution === undefined ? html`<p>This copy of the course has no solutions.</p>` : besideYours(subject, solution);
  return html`<div class="ours">
    ${ours}
    ${alsoRight.map(
      ({ code, why }, i) =>
        html`<p><strong>${i === 0 ? "also right:" : "and:"}</strong> ${prose(why)}</p>
          ${codeView(code, "another right answer")}`,
    )}
  </div>`;
}

function besideYours({ stub, step, files }: Subject, solution: string): TemplateResult {
  const ours = `${stub.slice(0, answerStart(stub))}${solution}\n`;
  return html`${codeView(solution, `ours: solutions/${step.file}`)}
    <h4>Yours and ours</h4>
    ${differencesView(files[step.file] ?? "", ours)}`;
}

function codeView(code: string, label: string): TemplateResult {
  return html`<pre class="code" data-scrolls=${label}><code>${code}</code></pre>`;
}

function differencesView(yours: string, ours: string): TemplateResult {
  const stretches = stretchesOf(yours, ours);
  if (stretches.every(({ rows }) => rows.length === 0)) return html`<p>They are the same.</p>`;
  return html`<p class="quiet"><del>- yours</del>, <ins>+ ours</ins></p>
    <pre class="differences" data-scrolls="yours and ours compared">
${stretches.map(({ skipped, rows }) => html`${skippedView(skipped)}${linesOf(rows)}`)}</pre>`;
}

function skippedView(count: number): TemplateResult | typeof nothing {
  if (count <= 0) return nothing;
  return html`<span class="skipped">… ${count} ${count === 1 ? "line is" : "lines are"} the same</span>`;
}

/** One text below the other: what was replaced above what replaces it. */
function linesOf(rows: readonly Row[]): TemplateResult[] {
  const lines: TemplateResult[] = [];
  let added: TemplateResult[] = [];
  for (const { yours, ours } of rows) {
    if (yours === ours) {
      lines.push(...added, html`<span> ${yours}</span>`);
      added = [];
      continue;
    }
    if (yours !== undefined) lines.push(html`<del>- ${yours}</del>`);
    if (ours !== undefined) added.push(html`<ins>+ ${ours}</ins>`);
  }
  return [...lines, ...added];
}
