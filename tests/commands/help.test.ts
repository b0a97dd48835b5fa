import { describe, expect, it } from "vitest";
import { helpLines } from "../../grader/commands/help.ts";
import { indentOf, widthOf } from "../../grader/report/text.ts";
import { dojo } from "../copies.ts";

const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);

describe("the help on all commands", async () => {
  const { stdout } = await dojo(["help"]);

  it.each([60, 80, 100, 120])(
    "at %i columns has all its words, and no line that is too wide or broken early",
    (columns) => {
      const lines = helpLines(stdout, columns);
      expect(words(lines.join(" "))).toEqual(words(stdout));
      expect(lines.filter((line) => widthOf(line) > columns)).toEqual([]);
      // prose goes on with a word that did not fit: an indent of 4 is prose, and what is deeper describes an option
      const early = lines.flatMap((line, i) => {
        const [next, indent] = [lines[i + 1] ?? "", indentOf(line).length];
        const goesOn = indent >= 4 && indent !== 10 && indentOf(next).length === indent;
        const isSame = goesOn && !line.trimStart().startsWith("-") && !next.trimStart().startsWith("-");
        const [word] = words(next);
        // a command and what is in brackets stay on one line
        const isKept = /\[|npm run/.test(`${line} ${next}`);
        return isSame && !isKept && widthOf(`${line} ${word}`) <= columns ? [`${line} | ${word}`] : [];
      });
      expect(early).toEqual([]);
    },
  );

  it("describes an option beside its name, or below it if there is no room", () => {
    const [wide, narrow] = [120, 60].map((columns) => helpLines(stdout, columns).join("\n"));
    expect(wide).toContain("    --from FOLDER      grades another tree of the same shape instead of exercises/\n");
    expect(narrow).toContain(
      "    --from FOLDER\n        grades another tree of the same shape instead of\n        exercises/\n",
    );
  });
});
