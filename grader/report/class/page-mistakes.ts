import { classHighlighter, highlightCode } from "@lezer/highlight";
import { parser } from "@lezer/javascript";
import type { Step } from "../../kit/step.ts";
import { html, type Html } from "../html.ts";
import { mistakeLabel } from "../mistake-label.ts";
import { bar, partName, stepLink } from "./page-parts.ts";
import type { Links } from "./page.ts";
import {
  counted,
  gradedRows,
  hasMistakes,
  partsOf,
  stepName,
  type ClassView,
  type CountedMistake,
  type StepCount,
  type Topic,
} from "./view.ts";

/** The mistakes of a step that the page shows; beyond, they are counted. */
const MOST_MISTAKES = 8;

/** The tokens that have a color. */
const STYLED = /keyword|string|number|bool|definition/;

const typescript = parser.configure({ dialect: "ts" });

/** The questions worth asking next, the one that concerns the most students first. */
export function topics({ topics: all, rows }: ClassView, links: Links): Html | undefined {
  if (all.length === 0) return undefined;
  return html`<p>
      What concerns the most students, as questions. A misunderstanding that shows at several steps counts each student
      once.
    </p>
    <ol class="topics">
      ${all.map((topic) => topicItem(topic, gradedRows(rows).length, links))}
    </ol>`;
}

function topicItem(topic: Topic, graded: number, links: Links): Html {
  const { idea, sentence, ask, look, at, count } = topic;
  const { step } = at[0]!.count;
  const title = idea === undefined ? `Many stall at ${step.id}` : capitalized(idea, step);
  return html`<li class="topic">
    <h3>${title}</h3>
    <p class="quiet"><b>${count} of ${graded}</b> students${at.length > 1 ? ":" : ""} ${placesOf(at)}</p>
    ${sentence === undefined ? [] : html`<p>${sentenceOf(sentence, step)}</p>`}
    <dl class="asks">
      <div>
        <dt>Ask</dt>
        <dd>${ask}</dd>
      </div>
      ${
        look === undefined
          ? []
          : html`<div>
              <dt>Then</dt>
              <dd>${look}</dd>
            </div>`
      }
    </dl>
    ${placeLinks(step, links)}
  </li>`;
}

/** How many steps a topic names. */
const MOST_PLACES = 5;

/** How many students at which step, the most first. */
function placesOf(at: Topic["at"]): Html {
  const shown = at.slice(0, MOST_PLACES);
  const more = at.length - shown.length;
  return html`${shown.map(
    ({ count, rows }, i) =>
      html`${i > 0 ? ", " : ""}${at.length > 1 ? `${rows.length} ` : ""}at ${stepLink(count, stepName(count.step))}`,
  )}${more > 0 ? `, and at ${counted(more, "other step")}` : ""}`;
}

function placeLinks(step: Step, links: Links): Html | readonly Html[] {
  const lesson = links.lesson(step);
  const all = [
    ...(lesson === undefined ? [] : [html`<a href="${lesson}" rel="noreferrer">lesson</a>`]),
    ...links
      .lecture(step)
      .map(({ address, time }) => html`<a href="${address}" rel="noreferrer">lecture at ${time}</a>`),
  ];
  return all.length === 0 ? [] : html`<p class="links">${all}</p>`;
}

/** Every step that somebody got wrong, in the course's order. */
export function mistakes({ counts, steps }: ClassView, links: Links): Html | undefined {
  const shown = counts.filter(hasMistakes);
  if (shown.length === 0) return undefined;
  return html`${partsOf(steps).map((part) => {
    const own = shown.filter(({ step }) => step.part === part);
    return own.length === 0
      ? []
      : html`<h3 class="part">${partName(part, steps)}</h3>
          ${own.map((count) => stepArticle(count, links))}`;
  })}`;
}

