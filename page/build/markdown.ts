import { classHighlighter, highlightCode } from "@lezer/highlight";
import { parser as typescript } from "@lezer/javascript";
import MarkdownIt from "markdown-it";
import temml from "temml";
import { anchorOf } from "../../grader/kit/lesson.ts";

/** Markdown as HTML for the page: formulas as MathML, TypeScript highlighted, headings with the anchors that GitHub gives. */

/** Where a link or a picture of a text leads on the page. */
export interface Places {
  /** @returns undefined if the page has nothing there: the link's text is left, without a link */
  link: (href: string) => string | undefined;
  /** Where the page does what a command of the terminal does; undefined if it does not. */
  command: (command: string) => string | undefined;
  /** The address of a picture that is light and dark, from the address of each. */
  picture: (light: string, dark: string) => string;
}

/** @throws Error if a formula cannot be set, or a picture is missing */
export function htmlOf(markdown: string, places: Places): string {
  const markup = new MarkdownIt({ html: true }).enable("table").disable(["strikethrough"]);
  setFormulas(markup);
  setCode(markup, places);
  setHeadings(markup);
  setLinks(markup, places);
  // where a line ends in Markdown is a space in a text
  markup.renderer.rules["softbreak"] = () => " ";
  markup.renderer.rules["html_block"] = (tokens, at) => pictureOf(tokens[at]!.content, places);
  const open = markup.renderer.rules["table_open"];
  markup.renderer.rules["table_open"] = (...all) => `<div class="wide">${open ? open(...all) : "<table>\n"}`;
  markup.renderer.rules["table_close"] = () => "</table></div>\n";
  return markup.render(markdown);
}

type Markup = InstanceType<typeof MarkdownIt>;
type Token = ReturnType<Markup["parse"]>[number];

/** A formula between dollars becomes a token of its own before emphasis and links are looked for. */
function setFormulas(markup: Markup): void {
  markup.inline.ruler.before("escape", "formula", (state, silent) => {
    const [whole, tex] = /^\$([^$]+)\$/.exec(state.src.slice(state.pos)) ?? [];
    if (whole === undefined) return false;
    if (!silent) state.push("formula", "math", 0).content = tex!;
    state.pos += whole.length;
    return true;
  });
  markup.renderer.rules["formula"] = (tokens, at) => mathOf(tokens[at]!.content, false);
  const { escapeHtml } = markup.utils;
  markup.core.ruler.push("formulas in words", ({ tokens, Token }) => {
    const put = (html: string): Token => Object.assign(new Token("html_inline", "", 0), { content: html });
    for (const { children } of tokens) {
      if (children)
        keepInWords(
          children,
          (before) => put(`<span class="word">${escapeHtml(before)}`),
          (after) => put(`${escapeHtml(after)}</span>`),
        );
    }
  });
}

/**
 * Puts a formula into one element with what is written before and after it without a space, such as a bracket or a comma:
 * browsers break lines on both sides of a formula.
 */
function keepInWords(tokens: Token[], begin: (before: string) => Token, end: (after: string) => Token): void {
  for (let at = tokens.length - 1; at >= 0; at--) {
    if (tokens[at]!.type !== "formula") continue;
    // with the link that is around it
    let around = 0;
    while (tokens[at - around - 1]?.nesting === 1 && tokens[at + around + 1]?.nesting === -1) around++;
    const [first, last] = [at - around, at + around];
    const before = cut(tokens[first - 1], /\S+$/);
    const after = cut(tokens[last + 1], /^\S+/);
    if (before + after === "") continue;
    tokens.splice(first, last + 1 - first, begin(before), ...tokens.slice(first, last + 1), end(after));
  }
}

/** Takes a part out of a text, which may be gone after that; "" if it is no text, or has no such part. */
function cut(token: Token | undefined, part: RegExp): string {
  if (token?.type !== "text") return "";
  const [found = ""] = part.exec(token.content) ?? [];
  token.content = token.content.replace(part, "");
  return found;
}

function mathOf(tex: string, displayMode: boolean): string {
  return temml.renderToString(tex, { displayMode, throwOnError: true, annotate: false });
}

function setCode(markup: Markup, { command }: Places): void {
  const { escapeHtml } = markup.utils;
  markup.renderer.rules["code_inline"] = (tokens, at) => {
    const { content } = tokens[at]!;
    const code = `<code>${escapeHtml(content)}</code>`;
    const place = command(content);
    return place === undefined ? code : `<a href="${escapeHtml(place)}" title="here, on this page">${code}</a>`;
  };
  markup.renderer.rules["fence"] = (tokens, at) => {
    const { info, content } = tokens[at]!;
    if (info === "math") return `<div class="formula wide">${mathOf(content, true)}</div>\n`;
    const code = info === "ts" ? highlighted(content, escapeHtml) : escapeHtml(content);
    return `<pre class="wide"><code>${code}</code></pre>\n`;
  };
}

/** A line in TypeScript, its tokens in spans with the classes of the editor: `tok-keyword` and so on. */
function highlighted(code: string, escape: (text: string) => string): string {
  let html = "";
  highlightCode(
    code,
    typescript.configure({ dialect: "ts" }).parse(code),
    classHighlighter,
    (text, classes) => {
      html += classes === "" ? escape(text) : `<span class="${classes}">${escape(text)}</span>`;
    },
    () => {
      html += "\n";
    },
  );
  return html;
}

function setHeadings(markup: Markup): void {
  markup.renderer.rules["heading_open"] = (tokens, at) => {
    const { tag } = tokens[at]!;
    return `<${tag} id="${anchorOf(tokens[at + 1]!.content)}" tabindex="-1">`;
  };
}

function setLinks(markup: Markup, { link }: Places): void {
  /** Whether the links that the place is in are links of the page. */
  const kept: boolean[] = [];
  markup.renderer.rules["link_open"] = (tokens, at) => {
    const href = tokens[at]!.attrGet("href");
    const place = link(String(href));
    kept.push(place !== undefined);
    if (place === undefined) return "";
    const elsewhere = /^https?:/.test(place) ? ' target="_blank" rel="noopener"' : "";
    // nobody reads a formula aloud by its signs
    const isFormula = tokens[at + 1]?.type === "formula" && tokens[at + 2]?.type === "link_close";
    const name = isFormula
      ? ` aria-label="${markup.utils.escapeHtml(place.split("#").at(-1)!.replaceAll("-", " "))}"`
      : "";
    return `<a href="${markup.utils.escapeHtml(place)}"${elsewhere}${name}>`;
  };
  markup.renderer.rules["link_close"] = () => (kept.pop() ? "</a>" : "");
}

/** A picture of a lesson, which has one file on the page; the comments around it are left out. */
function pictureOf(html: string, { picture }: Places): string {
  if (html.startsWith("<!--")) return "";
  return html.replaceAll(
    /<picture>\s*<source [^>]*srcset="([^"]+)">\s*<img src="([^"]+)"([^>]*)>\s*<\/picture>/g,
    (_, dark: string, light: string, more: string) => `<img src="${picture(light, dark)}"${more}>`,
  );
}
