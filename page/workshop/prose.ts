import { html, type TemplateResult } from "lit-html";
import { hashOf } from "../app/route.ts";
import { LECTURES_STEP } from "./state.ts";

/** A part of a text: words, code, or a command. */
type Piece =
  { readonly text: string; readonly is: "words" | "code" } | { readonly command: string; readonly on: string };

/** Commands that name a step, and code in backquotes. */
const PIECES = /`?npm run (\w+)(?: -- ([\w.-]+)?[^`;,.: ]*(?: --?\w+[^`;,.: ]*)*)?`?|`([^`]+)`/g;

/** A text of the course: code is set as code, and a command of the terminal leads to where the page does the same. */
export function prose(text: string): TemplateResult {
  return html`${piecesOf(text).map((piece) => {
    if ("command" in piece) return commandView(piece.command, piece.on);
    return piece.is === "code" ? html`<code>${piece.text}</code>` : piece.text;
  })}`;
}

function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const { 0: whole, 1: command, 2: on = "", 3: code, index } of text.matchAll(PIECES)) {
    pieces.push({ text: text.slice(from, index), is: "words" });
    const isKnown =
      command !== undefined && (on in {} || command in pages) && (!on.startsWith("-") || command === "train");
    pieces.push(isKnown ? { command, on } : { text: code ?? whole.replaceAll("`", ""), is: "code" });
    from = index + whole.length;
  }
  return [...pieces, { text: text.slice(from), is: "words" }];
}

/** What the page calls what a command does. */
const pages: Readonly<Record<string, (step: string) => string>> = {
  grade: (step) => step,
  lab: (step) => `the experiment ${step}`,
  train: () => "training",
};

function commandView(command: string, on: string): TemplateResult {
  const id = command === "train" && (on === "" || on.startsWith("-")) ? LECTURES_STEP : on;
  return html`<a href=${hashOf({ view: "step", id })}>${pages[command]!(id)}</a>`;
}
