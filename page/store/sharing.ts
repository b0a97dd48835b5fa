import { hashOf } from "../app/route.ts";
import { becomeWhole } from "../app/whole.ts";
import type { Desk } from "./desk.ts";
import type { SharedCode, WorkActions } from "./work.ts";

/** Loaded when it is needed: few visits begin with a link. */
const linking = () => import("./link.ts");

/** Links that carry code: made, and read. */
export function shareActions({
  store,
  grader,
  work,
  change,
  texts,
}: Desk): Pick<WorkActions, "makeLink" | "gradeShared" | "keepShared" | "closeShared"> {
  const changeShared = (some: Partial<SharedCode>): void => {
    const { shared } = work();
    if (shared) change({ shared: { ...shared, ...some } });
  };
  return {
    makeLink(step) {
      const text = texts()[step.file] ?? "";
      void linking().then(async ({ linkOf }) => {
        const hash = await linkOf(step, text);
        const url = new URL(hash, publicAddress()).href;
        const isCopied = await copied(url);
        change({
          link: { file: step.file, text, url },
          said: isCopied ? "The link is copied: it carries this code, and nothing else." : undefined,
        });
      });
    },
    gradeShared() {
      const { shared } = work();
      if (!shared || shared.isGrading) return;
      const { step, text } = shared;
      changeShared({ isGrading: true, problem: undefined });
      grader.grade({ files: { ...texts(), [step.file]: text }, steps: [step.id] }).then(
        ([result]) => changeShared({ isGrading: false, graded: { text, result: result! } }),
        (error: unknown) => changeShared({ isGrading: false, problem: String((error as Error).message) }),
      );
    },
    keepShared() {
      const { shared } = work();
      if (!shared || !store.replace(shared.step.file, { text: shared.text, time: Date.now() }, "link")) return;
      const { file } = shared.step;
      change({
        shared: undefined,
        compared: undefined,
        versions: { file, all: store.versions(file) },
        said: "Kept. Your own text is the first of the versions below.",
      });
    },
    closeShared: () => change({ shared: undefined, compared: undefined }),
  };
}

/**
 * Shows the code that the address carries beside the learner's own; the address becomes the step's. For a step that the page
 * does not have, it is loaded again with the parts beyond the lecture.
 *
 * @param showCode shows the half of the step that it is in
 */
export async function takeLink({ course, store, change }: Desk, showCode: () => void): Promise<void> {
  const { hash } = location;
  const show = (route: string): void => {
    history.replaceState(history.state, "", route);
    dispatchEvent(new HashChangeEvent("hashchange"));
  };
  try {
    const { readLink, stepOfLink } = await linking();
    if (course.beyond.length > 0 && !course.steps.some((step) => step.id === stepOfLink(hash))) {
      store.flush();
      return becomeWhole();
    }
    const shared = await readLink(hash, course.steps);
    show(hashOf({ view: "step", id: shared.step.id }));
    change({ shared: { ...shared, isGrading: false, graded: undefined, problem: undefined } });
    showCode();
  } catch (error) {
    show(hashOf({ view: "home" }));
    change({ said: (error as Error).message });
  }
}

/** @returns whether the browser has copied a text, which it can refuse */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** The page's own address, without a view or a token. */
function publicAddress(): string {
  return location.href.replace(/[?#].*$/, "");
}
