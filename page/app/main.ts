import { render } from "lit-html";
import type { Editor, EditorEvents } from "../editor/editor.ts";
import { editorIn } from "../editor/editor-in.ts";
import { fetchedJson } from "../fetched.ts";
import { messageOf } from "../message-of.ts";
import type { Operation, Site } from "../site.ts";
import { openWork } from "../store/open-work.ts";
import type { Actions } from "./actions.ts";
import { focusOn, keepingFocus, keepScrollable } from "./focus.ts";
import { startGrader } from "./grader.ts";
import { loadCourse } from "./course.ts";
import { openStep } from "./list.ts";
import { spoken } from "./result.ts";
import type { LadderRoom } from "./ladder-room.ts";
import { addStyle } from "./style.ts";
import { WorkshopRoom } from "./workshop.ts";
import { SCRATCH_FILE } from "../types/protocol.ts";
import type { TypesRoom, TypesShown } from "../types/room.ts";
import { remarksOn, typesBelow, typesSwitch } from "./types.ts";
import type { ScratchPad } from "../workshop/scratch.ts";
import { hashOf, routeOf } from "./route.ts";
import { shellView } from "./shell.ts";
import { becomeWhole } from "./whole.ts";
import type { Graded, State } from "./state.ts";

declare const SITE: Site;

/** The page: keeps the state, and renders it whenever it changes. */
const grader = startGrader();
const [course, stubs] = await loadCourse();
const work = await openWork(course, stubs, grader);
const { store } = work;

/** As in the style sheet. */
const narrow = matchMedia("(max-width: 60rem), (max-height: 30rem)");

let state: State = {
  course,
  route: routeOf(location.hash),
  texts: store.texts(),
  graded: gradedBefore(),
  grading: undefined,
  problem: undefined,
  work: work.first,
  lessons: new Map(),
  pane: "lesson",
  isListOpen: !narrow.matches,
  announced: undefined,
  isPlain: store.setting("editor") === "plain",
  types: SITE.types && { isOn: store.setting("types") === "on" },
};
/** What begins anew with another view, where there is room for one half of a step only. */
const folded = { isListOpen: false, pane: "lesson" } as const;
let editor: Editor | undefined;
let scratch: Promise<ScratchPad> | undefined;
let scratchPad: ScratchPad | undefined;
let ending: AbortController | undefined;
let ladderContainer: HTMLElement | undefined;
let ladders: LadderRoom | undefined;

let workshopContainer: HTMLElement | undefined;
const workshop = new WorkshopRoom(course, work.remembered, stubs);
let types: TypesRoom | undefined;

const actions: Actions = {
  work: work.actions,
  write(file, text) {
    store.write(file, text);
    change({ texts: { ...state.texts, [file]: text } });
    // those that are there move with the text
    if (!types?.isPending) markRemarks();
  },
  grade: (id) => void grade([id]),
  gradeAll: () => {
    const isBegun = (part: number): boolean =>
      course.steps.some((step) => step.part === part && state.texts[step.file] !== stubs[step.file]);
    void grade(course.steps.filter(({ isOptional, part }) => !isOptional || isBegun(part)).map(({ id }) => id));
  },
  stop: () => ending?.abort(),
  turn: (pane) => change({ pane }),
  fold: (isListOpen) => change({ isListOpen }),
  edit(container, file) {
    if (container && editor?.file !== file) openEditor(container, file);
  },
  mountScratch(container) {
    if (container) void showScratch(container);
  },
  mountWorkshop(container) {
    workshopContainer = container;
    void showWorkshop();
  },
  mountLadder(container) {
    ladderContainer = container;
    void showLadder();
  },
  setPlain(isPlain) {
    store.keepSetting("editor", isPlain ? "plain" : "rich");
    change({ isPlain });
    const container = document.querySelector<HTMLElement>(".editor");
    if (container && editor) openEditor(container, editor.file);
  },
  setTypes(isOn) {
    store.keepSetting("types", isOn ? "on" : "off");
    change({ types: { isOn } });
    void turnTypes(isOn);
  },
  goTo(line, column) {
    change({ pane: "code" });
    editor?.goTo(line, column);
  },
  toCode() {
    change({ pane: "code" });
    editor?.focus();
  },
};

