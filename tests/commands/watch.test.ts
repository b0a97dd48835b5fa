import { spawn as spawnProcess } from "node:child_process";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { spawn } from "@lydell/node-pty";
import { describe, expect, it } from "vitest";
import { editor, editorArguments, lineOfBody } from "../../grader/commands/watch/editor.ts";
import { actions, leavingKeys, movingKeys } from "../../grader/commands/watch/actions.ts";
import { requiredSteps, steps } from "../../grader/course/steps.ts";
import { questionsOf } from "../../grader/report/quiz/questions.ts";
import { projectRoot, solutionsFolder } from "../../grader/runner/project.ts";
import { withStubs } from "../../grader/runner/workspace/stubs.ts";
import { dojo, withCopy } from "../copies.ts";
import { inTerminal as inTerminalOf, lastFrame } from "../terminals.ts";
import { stepOf } from "../trees.ts";

const start = path.join(projectRoot, "grader/start.cjs");
const LONGEST_WAIT_MS = 20_000;
const ESC = "\u001b";
/** Shows the cursor again, and restores what the terminal showed before. */
const LEFT = `${ESC}[?25h${ESC}[?1049l`;

const fileOf = (root: string, id: string): string => path.join(root, stepOf(id).file);
const solutionOf = (id: string): string => readFileSync(path.join(solutionsFolder, stepOf(id).file), "utf8");
const wrongDprobs = (root: string): string =>
  readFileSync(fileOf(root, "dprobs"), "utf8").replace(/throw todo.*/, "return probs;");

