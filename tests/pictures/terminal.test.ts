import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { spawn } from "@lydell/node-pty";
import { describe, expect, it } from "vitest";
import { palettes, svgTerminal } from "../../grader/report/picture/terminal.ts";
import type { ThemeName } from "../../grader/report/picture/theme.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { withCopy } from "../copies.ts";
import { problemOfXml } from "../report/xml.ts";
import { lastFrame } from "../terminals.ts";
import { stepOf } from "../trees.ts";

/**
 * Pictures of a terminal for the README and the page on grading, from real runs. To draw them anew after a change of what is printed:
 *
 *     npx vitest run tests/pictures/terminal.test.ts --update
 */
const COLUMNS = 45;
const ROWS = 21;
const LONGEST_WAIT_MS = 30_000;
const ESC = "\u001b";
/** Sequences other than those that set a style. */
const OTHER_SEQUENCES = new RegExp(`${ESC}\\[[?\\d;]*[A-Za-ln-z]`, "g");
const themeNames = Object.keys(palettes) as ThemeName[];
const fileOf = (name: string, theme: ThemeName): string =>
  path.join(projectRoot, "docs", "pictures", `${name}-${theme}.svg`);

/** A copy of the project whose first step passes and whose second one is wrong. */
function inTree<R>(use: (root: string) => Promise<R>): Promise<R> {
  return withCopy((root) => {
    const inRoot = (folder: string, id: string): string => path.join(root, folder, stepOf(id).file);
    writeFileSync(inRoot("exercises", "dlogprobs"), readFileSync(inRoot("solutions", "dlogprobs")));
    const stub = readFileSync(inRoot("exercises", "dprobs"), "utf8");
    writeFileSync(inRoot("exercises", "dprobs"), stub.replace(/throw todo\(.*/, "return probs.mul(dlogprobs);"));
    return use(root);
  }, "backprop-dojo");
}

/** Runs a command in a terminal until its screen shows a text, or until it ends. */
async function screenOf(root: string, args: string[], shown?: RegExp): Promise<string[]> {
  const { NO_COLOR: _, ...others } = process.env;
  const pty = spawn(process.execPath, [path.join(root, "grader/start.cjs"), ...args], {
    name: "xterm-256color",
    cols: COLUMNS,
    rows: ROWS,
    cwd: root,
    env: { ...others, FORCE_COLOR: "1", INIT_CWD: root },
  });
  let output = "";
  pty.onData((data) => (output += data));
  const state = { hasEnded: false };
  const ended = new Promise<void>((resolve) => {
    pty.onExit(() => {
      state.hasEnded = true;
      resolve();
    });
  });
  const frame = (): string => (shown ? lastFrame(output) : output);
  const end = performance.now() + LONGEST_WAIT_MS;
  while (!state.hasEnded && !shown?.test(frame())) {
    if (performance.now() > end) throw new Error(`waited in vain; there was:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const last = frame();
  if (!state.hasEnded) pty.kill("SIGKILL");
  await ended;
  // the only thing that differs from run to run
  const plain = last.replace(/graded at [\d:]+, in [\d.]+ s/, "graded at 12:00:00, in 0.1 s");
  // all other escape sequences move the cursor or clear what is drawn over
  return plain.replaceAll(OTHER_SEQUENCES, "").trimEnd().split(/\r*\n/);
}

// Windows' own terminal redraws what a program writes
describe.skipIf(process.platform === "win32")("the picture of a terminal", () => {
  it.each([
    ["report", ["grade", "dlogprobs", "dprobs", "dcounts_sum_inv"], undefined],
    ["watch", ["watch", "dprobs"], /graded at/],
  ] as const)("named %s is that of a real run", async (name, args, shown) => {
    await inTree(async (root) => {
      const lines = await screenOf(root, [...args], shown);
      for (const theme of themeNames) {
        const svg = svgTerminal(`npm run ${args[0]}`, lines, COLUMNS, theme);
        expect(problemOfXml(svg)).toBeUndefined();
        await expect(svg).toMatchFileSnapshot(fileOf(name, theme));
      }
    });
  });
});

it.each([
  ["the README", "README.md", "docs/pictures/", "watch"],
  ["the page on grading", "docs/grading.md", "pictures/", "report"],
])("%s shows its picture in both themes, with a text for whom it cannot be shown", (_, page, folder, name) => {
  const text = readFileSync(path.join(projectRoot, page), "utf8");
  const elements = [...text.matchAll(/<picture>[^]*?<\/picture>/g)].map(([element]) => element);
  const files = elements.flatMap((element) =>
    [...element.matchAll(/(?:src|srcset)="([^"]+)"/g)].map(([, file]) => file!),
  );
  expect(files.sort()).toEqual(themeNames.map((theme) => `${folder}${name}-${theme}.svg`).sort());
  for (const theme of themeNames) expect(existsSync(fileOf(name, theme))).toBe(true);
  for (const element of elements) expect(element).toMatch(/ alt="[^"]{40,}"/);
});

describe("a terminal's text", () => {
  it("keeps its colors, its columns and its spaces", () => {
    const svg = svgTerminal("t", ["a \u001b[31m<b>\u001b[39m  \u001b[1mc\u001b[22m d"], 20, "light");
    const texts = [
      ...svg.matchAll(/<text x="([\d.]+)" y="[\d.]+" fill="(#\w+)"( font-weight="bold")? .*?>(.*?)<\/text>/g),
    ];
    expect(texts.slice(-4).map(([, x, , , text]) => [Math.round((Number(x) - 14) / (13 * 0.602)), text])).toEqual([
      [0, "a"],
      [2, "&lt;b&gt;"],
      [7, "c"],
      [9, "d"],
    ]);
    expect(texts.slice(-4).map(([, , color, bold]) => [color, bold !== undefined])).toEqual([
      [palettes.light.text, false],
      [palettes.light.red, false],
      [palettes.light.text, true],
      [palettes.light.text, false],
    ]);
  });

  it("is refused if it has a style that is not drawn, or does not fit", () => {
    expect(() => svgTerminal("t", ["\u001b[45mx"], 20, "light")).toThrow("not drawn: 45");
    expect(() => svgTerminal("t", ["x".repeat(21)], 20, "dark")).toThrow("wider than 20 columns");
  });
});
