import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  selectedCompletion,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import {
  bracketMatching,
  delimitedIndent,
  indentNodeProp,
  indentOnInput,
  indentUnit,
  LRLanguage,
  syntaxHighlighting,
} from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { parser } from "@lezer/javascript";
import type { Operation } from "../site.ts";
import type { Editor, EditorEvents, Selected } from "./editor.ts";
import { placeOf, selectedByTap } from "./plain.ts";

/** CodeMirror: highlighting, brackets, remarks at their places, completion. Tab leaves it, as in every field. */

const typescript = LRLanguage.define({
  name: "typescript",
  parser: parser.configure({
    dialect: "ts",
    props: [
      indentNodeProp.add({
        "Block ObjectExpression ObjectPattern": delimitedIndent({ closing: "}" }),
        ArrayExpression: delimitedIndent({ closing: "]" }),
        "ArgList ParenthesizedExpression": delimitedIndent({ closing: ")", align: false }),
        Statement: (context) => context.continue(),
        MemberExpression: (context) => context.baseIndent + context.unit,
      }),
    ],
  }),
  languageData: {
    commentTokens: { line: "//", block: { open: "/*", close: "*/" } },
    closeBrackets: { brackets: ["(", "[", "{", "'", '"', "`"] },
  },
});

/** @param operations what completion offers: methods behind a dot, functions elsewhere */
export function richEditor(
  container: HTMLElement,
  file: string,
  text: string,
  operations: readonly Operation[],
  events: EditorEvents,
  [anchor, head]: Selected,
): Editor {
  let isShowing = false;
  const view = new EditorView({
    parent: container,
    // in the middle, with what is around it
    scrollTo: EditorView.scrollIntoView(head, { y: "center" }),
    state: EditorState.create({
      doc: text,
      selection: { anchor, head },
      extensions: [
        Prec.highest(
          keymap.of([
            { key: "Mod-Enter", run: gradeNow(events) },
            { key: "Enter", run: endWord },
          ]),
        ),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
        typescript,
        syntaxHighlighting(classHighlighter),
        indentUnit.of("  "),
        history(),
        lineNumbers(),
        EditorView.lineWrapping,
        drawSelection(),
        highlightActiveLine(),
        bracketMatching(),
        closeBrackets(),
        indentOnInput(),
        lintGutter(),
        autocompletion({ override: [completionsOf(operations)], icons: false }),
        EditorView.contentAttributes.of({
          "aria-label": file,
          tabindex: "0",
          autocapitalize: "off",
          autocorrect: "off",
        }),
        EditorView.domEventHandlers({ click: (tap, view) => selectTapped(view, tap) }),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged && !isShowing) events.write(state.doc.toString());
        }),
      ],
    }),
  });
  return {
    file,
    show(next) {
      if (next === view.state.doc.toString()) return;
      isShowing = true;
      const { main } = view.state.selection;
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: next },
        selection: { anchor: Math.min(main.head, next.length) },
      });
      isShowing = false;
    },
    mark(remarks) {
      const { doc } = view.state;
      const diagnostics = remarks.map(({ line, column, text: message, severity }) => {
        const from = placeOf(doc.toString(), line, column);
        const word = /^[\w$]+/.exec(doc.sliceString(from, from + 100));
        return { from, to: Math.min(from + (word?.[0].length ?? 1), doc.length), severity, message };
      });
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    goTo(line, column) {
      const place = placeOf(view.state.doc.toString(), line, column);
      view.dispatch({ selection: { anchor: place }, effects: EditorView.scrollIntoView(place, { y: "center" }) });
      view.focus();
    },
    selected: () => [view.state.selection.main.anchor, view.state.selection.main.head],
    hasFocus: () => view.hasFocus,
    focus: () => view.focus(),
    remove: () => view.destroy(),
  };
}

/** Methods behind a dot; elsewhere functions, and the words of the text itself, such as the names of what is given. */
function completionsOf(operations: readonly Operation[]): (context: CompletionContext) => CompletionResult | null {
  const completion = ({ name, signature, what }: Operation): Completion => {
    return { label: name, detail: signature, info: what, type: "function" };
  };
  const methods = operations.filter(({ isMethod }) => isMethod).map(completion);
  const functions = operations.filter(({ isMethod }) => !isMethod).map(completion);
  return (context) => {
    const dot = context.matchBefore(/\.\w*$/);
    if (dot && !/\d$/.test(context.state.sliceDoc(Math.max(dot.from - 1, 0), dot.from))) {
      return { from: dot.from + 1, options: methods, validFor: /^\w*$/ };
    }
    const word = context.matchBefore(/\w+$/);
    if (!word) return null;
    const known = new Set(functions.map(({ label }) => label));
    const names: string[] = context.state.doc.toString().match(/[A-Za-z_$][\w$]*/g) ?? [];
    // the word itself is one only if it is elsewhere as well
    names.splice(names.indexOf(word.text), 1);
    const own = [...new Set(names)]
      .filter((name) => !known.has(name))
      .map((label): Completion => ({ label, boost: -1 }));
    return { from: word.from, options: [...functions, ...own], validFor: /^\w*$/ };
  };
}

/** Enter ends the line, and completes nothing, if the word is complete already. */
function endWord(view: EditorView): false {
  const { head } = view.state.selection.main;
  const chosen = selectedCompletion(view.state)?.label;
  if (chosen !== undefined && view.state.sliceDoc(0, head).match(/\w+$/)?.[0] === chosen) closeCompletion(view);
  return false;
}

/** The editor has not read yet where the tap has put the cursor. */
function selectTapped(view: EditorView, { clientX: x, clientY: y }: MouseEvent): void {
  const at = view.posAtCoords({ x, y });
  const tapped = at === null ? undefined : selectedByTap(view.state.doc.toString(), at);
  if (tapped) view.dispatch({ selection: { anchor: tapped[0], head: tapped[1] } });
}

/** A key's action, which no other may follow. */
function gradeNow({ grade }: EditorEvents): () => true {
  return () => {
    grade();
    return true;
  };
}
