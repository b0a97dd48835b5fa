import { expect, it } from "vitest";
import { dojo, withCopy } from "../copies.ts";

/** Node with or without CI in its environment. */
function node(isCi: boolean): string[] {
  return ["env", ...(isCi ? ["CI=1"] : ["-u", "CI"]), process.execPath];
}

it.skipIf(process.platform === "win32")(
  "a command takes kept results as they are, times and all; --fresh and CI run everything",
  async () => {
    await withCopy(async (root) => {
      const grade = async (isCi: boolean, ...options: string[]): Promise<string> => {
        const { stdout } = await dojo(
          ["grade", "1", "2", "--from", "solutions", "--json", ...options],
          root,
          node(isCi),
        );
        return stdout;
      };
      const withoutTimes = (text: string): string => text.replaceAll(/"milliseconds": [\d.]+/g, "");
      const first = await grade(false);
      expect(first).toContain('"passed": true');
      expect(await grade(false)).toBe(first);
      for (const other of [await grade(true), await grade(false, "--fresh")]) {
        expect(other).not.toBe(first);
        expect(withoutTimes(other)).toBe(withoutTimes(first));
      }
    });
  },
);
