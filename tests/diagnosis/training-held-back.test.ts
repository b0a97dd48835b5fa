import { describe, expect, it, vi } from "vitest";
import { passes, trainingDiagnosisOf, type WrongLoop } from "./training/ask.ts";
import { heldBackLoops as first } from "./training/first.ts";

vi.setConfig({ testTimeout: 180_000 });

/**
 * Wrong loops that others wrote, without sight of the catalogue or of the diagnosis; a set is a file in training/ that
 * exports them, and a line here.
 */
const sets: Readonly<Record<string, readonly WrongLoop[]>> = { first };

describe.each(Object.entries(sets))("the wrong training loops of the %s set", (name, entries) => {
  it("are rejected, every one, for every seed", () => {
    for (let seed = 1; seed <= 5; seed++) for (const loop of entries) expect(passes(loop, seed), loop.what).toBe(false);
  });

  const found = entries.map((loop) => ({ loop, diagnosis: trainingDiagnosisOf(loop, 1) }));

  it("get a statement, most of them the mistake itself", () => {
    const said = found.filter(({ diagnosis }) => diagnosis !== null);
    const named = said.filter(({ diagnosis }) => !diagnosis!.isSeen);
    process.stdout.write(
      `held back, training, ${name} set: ${said.length} of ${found.length} get a statement, ${named.length} a name\n`,
    );
    expect(said.length / Math.max(found.length, 1)).toBeGreaterThanOrEqual(0.9);
  });

  // each line was read, beside what is wrong: none is false. A changed one is to be read again
  it("get statements that were found true", async () => {
    const lines = found.map(({ loop, diagnosis }) => `${loop.what}\n    ${diagnosis?.sentence ?? "-"}`);
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`training/${name}.txt`);
  });
});