async function until(holds: () => boolean, what: () => string): Promise<void> {
  const end = performance.now() + LONGEST_WAIT_MS;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited in vain; there was:\n${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

interface Terminal {
  /** Everything that was written. */
  output: () => string;
  /** The screen: everything written since drawing last started at its top. */
  screen: () => string;
  shows: (text: string | RegExp) => Promise<void>;
  press: (keys: string) => void;
  resize: (columns: number, rows: number) => void;
  pid: number;
  ended: Promise<{ exitCode: number; signal?: number }>;
}

/** Watches a tree of stubs in a terminal, by default from part 1 on. */
async function inTerminal(
  use: (terminal: Terminal, root: string) => Promise<void>,
  { args = ["dlogprobs"], env = {}, project = projectRoot, prepare = (_root: string): void => {} } = {},
): Promise<void> {
  await withStubs(async (root) => {
    prepare(root);
    const pty = spawn(process.execPath, [path.join(project, "grader/start.cjs"), "watch", "--from", root, ...args], {
      name: "xterm-256color",
      cols: 80,
      rows: 24,
      cwd: project,
      env: { ...process.env, NO_COLOR: "1", INIT_CWD: project, ...env },
    });
    let output = "";
    pty.onData((data) => (output += data));
    const ended = new Promise<{ exitCode: number; signal?: number }>((resolve) => pty.onExit(resolve));
    const screen = (): string => stripVTControlCharacters(lastFrame(output)).replace(/\r+\n/g, "\n");
    const shows = (text: string | RegExp): Promise<void> =>
      until(() => (typeof text === "string" ? screen().includes(text) : text.test(screen())), screen);
    const terminal: Terminal = {
      output: () => output,
      screen,
      shows,
      press: (keys) => pty.write(keys),
      resize: (columns, rows) => pty.resize(columns, rows),
      pid: pty.pid,
      ended,
    };
    try {
      await shows("graded at");
      await use(terminal, root);
    } finally {
      try {
        process.kill(pty.pid, "SIGKILL");
      } catch {
        // it has ended, as it should
      }
      await ended;
    }
  });
}

describe("watch in a terminal", () => {
  it("shows a step, and its verdict at each save of any kind", async () => {
    await inTerminal(async ({ shows, screen, output }, root) => {
      expect(output()).toContain(`${ESC}[?1049h`);
      expect(screen()).toMatch(/^dlogprobs: part 1, step 1 of 26 +0 of \d+ passed\n.*01-dlogprobs\.ts/);
      expect(screen()).toMatch(/not started[^]*To do: replace the throw todo[^]*Return: dlogprobs \[n, vocab\]/);
      expect(screen()).toMatch(
        /n next {3}p previous {3}l list {3}t lesson {3}u quiz {3}h hint {3}.*r reset\s+\? keys\s+e edit\s+q quit/,
      );

      writeFileSync(fileOf(root, "dlogprobs"), solutionOf("dlogprobs"));
      await shows(/1 of \d+ passed[^]*exact: true[^]*Passed\. n goes to dprobs/);

      // as editors do that write another file and rename it; the step that is saved becomes the current one
      writeFileSync(`${fileOf(root, "dprobs")}~`, wrongDprobs(root));
      renameSync(`${fileOf(root, "dprobs")}~`, fileOf(root, "dprobs"));
      await shows(/dprobs: part 1, step 2[^]*wrong: shape \[32, 27\] is right[^]*To do: fix it/);
      writeFileSync(`${fileOf(root, "dprobs")}~`, solutionOf("dprobs"));
      renameSync(`${fileOf(root, "dprobs")}~`, fileOf(root, "dprobs"));
      await shows(/2 of \d+ passed[^]*exact: true/);
    });
  });

  it("continues if a file does not compile, is deleted, and is restored", async () => {
    await inTerminal(async ({ shows }, root) => {
      const file = fileOf(root, "dlogprobs");
      writeFileSync(file, solutionOf("dlogprobs").replace("return", "return return"));
      await shows(/threw: does not compile: .*[^]*01-dlogprobs\.ts:\d+:\d+/);
      rmSync(file);
      await shows(/missing: .*01-dlogprobs\.ts does not exist/);
      writeFileSync(file, solutionOf("dlogprobs"));
      await shows(/exact: true/);
    });
  });

  it("goes to the next and the previous step, and to any step of the list, with a filter", async () => {
    await inTerminal(async ({ shows, press, screen }) => {
      press("n");
      await shows(/^dprobs: part 1, step 2/);
      press("p");
      await shows(/^dlogprobs: part 1, step 1/);
      press("l");
      await shows(/\* \[ \] {3}1 {2}dlogprobs +not started\n[^]*filter: _/);
      press("\u001b[5~\u001b[5~");
      await shows(/\* \[ \] 0\.1 +da +not started {2}\(next\)[^]*filter: _/);
      press("\r");
      await shows(/^da: part 0, step 1/);
      press("p");
      await shows("this is the first step");
      press("l");
      await shows("filter: _");
      press("bnv");
      await shows("filter: bnv_");
      expect(screen().match(/not started/g)).toHaveLength(2);
      press("x");
      await shows("no step has this in its name");
      press("\u007f");
      await shows("filter: bnv_");
      press(`${ESC}[B`);
      await shows(/\* \[ \] {2}17 {2}dbnvar /);
      press("\r");
      await shows(/^dbnvar: part 1, step 17[^]*not started/);
      press("l");
      await shows("filter: _");
      press(ESC);
      await shows(/^dbnvar: part 1, step 17[^]*n next/);
    });
  });

  it("keeps what a key opened while steps that were selected before are graded", async () => {
    await inTerminal(async ({ shows, press }) => {
      press("nn?");
      await shows("Escape, q back");
      // nothing shows that the gradings end: on a busy machine this may be too early to find a fault, never a reason to fail
      await new Promise((resolve) => setTimeout(resolve, 1000));
      // it is still open: otherwise, this ends watch
      press("q");
      await shows(/^dcounts_sum_inv[^]*graded at/);
      press("?");
      await shows("Escape, q back");
    });
  });

  it("begins with the first step that does not pass, or with the one that is named", async () => {
    const prepare = (root: string): void => {
      for (const id of ["da", "db"]) writeFileSync(fileOf(root, id), solutionOf(id));
    };
    await inTerminal(({ shows }) => shows(/^dy: part 0, step 3 .*2 of/), { args: [], prepare });
    await inTerminal(({ shows }) => shows(/^dcounts: part 1, step 5/), { args: ["dcounts"] });
  });

  it("shows an answer beside central differences, once there is one", async () => {
    await inTerminal(async ({ shows, press, screen }, root) => {
      await shows(/^dlogprobs/);
      press("c");
      await shows("check: available once there is an answer");
      expect(screen()).not.toMatch(/c check/);
      writeFileSync(fileOf(root, "dlogprobs"), solutionOf("dlogprobs"));
      await shows("c check");
      press("c");
      await shows(/dlogprobs: your answer beside central differences[^]*relative error/);
      press(ESC);
      await shows("exact: true");
    });
  });

  it("lays out an open text again when the terminal has another width", async () => {
    await inTerminal(async ({ shows, press, resize }) => {
      press("t");
      await shows(/The loss picks one entry from each row, the one of the correct character, and\n/);
      resize(60, 24);
      await shows(/The loss picks one entry from each row, the one of the\n/);
    });
  });

  it("shows the mistakes once the step passes, and scrolls", async () => {
    await inTerminal(async ({ shows, press, resize, screen }, root) => {
      press("m");
      await shows("mistakes: available once the step passes");
      expect(screen()).not.toMatch(/m mistakes/);
      // any other key is about something else, even one that does nothing
      press(ESC);
      await until(() => !screen().includes("available once"), screen);
      writeFileSync(fileOf(root, "dlogprobs"), solutionOf("dlogprobs"));
      await shows("m mistakes");
      resize(80, 12);
      press("m");
      await shows(/Known mistakes at dlogprobs:[^]*lines 1 to 6 of/);
      press(`${ESC}[B`);
      await shows(/lines 2 to 7 of/);
      press(ESC);
      await shows("exact: true");
    });
  });

  it("shows one hint at a time and, once the step passes, our solution next to yours", async () => {
    // hints are remembered, here in a copy
    await withCopy((project) =>
      inTerminal(
        async ({ shows, press, resize, screen }, root) => {
          resize(80, 60);
          press("h");
          await shows(/dprobs: hint 1 of 3, the shapes[^]*h next hint {3}Escape, q back/);
          press("h");
          await shows(/dprobs: hint 2 of 3, the rule/);
          // back, and again to the same place
          press("q");
          await shows(/not started/);
          press("h");
          await shows(/dprobs: hint 2 of 3, the rule/);
          press("q");
          await shows(/not started/);
          writeFileSync(fileOf(root, "dprobs"), wrongDprobs(root));
          await shows(/wrong: shape/);
          press("h");
          await shows(/hint 2 of 3/);
          press("h");
          await shows(
            /hint 3 of 3, the missing piece[^]*looks like: this is probs itself[^]*the missing piece: The answer/,
          );
          press("s");
          await shows("solution: available once the step passes");
          expect(screen()).not.toMatch(/s solution|d diff/);
          writeFileSync(fileOf(root, "dprobs"), solutionOf("dprobs").replace("return", "return /* mine */"));
          await shows(/Passed\.[^]*s solution\s+d diff/);
          press("h");
          await shows(/hint 1 of 3[^]*hint 2 of 3[^]*hint 3 of 3/);
          press("s");
          await shows(/ours: .*02-dprobs\.ts\n\nexport function dprobs/);
          press(ESC);
          await shows("Passed.");
          press("d");
          await shows(/mine/);
        },
        { args: ["dprobs"], project },
      ),
    );
  });

  it("shows the section of the lesson, scrolls in it, and closes it with the same key", async () => {
    await inTerminal(
      async ({ shows, press, screen }) => {
        press("t");
        await shows(/dprobs: part 1, step 2[^]*\n2\. dprobs\n[^]*lines 1 to \d+ of \d+; up, down[^]*t, Escape, q back/);
        press("\u001b[6~");
        await shows(/ℓ_ij = log p_ij,/);
        expect(screen()).toMatch(/───── = ────/);
        press("t");
        await shows(/To do: replace/);
        press("t");
        await shows(/\n2\. dprobs\n/);
        press("q");
        await shows(/To do: replace/);
      },
      { args: ["dprobs"] },
    );
  });

  it("asks the questions to the step, answered with digits, and remembers the replies", async () => {
    const questions = questionsOf(stepOf("dcounts"));
    const [first, second, third] = questions;
    const flat = (text: string): string => text.replaceAll(/\s+/g, " ");
    await withCopy((project) =>
      inTerminal(
        async ({ shows, press, screen, resize }, root) => {
          resize(60, 40);
          press("u");
          await shows(/dcounts: question 1 of 3[^]* 1 {2}[^]*1 to \d answer {3}s skip {3}u, Escape, q back/);
          expect(flat(screen())).toContain(first!.ask);
          // no option has this number, and Enter goes on only after a reply
          press("9\r");
          press(String(first!.right + 1));
          await shows(/ {2}> \d[^]*Right\.[^]*Enter next question/);
          expect(flat(screen())).toContain(flat(`Right. ${first!.why}`));
          press("\r");
          await shows(/dcounts: question 2 of 3/);
          expect(flat(screen())).toContain(second!.ask);
          press(String(((second!.right + 1) % second!.options.length) + 1));
          await shows(/No: the\sanswer/);
          expect(
            Math.max(
              ...screen()
                .split("\n")
                .map((line) => line.length),
            ),
          ).toBeLessThanOrEqual(60);
          press("\r");
          await shows(/dcounts: question 3 of 3/);
          press("s");
          await shows(
            /1 of 3 right\. Now write dcounts:\s+exercises\/1-step-by-step\/05-dcounts\.ts\.\n[^]*\nEnter, u, Escape, q back/,
          );
          expect(screen()).not.toMatch(/npm run quiz|s skip/);
          const { steps: known } = JSON.parse(readFileSync(path.join(project, ".progress"), "utf8"));
          const replies = { [first!.id]: "right", [second!.id]: "wrong", [third!.id]: "skipped" };
          expect(known.dcounts.quiz).toEqual(replies);
          press("\r");
          await shows("To do: replace");

          // its own key and q leave it, and a save shows the verdict
          press("u");
          await shows("question 1 of 3");
          press("u");
          await shows("To do: replace");
          press("u");
          await shows("question 1 of 3");
          press("q");
          await shows("To do: replace");
          press("u");
          await shows("question 1 of 3");
          writeFileSync(fileOf(root, "dcounts"), solutionOf("dcounts"));
          await shows("Passed.");
        },
        { args: ["dcounts"], project },
      ),
    );
  });

  it("shows what is said to a reply, however low the terminal is", async () => {
    await withCopy((project) =>
      inTerminal(
        async ({ shows, press, resize }) => {
          resize(80, 12);
          press("u");
          await shows(/question 1 of 3[^]*lines 1 to \d+ of/);
          press("1");
          await shows(/(Right|No)[^]*next question/);
          press("\r");
          await shows(/question 2 of 3[^]*lines 1 to \d+ of/);
        },
        { args: ["dcounts"], project },
      ),
    );
  });

  it("draws the step's answer", async () => {
    await inTerminal(
      async ({ shows, press, screen }, root) => {
        expect(screen()).not.toContain("v show");
        press("v");
        await shows("show: available once the step is started");
        writeFileSync(fileOf(root, "da"), solutionOf("da"));
        await shows("v show");
        press("v");
        await shows(/0\.1 da, the gradient of a on the lesson's numbers[^]*yours \[2, 3\] +reference \[2, 3\]/);
        press("v");
        await shows("Passed.");
        // another tree's functions are not those that play loads
        press("y");
        await shows(/play: available only for .*exercises\//);
      },
      { args: ["da"] },
    );
  });

  it("opens the REPL of play in this terminal, and is back when that is left", async () => {
    await withCopy((root) =>
      inTerminalOf(root, ["watch", "da"], async ({ says, write, output, ended }) => {
        await says(/y play[^]*graded at/);
        write("y");
        await says(/To try: da\(given\)[^]*> /);
        write("dc.sum().shape\r");
        await says("[]");
        // Ctrl-C ends a calculation there, and nothing here
        write("for (;;) {}\r");
        await new Promise((resolve) => setTimeout(resolve, 500));
        write("\u0003");
        await says(/interrupted[^]*> /);
        // meanwhile nothing is drawn over it, and a save is graded
        const before = output().length;
        writeFileSync(path.join(root, "exercises", stepOf("da").file), solutionOf("da"));
        write("1 + 41\r");
        await says(/42[^]*> /);
        expect(output().slice(before)).not.toContain("da: part 0");
        write(".exit\r");
        await says(/da: part 0, step 1[^]*play ended; for breakpoints, in another terminal:\s+npm run debug -- da/);
        await says("Passed.");
        write("n");
        await says("db: part 0, step 2");
        write("q");
        expect(await ended).toBe(0);
      }),
    );
  });

  it("lists its keys at ?, all of them, with why some do nothing now", async () => {
    await inTerminal(
      async ({ shows, press, screen, resize }) => {
        resize(60, 50);
        await until(() => screen().split("\n").length === 50, screen);
        press("?");
        await shows(/The keys of watch:[^]*closes what a key has opened/);
        for (const { key, does } of [...movingKeys, ...actions, ...leavingKeys]) {
          expect(screen().replaceAll(/\s+/g, " ")).toContain(`${key} ${does}`);
        }
        expect(screen()).toMatch(
          /s {2}shows our answer, and other correct ones \(available\n {5}once the step passes\)/,
        );
        press("?");
        await shows("To do: replace");
      },
      { args: ["da"] },
    );
  });

  it("scrolls by pages that overlap, and to both ends", async () => {
    await inTerminal(
      async ({ shows, press, screen, resize }) => {
        resize(80, 16);
        await until(() => screen().split("\n").length === 16, screen);
        press("t");
        await shows(/lines 1 to \d+ of \d+[^]*t, Escape, q back/);
        const [, seen, all] = /lines 1 to (\d+) of (\d+)/.exec(screen())!.map(Number) as [number, number, number];
        const from = seen - 2 + 1;
        press(" ");
        await shows(`lines ${from} to ${from + seen - 1} of ${all}`);
        press("\u001b[6~");
        await shows(`lines ${from + seen - 2} to`);
        press("\u001b[5~");
        await shows(`lines ${from} to`);
        press("\u001b[F");
        await shows(`to ${all} of ${all}`);
        press("\u001b[H");
        await shows(`lines 1 to ${seen} of`);
      },
      { args: ["dprobs"] },
    );
  });

  it("says how many changed files it grades, and counts what passed before until it knows better", async () => {
    const prepare = (root: string): void => {
      for (const id of ["dlogprobs", "dprobs", "dcounts_sum_inv"]) writeFileSync(fileOf(root, id), solutionOf(id));
    };
    await inTerminal(
      async ({ shows, output }, root) => {
        await shows(/ 3 of \d+ passed/);
        const before = output().length;
        for (const id of ["dlogprobs", "dprobs", "dcounts_sum_inv"])
          writeFileSync(fileOf(root, id), `${solutionOf(id)}\n// again\n`);
        await until(() => /grading 3 changed files \.\.\.[^]*graded at/.test(output().slice(before)), output);
        const seen = stripVTControlCharacters(output().slice(before));
        expect(new Set(seen.match(/\d+ of \d+ passed/g))).toEqual(new Set([`3 of ${requiredSteps.length} passed`]));
      },
      { prepare },
    );
  });

  it("says that no editor is set until the next save", async () => {
    await inTerminal(
      async ({ shows, press, screen }, root) => {
        press("e");
        await shows("no editor is set");
        writeFileSync(fileOf(root, "dlogprobs"), solutionOf("dlogprobs"));
        await shows("Passed.");
        expect(screen()).not.toContain("no editor is set");
        press("r");
        press("y");
        // a line about the file stays while that file is graded
        await shows(/To do: replace[^]*reset; yours is kept\s+as 01-dlogprobs\.ts\.old/);
      },
      { env: { VISUAL: "", EDITOR: "", TERM_PROGRAM: "" } },
    );
  });

  it("resets a step after asking, and keeps the old file", async () => {
    await inTerminal(async ({ shows, press }, root) => {
      const file = fileOf(root, "dprobs");
      const text = wrongDprobs(root);
      writeFileSync(file, text);
      await shows(/^dprobs[^]*wrong/);
      press("r");
      await shows(/Restore the stub of dprobs\? Your file is kept next to it as \.old\.[^]*y yes/);
      press("n");
      await shows("reset: not done");
      expect(readFileSync(file, "utf8")).toBe(text);
      press("r");
      await shows("y yes");
      press("y");
      await shows(/\| not started[^]*02-dprobs\.ts: reset; yours is kept as\s02-dprobs\.ts\.old\ngraded at/);
      expect(readFileSync(file, "utf8")).toContain('throw todo("dprobs")');
      expect(readFileSync(`${file}.old`, "utf8")).toBe(text);
    });
  });

  it("returns from any view to the verdict when the file is saved", async () => {
    const prepare = (root: string): void => writeFileSync(fileOf(root, "dlogprobs"), solutionOf("dlogprobs"));
    await inTerminal(
      async ({ shows, press }, root) => {
        press("m");
        await shows("Known mistakes");
        writeFileSync(fileOf(root, "dlogprobs"), solutionOf("dlogprobs").replace("return", "return undefined;"));
        await shows(/dlogprobs[^]*shape: [^]*To do/);
      },
      { args: ["1"], prepare },
    );
  });

  it("hands the terminal to the editor, and takes it back", async () => {
    const script =
      "process.stdout.write('EDITING ' + process.stdin.isRaw); require('fs').copyFileSync(process.env.SOLUTION, process.argv.at(-1))";
    const env = {
      EDITOR: `"${process.execPath}" -e "${script}" --`,
      VISUAL: "",
      SOLUTION: path.join(solutionsFolder, stepOf("dlogprobs").file),
    };
    await inTerminal(
      async ({ shows, press, output }) => {
        press("e");
        await shows(/exact: true/);
        const before = output().slice(0, output().indexOf("EDITING false"));
        expect(before.endsWith(LEFT)).toBe(true);
        expect(output().slice(before.length)).toContain(`${ESC}[?1049h`);
        press("n");
        await shows(/^dprobs/);
      },
      { env },
    );
  });

  it("redraws for a new size, and fits in it", async () => {
    await inTerminal(async ({ shows, screen, resize }, root) => {
      writeFileSync(fileOf(root, "dprobs"), wrongDprobs(root));
      await shows(/wrong: shape/);
      for (const [columns, rows] of [
        [120, 40],
        [60, 12],
        [80, 24],
      ] as const) {
        resize(columns, rows);
        const right = new RegExp(`^dprobs: part 1, step 2 of 26 +0 of ${requiredSteps.length} passed\n`);
        const isDrawn = (): boolean => right.test(screen()) && screen().split("\n")[0]!.length === columns;
        await until(() => isDrawn() && screen().endsWith("quit"), screen);
        expect(
          Math.max(
            ...screen()
              .split("\n")
              .slice(2)
              .map((line) => line.length),
          ),
        ).toBeLessThanOrEqual(columns);
        expect(screen().split("\n")).toHaveLength(rows);
      }
    });
  });
});

describe("the editor", () => {
  it("is the one that the learner has set, not npm's default", () => {
    expect(editor({ EDITOR: "nano" })).toBe("nano");
    expect(editor({ EDITOR: "vi" })).toBe("vi");
    expect(editor({ EDITOR: "vi", npm_lifecycle_event: "watch" })).toBeUndefined();
    expect(editor({ EDITOR: "vi", VISUAL: "vi", npm_lifecycle_event: "watch" })).toBe("vi");
    expect(editor({ EDITOR: " " })).toBeUndefined();
  });

  it("is VS Code in its own terminal, unless the learner has set another", () => {
    expect(editor({ TERM_PROGRAM: "vscode" })).toBe("code");
    expect(editor({ TERM_PROGRAM: "vscode", EDITOR: "vi", npm_lifecycle_event: "watch" })).toBe("code");
    expect(editor({ TERM_PROGRAM: "vscode", EDITOR: "nano" })).toBe("nano");
    expect(editor({ TERM_PROGRAM: "vscode", VISUAL: "hx", EDITOR: "nano" })).toBe("hx");
    expect(editor({ TERM_PROGRAM: "Apple_Terminal" })).toBeUndefined();
  });

  it("opens a step's file at the first line of its function's body", () => {
    const step = stepOf("dhpreact");
    const line = lineOfBody(path.join(solutionsFolder, step.file), step);
    const text = readFileSync(path.join(solutionsFolder, step.file), "utf8").split("\n");
    expect(text[line - 2]).toMatch(/^export function dhpreact\(/);
    expect(lineOfBody(path.join(solutionsFolder, step.file), stepOf("dh"))).toBe(1);
    expect(lineOfBody("/nowhere.ts", step)).toBe(1);
  });

  it("gets the line in its own syntax, if that is known", () => {
    const at = (command: string): string[] => editorArguments(command, "a b.ts", 16);
    for (const command of ["nvim", "/usr/bin/nano", "emacs -nw", "vim.exe"])
      expect(at(command)).toEqual(["+16", "a b.ts"]);
    expect(at("code --wait")).toEqual(["--goto", "a b.ts:16"]);
    expect(at("subl -w")).toEqual(["a b.ts:16"]);
    expect(at("idea")).toEqual(["--line", "16", "a b.ts"]);
    for (const command of ["gedit", "my-vim", 'node -e "nano"']) expect(at(command)).toEqual(["a b.ts"]);
    expect(editorArguments("nvim", "a b.ts")).toEqual(["a b.ts"]);
  });
});

describe("watch in a terminal that it should not draw on", () => {
  it.each([
    ["a dumb one", "dumb", []],
    ["by --lines", "xterm", ["--lines"]],
  ])("prints lines: %s", async (_how, name, args) => {
    await withStubs(async (root) => {
      const env = { ...process.env, TERM: name };
      const pty = spawn(process.execPath, [start, "watch", "--from", root, ...args], { name, env, cwd: projectRoot });
      let output = "";
      pty.onData((data) => (output += data));
      await until(
        () => output.includes("grading ends"),
        () => output,
      );
      const ended = new Promise<number>((resolve) => pty.onExit(({ exitCode }) => resolve(exitCode)));
      pty.write("\u0003");
      expect(await ended).toBe(130);
      expect(output).toMatch(/^watching .*\r\ngrading begins: da\r\n/);
      expect(output).not.toContain(ESC);
    });
  });
});

describe.skipIf(process.platform === "win32")("watch restores the terminal", () => {
  const ends: [how: string, end: (terminal: Terminal) => void, status: number][] = [
    ["q", ({ press }) => press("q"), 0],
    ["Ctrl-C", ({ press }) => press("\u0003"), 0],
    ["Ctrl-C in the list", ({ press }) => press("l\u0003"), 0],
    ["SIGTERM", ({ pid }) => process.kill(pid, "SIGTERM"), 143],
    ["SIGHUP", ({ pid }) => process.kill(pid, "SIGHUP"), 129],
    ["an uncaught error", ({ pid }) => process.kill(pid, "SIGUSR2"), 1],
  ];
  const thrower = "process.on('SIGUSR2', () => { throw new Error('a fault'); })";
  const env = { NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(thrower)}"` };
  it.each(ends)("after %s", async (_how, end, status) => {
    await inTerminal(
      async (terminal) => {
        end(terminal);
        expect((await terminal.ended).exitCode).toBe(status);
        const after = terminal.output().slice(terminal.output().lastIndexOf(`${ESC}[H`));
        expect(after).toContain(`${ESC}[?7h${LEFT}`);
        expect(after.split(LEFT)[1]).not.toContain(ESC);
        if (status === 1) expect(after).toContain("a fault");
      },
      { env },
    );
  });

  it("in line mode: keys are echoed, lines are edited", async () => {
    await withStubs(async (root) => {
      const command = `"$0" "${start}" watch --from "${root}"; stty -a; echo "left with $?"`;
      const pty = spawn("/bin/sh", ["-c", command, process.execPath], { name: "xterm", cols: 80, rows: 24 });
      let output = "";
      pty.onData((data) => (output += data));
      await until(
        () => output.includes("graded at"),
        () => output,
      );
      pty.write("q");
      await until(
        () => output.includes("left with 0"),
        () => output,
      );
      expect(output.split(LEFT)[1]).toMatch(/ icanon /);
      expect(output.split(LEFT)[1]).toMatch(/ echo /);
    });
  });
});

describe.skipIf(process.platform === "win32")("watch under Ctrl-Z", () => {
  it("hands the terminal to the shell, and takes it back", async () => {
    await withStubs(async (root) => {
      const env = { ...process.env, NO_COLOR: "1", PS1: "", ENV: "" };
      const shell = spawn("/bin/sh", ["-i"], { name: "xterm", cols: 80, rows: 24, cwd: projectRoot, env });
      let output = "";
      shell.onData((data) => (output += data));
      const ended = new Promise<void>((resolve) => shell.onExit(() => resolve()));
      const since = async (text: RegExp, from: number): Promise<number> => {
        await until(
          () => text.test(output.slice(from)),
          () => output,
        );
        return output.length;
      };
      try {
        shell.write(`"${process.execPath}" "${start}" watch --from "${root}"\r`);
        const shown = await since(/graded at/, 0);
        shell.write("\u001a");
        const stopped = await since(/Stopped|Suspended/i, shown);
        expect(output.slice(shown, stopped)).toContain(LEFT);
        shell.write("fg\r");
        const back = await since(/da: part 0, step 1[^]*graded at/, stopped);
        shell.write("q");
        await since(/\?1049l/, back);
      } finally {
        shell.write("\u0003exit\r");
        shell.kill("SIGKILL");
        await ended;
      }
    });
  });
});

interface Lines {
  output: () => string;
  prints: (text: string | RegExp, after?: number) => Promise<void>;
  /** Ends it, and returns its exit status. */
  end: (signal: NodeJS.Signals) => Promise<number | null>;
}

/** Watches a tree of stubs without a terminal. */
async function withoutTerminal(use: (lines: Lines, root: string) => Promise<void>): Promise<void> {
  await withStubs(async (root) => {
    const child = spawnProcess(process.execPath, [start, "watch", "--from", root], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, NO_COLOR: "1" },
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    const prints = (text: string | RegExp): Promise<void> =>
      until(
        () => (typeof text === "string" ? output.includes(text) : text.test(output)),
        () => output,
      );
    try {
      await prints("grading ends");
      await use(
        {
          output: () => output,
          prints,
          end: (signal) => {
            child.kill(signal);
            return ended;
          },
        },
        root,
      );
    } finally {
      child.kill("SIGKILL");
      await ended;
    }
  });
}

describe("watch without a terminal", () => {
  it("prints one line per event, which the editor's task reads, and ends when told to", async () => {
    await withoutTerminal(async ({ output, prints, end }, root) => {
      expect(output()).toMatch(/^watching .*, from da on; Ctrl-C stops it\ngrading begins: da\n/);
      writeFileSync(fileOf(root, "dprobs"), wrongDprobs(root));
      await prints(
        /begins: dprobs\n.*02-dprobs\.ts:17:1: error: wrong: .*; looks like: .*\ngrading ends: 0 passed, 1 wrong/,
      );
      writeFileSync(fileOf(root, "dcounts"), "export function dcounts() {\n  return 1 +;\n}\n");
      // a step that still fails is reported each time
      await prints(
        /begins: dcounts\n.*05-dcounts\.ts:2:13: error: threw: does not compile: .*\n.*02-dprobs.*\ngrading ends/,
      );
      writeFileSync(fileOf(root, "dprobs"), solutionOf("dprobs"));
      await prints(/dprobs passes: exact\n.*05-dcounts.*\ngrading ends: 1 passed, 0 wrong/);

      const { tasks } = JSON.parse(readFileSync(path.join(projectRoot, ".vscode/tasks.json"), "utf8"));
      const matcher = tasks.find(({ label }: { label: string }) => label === "watch").problemMatcher;
      const lines = output().trimEnd().split("\n");
      const kinds = lines.map((line) => {
        if (new RegExp(matcher.background.beginsPattern).test(line)) return "begin";
        if (new RegExp(matcher.background.endsPattern).test(line)) return "end";
        return new RegExp(matcher.pattern.regexp).exec(line)?.[matcher.pattern.severity] ?? "other";
      });
      expect(kinds.slice(0, 4)).toEqual(["other", "begin", "info", "end"]);
      expect(kinds.filter((kind) => kind === "begin")).toHaveLength(kinds.filter((kind) => kind === "end").length);
      const found = new RegExp(matcher.pattern.regexp).exec(lines.find((line) => line.includes("2:13: error"))!)!;
      expect(found.slice(2, 5)).toEqual(["2", "13", "error"]);
      expect(found[1]).toMatch(/05-dcounts\.ts$/);
      expect(await end("SIGINT")).toBe(130);
    });
  });

  it("drops a result if the file has changed in the meantime", async () => {
    await withoutTerminal(async ({ output, prints, end }, root) => {
      const loop = solutionOf("dprobs").replace("return", "for (;;) {}\n  return");
      writeFileSync(fileOf(root, "dprobs"), loop);
      await prints("grading begins: dprobs");
      writeFileSync(fileOf(root, "dprobs"), solutionOf("dprobs"));
      await prints("dprobs passes: exact");
      expect(output()).not.toContain("timeout");
      expect(await end("SIGTERM")).toBe(143);
    });
  });

  it("says that the whole folder is gone, and grades again once it is back", async () => {
    await withoutTerminal(async ({ output, prints }, root) => {
      renameSync(root, `${root}-away`);
      try {
        await prints(/error: .* is missing; it is graded again once it is back\ngrading ends: it was not possible/);
      } finally {
        renameSync(`${root}-away`, root);
      }
      const before = output().length;
      await until(() => output().slice(before).includes("grading ends"), output);
      writeFileSync(fileOf(root, "dprobs"), solutionOf("dprobs"));
      await prints("dprobs passes: exact");
    });
  });

  it("accepts one step, or a folder that contains steps", async () => {
    const run = (...args: string[]): Promise<string> =>
      new Promise((resolve) => {
        const child = spawnProcess(process.execPath, [start, "watch", ...args], {
          stdio: ["ignore", "ignore", "pipe"],
        });
        let errors = "";
        child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
        child.on("close", (code) => resolve(`${code} ${errors}`));
      });
    expect(await run("dprobs", "dcounts")).toMatch(/^2 backprop-dojo: watch starts with one step, not with 2/);
    expect(await run("--from", "data")).toMatch(/^2 backprop-dojo: .*data holds no step/);
  });
});

describe("what passes while watching, in a learner's copy", () => {
  it("is known to list and to the next watch", async () => {
    await withCopy(async (root) => {
      const exercises = path.join(root, "exercises");
      const watchOnce = async (use: (prints: (text: string) => Promise<void>) => Promise<void>): Promise<string> => {
        const child = spawnProcess(process.execPath, [path.join(root, "grader/start.cjs"), "watch"], {
          cwd: root,
          stdio: ["ignore", "pipe", "inherit"],
        });
        let output = "";
        child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
        const ended = new Promise((resolve) => child.on("close", resolve));
        try {
          const prints = (text: string): Promise<void> =>
            until(
              () => output.includes(text),
              () => output,
            );
          await prints("grading ends");
          await use(prints);
        } finally {
          child.kill();
          await ended;
        }
        return output;
      };
      await watchOnce(async (prints) => {
        writeFileSync(fileOf(exercises, "da"), solutionOf("da"));
        await prints("da passes: exact");
      });
      expect((await dojo(["list", "da"], root)).stdout).toMatch(/\[x\] 0\.1 {2}da +passed\n/);
      expect(await watchOnce(() => Promise.resolve())).toMatch(/from db on; .*\ngrading begins: db\n/);
    });
  });

  it("shows the end of what was done before it began over the next step, which n does not pass over", async () => {
    await withCopy(async (root) => {
      const exercises = path.join(root, "exercises");
      for (const { part, id } of steps) if (part === 0) writeFileSync(fileOf(exercises, id), solutionOf(id));
      await inTerminalOf(root, ["watch"], async ({ says, write, output }) => {
        await says(/dlogprobs: part 1[^]*Finished: the warm-ups[^]*n next/);
        const { length } = output();
        write("n");
        await until(() => /dlogprobs +logprobs +\| not started[^]*graded at/.test(output().slice(length)), output);
        expect(output().slice(length)).not.toContain("dprobs: part 1");
      });
    });
  });

  it("ends a part on a page of its own, once, which a key closes", async () => {
    await withCopy(async (root) => {
      const exercises = path.join(root, "exercises");
      const before = steps.filter(({ part, id }) => part === 1 && id !== "dC").map(({ id }) => id);
      for (const id of before) writeFileSync(fileOf(exercises, id), solutionOf(id));
      expect((await dojo(["grade", ...before], root)).status).toBe(0);
      await inTerminalOf(root, ["watch", "dC"], async ({ says, write, output }) => {
        await says(/graded at/);
        writeFileSync(fileOf(exercises, "dC"), solutionOf("dC"));
        // the end of its stretch with the recap, and the end of the part
        await says(/Finished: the first layer and the embedding[^]*\n {2}dC +\[vocab, embd\] +The backward/);
        await says(/Finished: the whole backward pass[^]*\n+n next +Escape, q back/);
        write(ESC);
        await says(/Passed\. n goes to fused-dlogits, where part 2 begins/);
        const { length } = output();
        writeFileSync(fileOf(exercises, "dC"), `${solutionOf("dC")}\n// again\n`);
        await says(/graded at[^]*/);
        await until(() => /exact: true/.test(output().slice(length)), output);
        expect(output().slice(length)).not.toContain("Finished");
      });
      expect((await dojo(["recap"], root)).stdout).toMatch(/^Finished: the whole backward pass/);
    });
  });
});