addEventListener("hashchange", () => {
  change({ route: routeOf(location.hash), problem: undefined, announced: undefined, ...(narrow.matches && folded) });
  const focused = document.activeElement;
  void afterRoute().then((place) => {
    // nobody who has gone on meanwhile is called back
    if (document.activeElement === focused) focusOn(place);
  });
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => void showLadder());
draw();
void afterRoute();
keepScrollable();
work.begin({
  state: () => state,
  change,
  show(file, text) {
    change({ texts: { ...state.texts, [file]: text } });
    if (editor?.file === file) editor.show(text);
  },
});

// the first grade is worth more than what is loaded for later
setTimeout(() => {
  if (state.types?.isOn) void turnTypes(true);
}, 1000);

/** Opens the editor of a step's text. */
function openEditor(container: HTMLElement, file: string): void {
  editor?.remove();
  const step = course.steps.find((one) => one.file === file)!;
  editor = makeEditor(container, file, state.texts[file] ?? "", {
    write: (text) => actions.write(file, text),
    grade: () => actions.grade(step.id),
  });
  markRemarks();
}

/** The editor that the learner prefers. */
function makeEditor(container: HTMLElement, file: string, text: string, events: EditorEvents): Editor {
  const operations = state.isPlain ? undefined : fetchedJson<Operation[]>(SITE.operations);
  return editorIn(container, file, text, events, operations);
}

async function showLadder(): Promise<void> {
  const { route } = state;
  const step =
    route.view === "ladder" ? (route.step ?? course.steps.find(({ chain }) => chain === "link")?.id) : undefined;
  if (!ladderContainer || step === undefined) return;
  try {
    const { LadderRoom } = await import("./ladder-room.ts");
    ladders ??= new LadderRoom(grader, (id) => (location.hash = hashOf({ view: "step", id })));
    await ladders.show(ladderContainer, state, step, hashOf(route) !== hashOf({ view: "ladder" }));
  } catch (error) {
    change({ problem: messageOf(error) });
  }
}

/** Shows the scratch pad, which is loaded first. */
async function showScratch(container: HTMLElement): Promise<void> {
  scratch ??= Promise.all([import("../workshop/scratch.ts"), addStyle(SITE.workshopStyle)]).then(
    ([{ ScratchPad }]) =>
      new ScratchPad({
        startCoach: startGrader,
        files: () => state.texts,
        text: () => store.setting("scratch"),
        keep(text) {
          store.keepSetting("scratch", text);
          seeTypes();
        },
        edit: makeEditor,
        types: {
          notes(text) {
            const { checked } = state.types ?? {};
            return checked?.file === SCRATCH_FILE && checked.text === text ? checked.notes : [];
          },
          switchView: () => typesSwitch(state, actions),
          view: (notes, actions) => typesBelow(state, notes, actions),
        },
      }),
  );
  try {
    scratchPad = await scratch;
    scratchPad.show(container);
    seeTypes();
  } catch {
    scratch = undefined;
    container.textContent = "The scratch pad cannot be loaded. Is there a connection?";
  }
}

/** Shows the tools of the open step; a page that cannot load them is used without. */
async function showWorkshop(): Promise<void> {
  const step = openStep(state);
  if (!workshopContainer || !step) return;
  await workshop.show(workshopContainer, step, () => state).catch(() => {});
}

/** Marks what is said of the open text at its places. */
function markRemarks(): void {
  if (state.route.view === "scratch") return scratchPad?.showTypes();
  const step = openStep(state);
  editor?.mark(step ? remarksOn(state, step) : []);
}

/** Switches type notes on or off. */
async function turnTypes(isOn: boolean): Promise<void> {
  const show = (types: TypesShown): void => {
    change({ types });
    markRemarks();
  };
  try {
    const { TypesRoom } = await import("../types/room.ts");
    types ??= SITE.types && new TypesRoom(SITE.types, show);
    types?.turn(isOn);
  } catch {
    change({ problem: "The type checker cannot be loaded. Is there a connection?" });
  }
}

function change(some: Partial<State>): void {
  state = { ...state, ...some };
  draw();
  if ("route" in some || "texts" in some || "graded" in some) void showWorkshop();
}

function draw(): void {
  if (!openStep(state)) {
    editor?.remove();
    editor = undefined;
  }
  keepingFocus(() => render(shellView(state, actions), document.body));
  seeTypes();
}

/** Lets the types of the open text be checked. */
function seeTypes(): void {
  const { route, texts } = state;
  if (route.view !== "scratch") types?.see(openStep(state)?.file, texts);
  else if (scratchPad) types?.see(SCRATCH_FILE, { ...texts, [SCRATCH_FILE]: scratchPad.text });
}

/**
 * Loads what a view needs, titles the page, and begins at the top or at the heading that was asked for.
 *
 * @returns that heading, or the view's own; null if another view has been opened meanwhile
 */
async function afterRoute(): Promise<HTMLElement | null> {
  const { route } = state;
  if (route.view === "step" && !openStep(state) && course.beyond.length > 0) becomeWholeWithWork();
  void showLadder();
  const step = openStep(state);
  const file = route.view === "read" ? route.file : step?.lesson?.split("#")[0];
  const lesson = file === undefined ? undefined : loadLesson(file);
  // a step's code can be written before its lesson is there
  if (route.view === "read") await lesson;
  if (route !== state.route) return null;
  const heading = route.view === "read" && route.anchor !== undefined && document.getElementById(route.anchor);
  if (heading) heading.scrollIntoView();
  else for (const place of document.querySelectorAll("html, main, .reading, .verdict")) place.scrollTo(0, 0);
  const first = document.querySelector<HTMLElement>("main h1");
  document.title = first && route.view !== "home" ? `${first.innerText} · Backprop Dojo` : "Backprop Dojo";
  document.querySelector(".steps [aria-current]")?.scrollIntoView({ block: "nearest" });
  return heading || first || document.querySelector("main");
}

/**
 * Loads the texts of the course, until one of them is there, or all, if the course has no such text: then it may be one
 * beyond the lecture.
 */
async function loadLesson(wanted: string): Promise<void> {
  if (state.lessons.has(wanted)) return;
  if (course.beyond.some(({ folder }) => wanted.startsWith(`${folder}/`))) return becomeWholeWithWork();
  try {
    const { lessonsOf } = await import("./texts.ts");
    const shown = lessonsOf(course).map(async (lesson) => {
      const { file, html } = await lesson;
      if (!state.lessons.has(file)) change({ lessons: new Map(state.lessons).set(file, html) });
    });
    const all = Promise.all(shown);
    // what comes after the wanted one fails with it
    all.catch(() => {});
    await (shown[course.texts.flat().indexOf(wanted)] ?? all);
  } catch {
    change({ problem: "The lessons cannot be loaded. Is there a connection? Open this page again to try once more." });
  }
}

/** Loads the page again, with the parts beyond the lecture. */
function becomeWholeWithWork(): void {
  store.flush();
  becomeWhole();
}

async function grade(ids: readonly string[]): Promise<void> {
  if (state.grading) return;
  ending = new AbortController();
  const files = { ...state.texts };
  let asked = 0;
  change({ grading: { ids, asked }, problem: undefined, announced: undefined, pane: "code" });
  try {
    const notes = await types?.notesOn(
      course.steps.filter(({ id }) => ids.includes(id)).map(({ file }) => file),
      files,
    );
    const results = await grader.grade({
      files,
      notes,
      steps: ids,
      progress: () => change({ grading: { ids, asked: Math.min((asked += 1), ids.length) } }),
      signal: ending.signal,
    });
    const graded = new Map(state.graded);
    for (const result of results) {
      const one: Graded = { text: files[result.file] ?? "", result, ...(notes && { hasTypes: true }) };
      graded.set(result.id, one);
      store.keepResult(result.id, one);
    }
    work.graded(results);
    const [only] = results;
    change({
      graded,
      grading: undefined,
      announced: results.length === 1 ? spoken(graded.get(only!.id)!) : `${results.length} steps graded`,
    });
    markRemarks();
    void showLadder();
    // below the code, where all scrolls as one
    if (narrow.matches) document.querySelector(".verdict .result")?.scrollIntoView({ block: "nearest" });
  } catch (error) {
    const isEnded = ending.signal.aborted;
    change({
      grading: undefined,
      problem: isEnded ? undefined : messageOf(error),
    });
  }
}

/** What was graded on an earlier visit, by this grader. */
function gradedBefore(): Map<string, Graded> {
  const known = new Set(course.steps.map(({ id }) => id));
  return new Map([...store.results()].filter(([id]) => known.has(id)) as [string, Graded][]);
}
