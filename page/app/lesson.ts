import { html, type TemplateResult } from "lit-html";
import { unsafeHTML } from "lit-html/directives/unsafe-html.js";
import { hashOf } from "./route.ts";
import type { State } from "./state.ts";

/** Texts of the course. They were made into HTML when the page was built, from the course's own files. */

/** What is shown of texts. */
type Shown = Pick<State, "course" | "lessons" | "problem">;

/** A whole text, or that it is being loaded, or which ones there are instead. */
export function textView({ course, lessons, problem }: Shown, file: string): TemplateResult {
  const text = lessons.get(file);
  if (text !== undefined) return lessonView(text);
  return lessons.size === course.texts.flat().length
    ? othersView(file, lessons)
    : html`<p class="quiet">${problem ?? "Loading…"}</p>`;
}

/** What is there for whoever asks for a text that is not. */
function othersView(file: string, lessons: State["lessons"]): TemplateResult {
  return html`<h1>No such text</h1>
    <p>The course has no text <code>${file}</code>. It has these:</p>
    <ul>
      ${[...lessons].map(
        ([file, text]) => html`<li><a href=${hashOf({ view: "read", file })}>${titleOf(text)}</a></li>`,
      )}
    </ul>`;
}

/** A text's first heading. */
function titleOf(text: string): string {
  return /<h1[^>]*>([^<]*)/.exec(text)?.[1] ?? "";
}

/** The section of a text that a step's lesson names, or the whole text if it names none. */
export function sectionView(state: Shown, lesson: string): TemplateResult {
  const [file, anchor] = lesson.split("#") as [string, string?];
  const text = state.lessons.get(file);
  if (text === undefined || anchor === undefined) return textView(state, file);
  return lessonView(sectionOf(text, anchor));
}

function lessonView(text: string): TemplateResult {
  return html`<div class="lesson">${unsafeHTML(text)}</div>`;
}

/** From the heading with an anchor to the next one that is as high. */
export function sectionOf(text: string, anchor: string): string {
  const named = text.indexOf(` id="${anchor}"`);
  if (named < 0) return text;
  const start = text.lastIndexOf("<", named);
  const level = Number(text[start + 2]);
  const end = text.slice(start + 1).search(new RegExp(`<h[1-${level}] id=`));
  return end < 0 ? text.slice(start) : text.slice(start, start + 1 + end);
}
