import type { Remembered, Reply } from "./state.ts";

/** Where settings are kept. */
interface Settings {
  setting(name: string): string | undefined;
  keepSetting(name: string, value: string): void;
}

/** What is remembered of a step. */
interface One {
  readonly hints?: number;
  readonly quiz?: Readonly<Record<string, Reply>>;
}

/** Remembers the hints that were shown and the replies to questions, in the browser. */
export function rememberedIn(settings: Settings): Remembered {
  const all = (): Record<string, One> => parsed(settings.setting("remembered"));
  const keep = (id: string, one: One): void => {
    const known = all();
    settings.keepSetting("remembered", JSON.stringify({ ...known, [id]: { ...known[id], ...one } }));
  };
  return {
    hints: (id) => all()[id]?.hints ?? 0,
    keepHints: (id, hints) => keep(id, { hints }),
    replies: (id) => all()[id]?.quiz ?? {},
    keepReply: (id, question, reply) => keep(id, { quiz: { ...all()[id]?.quiz, [question]: reply } }),
  };
}

function parsed(text: string | undefined): Record<string, One> {
  try {
    return (JSON.parse(text ?? "{}") ?? {}) as Record<string, One>;
  } catch {
    return {};
  }
}
