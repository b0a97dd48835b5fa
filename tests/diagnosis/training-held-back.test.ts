import { describe, expect, it, vi } from "vitest";
import { passes, problemOf, trainingDiagnosisOf, type WrongLoop } from "./training/ask.ts";
import { heldBackLoops as first } from "./training/first.ts";

vi.setConfig({ testTimeout: 180_000 });

/**
 * Wrong loops by people who had not seen the catalogue or the diagnosis. A set is a file in training/ that exports them,
 * and a line here.
 */
const sets: Readonly<Record<string, readonly WrongLoop[]>> = { first };

describe.each(Object.entries(sets))("the wrong training loops of the %s set", (name, entries) => {
  it("are all rejected, for every seed", () => {
    for (let seed = 1; seed <= 5; seed++) for (const loop of entries) expect(passes(loop, seed), loop.what).toBe(false);
  });

  const found = entries.map((loop) => ({
    loop,
    problem: problemOf(loop),
    diagnosis: trainingDiagnosisOf(loop, 1),
  }));

  it("get a statement, and most of them the mistake itself", () => {
    const said = found.filter(({ problem, diagnosis }) => problem !== undefined || diagnosis !== null);
    const named = said.filter(({ problem, diagnosis }) => problem !== undefined || !diagnosis!.isSeen);
    process.stdout.write(
      `held back, training, ${name} set: ${said.length} of ${found.length} get a statement, ${named.length} a name\n`,
    );
    expect(said).toHaveLength(found.length);
  });

  // each line was read together with what is wrong, and none is false: read every line that changes
  it("get statements that were found true", async () => {
    const lines = found.map(
      ({ loop, problem, diagnosis }) => `${loop.what}\n    ${diagnosis?.sentence ?? problem ?? "-"}`,
    );
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`training/${name}.txt`);
  });
});
