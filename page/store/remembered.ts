import type { Reply } from "../../grader/grading/progress.ts";
import type { StepInFolder } from "../folder/messages.ts";
import type { ServedFolder } from "./served-folder.ts";
import type { Store } from "./store.ts";

/** What is remembered of the steps besides their texts, as commands remember it in a folder. */
export interface Remembered {
  /** How many of a step's hints have been shown. */
  hints(id: string): number;
  keepHints(id: string, shown: number): void;
  /** What came of a step's questions, by their ids. */
  replies(id: string): Readonly<Record<string, Reply>>;
  keepReply(id: string, question: string, reply: Reply): void;
}

type One = Pick<StepInFolder, "hints" | "quiz">;

/** @param folder the folder's own memory is used and kept, if there is one */
export function openRemembered(
  store: Store,
  folder: Pick<ServedFolder, "first" | "remember"> | undefined,
  steps: () => Readonly<Record<string, StepInFolder>>,
): Remembered {
  const name = `remembered${folder ? ` ${folder.first.space}` : ""}`;
  const known = new Map(Object.entries(parsed(store.setting(name))));
  const of = (id: string): One => {
    const [here, there] = [known.get(id), steps()[id]];
    return {
      hints: Math.max(here?.hints ?? 0, there?.hints ?? 0),
      quiz: { ...there?.quiz, ...here?.quiz },
    };
  };
  const keep = (id: string, one: One): void => {
    known.set(id, one);
    store.keepSetting(name, JSON.stringify(Object.fromEntries(known)));
  };
  return {
    hints: (id) => of(id).hints,
    replies: (id) => of(id).quiz,
    keepHints(id, shown) {
      keep(id, { ...of(id), hints: shown });
      folder?.remember({ id, hints: shown });
    },
    keepReply(id, question, reply) {
      const before = of(id);
      keep(id, { ...before, quiz: { ...before.quiz, [question]: reply } });
      folder?.remember({ id, question, reply });
    },
  };
}

function parsed(text: string | undefined): Record<string, One> {
  try {
    return (JSON.parse(text ?? "{}") ?? {}) as Record<string, One>;
  } catch {
    return {};
  }
}
