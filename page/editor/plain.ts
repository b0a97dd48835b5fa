import type { Editor, EditorEvents, Selected } from "./editor.ts";

/** The browser's own editor: there before the other one has loaded, and for whoever prefers it. */
export function plainEditor(container: HTMLElement, file: string, text: string, events: EditorEvents): Editor {
  const area = document.createElement("textarea");
  Object.assign(area, { value: text, spellcheck: false, autocapitalize: "off", autocomplete: "off", wrap: "soft" });
  area.setAttribute("aria-label", file);
  area.setAttribute("autocorrect", "off");
  area.addEventListener("input", () => events.write(area.value));
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    events.grade();
  });
  area.addEventListener("click", () => {
    const tapped = selectedByTap(area.value, area.selectionStart);
    if (tapped) area.setSelectionRange(...tapped);
  });
  container.replaceChildren(area);
  area.setSelectionRange(...openPlace(text));
  return {
    file,
    show(next) {
      if (next === area.value) return;
      const { selectionStart, selectionEnd } = area;
      area.value = next;
      area.setSelectionRange(selectionStart, selectionEnd);
    },
    // it has no place for remarks: they are below, each with a button that leads to its line
    mark() {},
    goTo(line, column) {
      const place = placeOf(area.value, line, column);
      area.focus();
      area.setSelectionRange(place, place);
    },
    selected: () => [area.selectionStart, area.selectionEnd],
    hasFocus: () => document.activeElement === area,
    focus: () => area.focus(),
    remove: () => area.remove(),
  };
}

/** Where a stub should be filled in: from where to where. At the text's beginning if it is begun. */
export function openPlace(text: string): Selected {
  const found = /throw todo\([^)]*\);/.exec(text);
  return found ? [found.index, found.index + found[0].length] : [0, 0];
}

/**
 * What a tap selects at a place in the line to fill in: all that should be replaced, for which a finger takes
 * several tries. Undefined elsewhere.
 */
export function selectedByTap(text: string, at: number): Selected | undefined {
  if (!matchMedia("(pointer: coarse)").matches) return undefined;
  const [start, end] = openPlace(text);
  const isInLine = start < end && !text.slice(Math.min(start, at), Math.max(end, at)).includes("\n");
  return isInLine ? [start, end] : undefined;
}

/** A place as an offset; the end of the text for one behind it. */
export function placeOf(text: string, line: number, column: number): number {
  const before = text.split("\n").slice(0, line - 1);
  return Math.min(before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1, text.length);
}
