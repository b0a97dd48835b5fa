import { html, type TemplateResult } from "lit-html";
import { unsafeHTML } from "lit-html/directives/unsafe-html.js";
import type { State } from "./state.ts";

/** Texts of the course. They were made into HTML when the page was built, from the course's own files. */

/** A whole text, or that it is being loaded. */
export function textView({ lessons, problem }: Pick<State, "lessons" | "problem">, file: string): TemplateResult {
  const text = lessons.get(file);
  if (text === undefined) return html`<p class="quiet">${problem ?? "Loading…"}</p>`;
  return html`<div class="lesson">${unsafeHTML(text)}</div>`;
}

/** The section of a text that a step's lesson names, or the whole text if it names none. */
export function sectionView(state: Pick<State, "lessons" | "problem">, lesson: string): TemplateResult {
  const [file, anchor] = lesson.split("#") as [string, string?];
  const text = state.lessons.get(file);
  if (text === undefined || anchor === undefined) return textView(state, file);
  return html`<div class="lesson">${unsafeHTML(sectionOf(text, anchor))}</div>`;
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
