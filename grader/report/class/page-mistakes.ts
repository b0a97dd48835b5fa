import { classHighlighter, highlightCode } from "@lezer/highlight";
import { parser } from "@lezer/javascript";
import type { Step } from "../../kit/step.ts";
import { html, type Html } from "../html.ts";
import { mistakeLabel } from "../mistake-label.ts";
import { bar, stepLink } from "./page-parts.ts";
import type { Links } from "./page.ts";
import {
  commonMistakes,
  counted,
  gradedRows,
  hasMistakes,
  partsOf,
  stepName,
  type ClassView,
  type CountedMistake,
  type Sorted,
  type StepCount,
  type Topic,
} from "./view.ts";

/** The mistakes of a step that the page shows; beyond, they are counted. */
const MOST_MISTAKES = 8;

/** The tokens that have a color. */
const STYLED = /keyword|string|number|bool|definition/;

const typescript = parser.configure({ dialect: "ts" });

/** The questions worth asking next, the one that concerns the most students first. */
export function topics({ topics: all, rows, counts }: ClassView, links: Links): Html | undefined {
  const graded = gradedRows(rows).length;
  const [first] = all;
  if (!first) {
    return counts.some(hasMistakes)
      ? html`<p>No two students share a misunderstanding: what is below is each one's own.</p>`
      : undefined;
  }
  const isCommon = first.count >= COMMON_SHARE * graded;
  return html`<p>
      ${isCommon ? "What concerns the most students, as questions." : "No misunderstanding is widespread; these concern the most students."}
      One that shows at several steps counts each student once.
    </p>
    <ol class="topics">
      ${all.map((topic) => topicItem(topic, graded, links))}
    </ol>`;
}

/** From this part of a class on, a misunderstanding is called a common one. */
const COMMON_SHARE = 0.1;

function topicItem(topic: Topic, graded: number, links: Links): Html {
  const { idea, sentence, ask, after, atStep, at, count } = topic;
  const asked = [
    ["Ask", ask],
    ["Then", after],
    ["Step", atStep],
  ] as const;
  const { step } = at[0]!.count;
  const title = idea === undefined ? `Many stall at ${step.id}` : capitalized(idea, step);
  return html`<li class="topic">
    <h3>${title}</h3>
    <p class="quiet">
      ${at.length > 1 || idea === undefined ? html`<b>${count} of ${graded}</b> students${at.length > 1 ? ":" : ""}` : html`<b>${count} of ${at[0]!.count.started}</b> students who started it,`}
      ${placesOf(at)}
    </p>
    ${sentence === undefined ? [] : html`<p>${sentenceOf(sentence, step)}</p>`}
    <dl class="asks">
      ${asked.map(([what, text]) =>
        text === undefined
          ? []
          : html`<div>
              <dt>${what}</dt>
              <dd>${text}</dd>
            </div>`,
      )}
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
export function mistakes({ counts, steps, rows }: ClassView, links: Links): Html | undefined {
  const shown = counts.filter(hasMistakes);
  if (shown.length === 0) return undefined;
  return html`${partsOf(steps).map((part) => {
    const own = shown.filter(({ step }) => step.part === part);
    return own.length === 0
      ? []
      : html`<h3 class="part">${links.part(part)}</h3>
          ${own.map((count) => stepArticle(count, gradedRows(rows).length, links))}`;
  })}`;
}

function stepArticle(count: StepCount, size: number, links: Links): Html {
  const { step, started, passed, graded, unexplained } = count;
  const sorted = commonMistakes(count, size);
  const { common, rare } = sorted;
  const shown = common.slice(0, MOST_MISTAKES);
  const hidden = common.length - shown.length;
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
      ${rare.length > 0 ? rareItem(step, sorted, started) : []}
    </ul>
    ${hidden > 0 ? html`<p class="quiet">${counted(hidden, "less common mistake")}: <code>--format mistakes</code> lists all.</p>` : []}
  </article>`;
}

/** Mistakes that few have made: what they are, without examples that their authors would know. */
function rareItem(step: Step, { rare, least }: Sorted, started: number): Html {
  const authors = new Set(rare.flatMap(({ rows }) => rows)).size;
  const each = least === 2 ? "one student" : `fewer than ${least} students`;
  const sentences = rare.map(({ sentence, isSeen, id }) => {
    const text = isSeen ? `${mistakeLabel({ id, sentence, isSeen })}: ${sentence}.` : sentenceOf(sentence, step);
    return html`<li>${text}</li>`;
  });
  return html`<li>
    ${countOf(authors, started)}
    <details>
      <summary>
        ${rare.length === 1 ? "another mistake" : `${rare.length} other mistakes`}, of
        ${each}${rare.length === 1 ? "" : " each"}
      </summary>
      <ul class="rare">
        ${sentences}
      </ul>
    </details>
  </li>`;
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
      : step.kind === "train"
        ? step.network.lines.flatMap(({ output, inputs }) => [output, ...inputs])
        : [];
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
