import type { Operation } from "../site.ts";
import type { Editor, EditorEvents } from "./editor.ts";
import { plainEditor } from "./plain.ts";

/**
 * The browser's own editor, and the other one in its place as soon as that has loaded.
 *
 * @param operations what the other one completes; undefined for whoever prefers the browser's own
 */
export function editorIn(
  container: HTMLElement,
  file: string,
  first: string,
  events: EditorEvents,
  operations: Promise<readonly Operation[]> | undefined,
): Editor {
  let text = first;
  let isGone = false;
  let marked: Parameters<Editor["mark"]>[0] = [];
  const told: EditorEvents = {
    ...events,
    write(written) {
      text = written;
      events.write(written);
    },
  };
  let current = plainEditor(container, file, text, told);
  const loading = operations && Promise.all([import("./rich.ts"), operations]);
  loading?.then(
    ([{ richEditor }, known]) => {
      if (isGone) return;
      const [hadFocus, selected] = [current.hasFocus(), current.selected()];
      current.remove();
      current = richEditor(container, file, text, known, told, selected);
      if (hadFocus) current.focus();
      current.mark(marked);
    },
    // the plain one stays: offline, say
    () => {},
  );
  return {
    file,
    show(shown) {
      text = shown;
      current.show(shown);
    },
    mark(remarks) {
      marked = remarks;
      current.mark(remarks);
    },
    goTo: (line, column) => current.goTo(line, column),
    selected: () => current.selected(),
    focus: () => current.focus(),
    hasFocus: () => current.hasFocus(),
    remove() {
      isGone = true;
      current.remove();
    },
  };
}