function stepArticle({ step, started, passed, graded, mistakes: all, unexplained }: StepCount, links: Links): Html {
  const shown = all.slice(0, MOST_MISTAKES);
  const hidden = all.length - shown.length;
  return html`<article class="step" id="step-${step.id}">
    <h4><span class="label">${step.label}</span> ${step.id}</h4>
    <p class="quiet">
      ${passed} of ${started} who started it pass${started < graded ? `; ${graded - started} did not start it` : ""}
    </p>
    ${placeLinks(step, links)}
    <ul class="mistakes">
      ${shown.map((mistake, i) => mistakeItem(step, mistake, started, i === 0, links))}
      ${[...unexplained].map(
        ([verdict, count]) =>
          html`<li>
            ${countOf(count, started)}
            <div><p class="quiet">${verdictText(verdict)}</p></div>
          </li>`,
      )}
    </ul>
    ${hidden > 0 ? html`<p class="quiet">${counted(hidden, "less common mistake")}: <code>--format mistakes</code> lists all.</p>` : []}
  </article>`;
}

function mistakeItem(
  step: Step,
  { id, sentence, isSeen, rows }: CountedMistake,
  started: number,
  isFirst: boolean,
  links: Links,
): Html {
  const code = links.example(step.id, id);
  const example =
    code === undefined
      ? []
      : html`<div class="example" tabindex="0" role="group" aria-label="an example">
          <code>${highlighted(code)}</code>
        </div>`;
  return html`<li>
    ${countOf(rows.length, started)}
    <div>
      <p>
        ${isSeen ? html`<span class="seen">${mistakeLabel({ id, sentence, isSeen })}:</span> ${sentence}.` : sentenceOf(sentence, step)}
      </p>
      ${
        code === undefined || isFirst
          ? example
          : html`<details>
              <summary>an example</summary>
              ${example}
            </details>`
      }
    </div>
  </li>`;
}

/** How many of those who started the step, as a number and a bar. */
function countOf(count: number, started: number): Html {
  return html`<div class="share"><b>${count}</b><span class="of"> of ${started}</span>${bar(count, started)}</div>`;
}

/** A diagnosis as a sentence of its own. */
function sentenceOf(diagnosis: string, step: Step): string {
  const whole = capitalized(diagnosis, step);
  return /[.?!]$/.test(whole) ? whole : `${whole}.`;
}

/** A text that begins a sentence: with a capital letter, unless it begins with the name of a tensor or a function. */
function capitalized(phrase: string, step: Step): string {
  const [first = ""] = /^[\w.]+/.exec(phrase) ?? [];
  const names =
    step.kind === "function"
      ? Object.keys(step.shapes)
      : step.network.lines.flatMap(({ output, inputs }) => [output, ...inputs]);
  const isName = /[_\d.]/.test(first) || [step.export, ...names].some((name) => first === name || first === `d${name}`);
  return isName ? phrase : phrase.charAt(0).toUpperCase() + phrase.slice(1);
}

const verdictTexts: Readonly<Record<string, string>> = {
  wrong: "Wrong, by no mistake that is known.",
  shape: "Another shape, or no tensor.",
  "not-finite": "NaN or infinite values.",
  threw: "It throws, or does not compile.",
  timeout: "It takes too long.",
  "out-of-memory": "It needs too much memory.",
  "changed-inputs": "It changes its inputs.",
};

function verdictText(verdict: string): string {
  return verdictTexts[verdict] ?? verdict;
}

/** TypeScript with its tokens in spans, with the classes of the page's editor: `tok-keyword` and so on. */
function highlighted(code: string): Html {
  const pieces: Html[] = [];
  highlightCode(
    code,
    typescript.parse(code),
    classHighlighter,
    (text, classes) =>
      void pieces.push(STYLED.test(classes) ? html`<span class="${classes}">${text}</span>` : html`${text}`),
    () => void pieces.push(html`${"\n"}`),
  );
  return html`${pieces}`;
}
