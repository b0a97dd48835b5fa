import { html, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";
import { unsafeHTML } from "lit-html/directives/unsafe-html.js";
import { keyed } from "lit-html/directives/keyed.js";
import type { State } from "./state.ts";

/** Texts of the course. They were made into HTML when the page was built, from the course's own files. */

/** A whole text, or that it is being loaded. */
export function textView({ lessons, problem }: Pick<State, "lessons" | "problem">, file: string): TemplateResult {
  const text = lessons.get(file);
  if (text === undefined) return html`<p class="quiet">${problem ?? "Loading…"}</p>`;
  return lessonView(text);
}

/** The section of a text that a step's lesson names, or the whole text if it names none. */
export function sectionView(state: Pick<State, "lessons" | "problem">, lesson: string): TemplateResult {
  const [file, anchor] = lesson.split("#") as [string, string?];
  const text = state.lessons.get(file);
  if (text === undefined || anchor === undefined) return textView(state, file);
  return lessonView(sectionOf(text, anchor));
}

/** A text in an element of its own, so that each one is measured. */
function lessonView(text: string): TemplateResult {
  return html`${keyed(text, html`<div class="lesson" ${ref(measure)}>${unsafeHTML(text)}</div>`)}`;
}

/** Sees the text that is shown get another size: by the window's, a pane's, or that of a font that was loaded. */
let sizes: ResizeObserver | undefined;

function measure(lesson: Element | undefined): void {
  sizes ??= new ResizeObserver((entries) => {
    for (const { target } of entries) setScrollable(target);
  });
  sizes.disconnect();
  if (lesson) sizes.observe(lesson);
}

/** What is wider than its place can be scrolled by keys: only that, so that Tab does not stop at every formula. */
function setScrollable(lesson: Element): void {
  for (const wide of lesson.querySelectorAll<HTMLElement>(".wide")) {
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
    else wide.removeAttribute("tabindex");
  }
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
