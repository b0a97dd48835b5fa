import { sha256 } from "@noble/hashes/sha2.js";
import type { Step } from "../../kit/step.ts";
import { html, type Html } from "../html.ts";
import { glance } from "./page-glance.ts";
import { stepMap } from "./page-map.ts";
import { mistakes, topics } from "./page-mistakes.ts";
import { stalls } from "./page-stalls.ts";
import { students } from "./page-students.ts";
import { counted, gradedRows, type ClassView } from "./view.ts";

/** What the page links to. */
export interface Links {
  /** The address of the step's lesson; undefined without one. */
  readonly lesson: (step: Step) => string | undefined;
  /** The title of a part's lesson: "Part 1: step by step". */
  readonly part: (part: number) => string;
  /** Where the lecture derives it: addresses, with the time to show. */
  readonly lecture: (step: Step) => readonly { readonly address: string; readonly time: string }[];
  /** An example of a mistake, as TypeScript without a name. */
  readonly example: (step: string, mistake: string) => string | undefined;
}

/** What the page is made with, besides the class. */
export interface Surroundings extends Links {
  /** Its whole style sheet. */
  readonly style: string;
}

/**
 * What a class misunderstood, as one HTML file: it loads nothing, runs nothing, and follows the reader's light or dark
 * setting.
 */
export function classPage(view: ClassView, { style, ...links }: Surroundings): string {
  const sections = [
    section("glance", "At a glance", glance(view)),
    section("lecture", "Ten minutes of the next lecture", topics(view, links)),
    section("map", "Steps and students", stepMap(view, links)),
    section("stall", "Where students stall", stalls(view)),
    section("mistakes", "Mistakes by step", mistakes(view, links)),
    section("students", "Students", students(view)),
    section("ungraded", "Not graded", ungraded(view)),
    section("changes", "Points that changed", changes(view)),
  ].flatMap((one) => one ?? []);
  const page = html`<header>
      <p class="course">Backprop Dojo</p>
      <h1>What the class misunderstood</h1>
      <p class="lede">${lede(view)}</p>
      ${remarks(view)}
      <nav aria-label="Contents">
        <ul>
          ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
        </ul>
      </nav>
    </header>
    <main>${sections.map(({ markup }) => ({ markup }))}</main>
    <footer>${about(view)}</footer>`;
  return document(page, style);
}

/** A part of the page; undefined if there is nothing to say in it. */
interface Section extends Html {
  readonly id: string;
  readonly title: string;
}

function section(id: string, title: string, content: Html | undefined): Section | undefined {
  if (!content) return undefined;
  const { markup } = html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${content}
  </section> `;
  return { id, title, markup };
}

/** The document: its policy allows its own style and nothing else, and no part of it asks for anything else. */
function document({ markup }: Html, style: string): string {
  const policy = `default-src 'none'; style-src 'sha256-${base64(sha256(new TextEncoder().encode(style)))}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>What the class misunderstood · Backprop Dojo</title>
<style>${style}</style>
</head>
<body>
${markup}
</body>
</html>
`;
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function lede({ rows, steps }: ClassView): string {
  const graded = gradedRows(rows).length;
  const people = new Set(rows.flatMap((row) => row.people.map(({ id }) => `${row.source} ${id}`))).size;
  const from = people > rows.length ? ` from ${counted(people, "person", "people")}` : "";
  const lost = rows.length - graded;
  const dates = rows.flatMap(({ received }) => (received === null ? [] : [received.slice(0, 10)])).sort();
  const [first, last] = [dates[0], dates.at(-1)];
  return [
    `${counted(rows.length, "submission")}${from}, ${counted(steps.length, "step")}.`,
    ...(lost > 0 ? [`${graded} ${graded === 1 ? "was" : "were"} graded, ${lost} could not be.`] : []),
    ...(first === undefined ? [] : [first === last ? `Handed in on ${first}.` : `Handed in from ${first} to ${last}.`]),
  ].join(" ");
}

/** What to know before trusting the numbers. */
function remarks({ remarks, missing }: ClassView): Html | readonly Html[] {
  const all = [
    ...remarks,
    ...(missing.length > 0
      ? [`${counted(missing.length, "submission has no result", "submissions have no result")} yet; run class again`]
      : []),
  ];
  if (all.length === 0) return [];
  return html`<ul class="remarks">
    ${all.map((text) => html`<li>${text}</li>`)}
  </ul>`;
}

/** Who could not be graded, and why; whose result is missing; who handed nothing in. */
function ungraded({ rows, missing, absent }: ClassView): Html | undefined {
  const broken = rows.filter(({ problem }) => problem !== null);
  if (broken.length + missing.length + absent.length === 0) return undefined;
  const list = (title: string, names: readonly string[]): Html | readonly Html[] =>
    names.length === 0
      ? []
      : html`<h3>${title}</h3>
          <p class="names">${names.map((name) => html`<bdi>${name}</bdi> `)}</p>`;
  return html`${
    broken.length === 0
      ? []
      : html`<dl class="problems">
          ${broken.map(
            ({ name, problem }) =>
              html`<div>
                <dt><bdi>${name}</bdi></dt>
                <dd>${problem!}</dd>
              </div>`,
          )}
        </dl>`
  }${list("Without a result yet", missing)}${list("On the roster, handed nothing in", absent)}`;
}

function changes({ changes }: ClassView): Html | undefined {
  if (changes === undefined) return undefined;
  if (changes.length === 0) return html`<p>Nobody's points changed.</p>`;
  const row = ({ name, before, after, causes, steps }: (typeof changes)[number]): Html =>
    html`<tr>
      <th scope="row"><bdi>${name}</bdi></th>
      <td class="number">${before ?? "none"}</td>
      <td class="number">${after ?? "none"}</td>
      <td>${causes.join("; ")}${steps.map((text) => html`<br /><span class="quiet">${text}</span>`)}</td>
    </tr>`;
  return html`<table class="plain changes">
    <thead>
      <tr>
        <th scope="col">Student</th>
        <th scope="col" class="number">before</th>
        <th scope="col" class="number">now</th>
        <th scope="col">why</th>
      </tr>
    </thead>
    <tbody>
      ${changes.map(row)}
    </tbody>
  </table>`;
}

function about({ rows, isAnonymous }: ClassView): Html {
  const graders = [...new Set(rows.map(({ made }) => made.grader))].sort().join(", ");
  const data = [...new Set(rows.map(({ made }) => made.data.slice(0, 12)))].sort().join(", ");
  return html`<h2>About these numbers</h2>
    <p>
      Made from result files alone, by <code>npm run class -- merge</code>; grader ${graders}, names for part 4 ${data}.
      A submission with two mistakes at one step counts for both. “Seen” marks what the answers have in common where no
      cause is certain. Examples are students' code without comments, texts and
      names${isAnonymous ? "; names are left out everywhere" : ""}.
    </p>`;
}
