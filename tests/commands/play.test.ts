import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { steps } from "../../grader/course/steps.ts";
import { smallGiven } from "../../grader/kit/instance.ts";
import { smallTraining } from "../../grader/kit/small-training.ts";
import { truthOf } from "../../grader/kit/truth.ts";
import { solutionsFolder } from "../../grader/runner/project.ts";
import { programReply } from "../../grader/diagnosis/program.ts";
import { difference } from "../../grader/verdict/compare.ts";
import { problemOf } from "../../grader/verdict/program.ts";
import { withCopy } from "../copies.ts";
import { inPipes, inTerminal } from "../terminals.ts";
import { stepOf } from "../trees.ts";

const exerciseOf = (root: string, id: string): string => path.join(root, "exercises", stepOf(id).file);
const solve = (root: string, id: string): void =>
  cpSync(path.join(solutionsFolder, stepOf(id).file), exerciseOf(root, id));
const CTRL_C = "\u0003";

describe("the small numbers of every step", () => {
  it.each(steps.map((step) => [step.id, step] as const))(
    "%s: a correct answer to what it is given is right",
    (_, step) => {
      if (step.kind === "train") {
        const { parameters, batch, learningRate } = smallTraining(step);
        const { returned } = step.training.run({ parameters, batch, learningRate });
        expect(Object.keys(returned)).not.toEqual([]);
        for (const [name, { shape }] of Object.entries(returned)) expect(parameters[name]!.shape).toEqual(shape);
      } else if (step.kind === "program") {
        const { example } = step.program;
        expect(problemOf(step, example, programReply(step, { answer: step.forms[0]! }, example))).toBeUndefined();
      } else {
        const given = smallGiven(step);
        expect(Object.keys(given)).toEqual(step.given);
        expect(difference(step.forms[0]!(given), truthOf(step, given))).toBeUndefined();
      }
    },
  );
});

describe("the REPL, in a terminal", () => {
  it("has #tensor, a step's numbers and the learner's function, which it loads again when the file is saved", async () => {
    await withCopy((root) =>
      inTerminal(root, ["play", "dcounts"], async ({ says, write, ended, output }) => {
        await says(/In scope: everything of #tensor; your dcounts; [^]*counts \[2, 3\]/);
        await says(/To try: dcounts\(given\)/);
        await says("\n> ");
        write("dcounts(given)\r");
        await says(
          /Uncaught.*\n?NotStarted: dcounts is not started\n +at dcounts \(exercises\/1-step-by-step\/05-dcounts.ts:\d+:\d+\)/,
        );

        solve(root, "dcounts");
        write("dcounts(given).sub(reference).pow(2).sum()\r");
        await says("05-dcounts.ts: dcounts is loaded again");
        await says("tensor(0.0000, shape [])");

        writeFileSync(exerciseOf(root, "dcounts"), "export const x = ;");
        write("dcounts(given).shape\r");
        await says(/Unexpected ";"[^]*dcounts stays as it was\n\[ 2, 3 \]/);
        // a file that it imports counts as well
        const helper = path.join(path.dirname(exerciseOf(root, "dcounts")), "helper.ts");
        writeFileSync(helper, "export const size = 1;");
        writeFileSync(
          exerciseOf(root, "dcounts"),
          'import { ones } from "#tensor";\nimport { size } from "./helper.ts";\nexport const dcounts = () => ones(size);',
        );
        write(".reload\r");
        await says("dcounts is loaded again");
        writeFileSync(helper, "export const size: number = 5;");
        write("dcounts() instanceof Tensor && dcounts().shape\r");
        await says(/dcounts is loaded again\n\[ 5 \]/);

        write(".exit\r");
        expect(await ended).toBe(0);
        expect(output()).not.toMatch(/grader\/|node:/);
        expect(readFileSync(path.join(root, "play/.history"), "utf8")).toContain("dcounts(given).shape");
      }),
    );
  });

  it("reads TypeScript, several lines and await, and Ctrl-C ends an endless loop, not the REPL", async () => {
    await withCopy((root) =>
      inTerminal(root, ["play"], async ({ says, write, ended }) => {
        await says("\n> ");
        write("const x: Tensor = tensor([[1, 2], [3, 4]])\r");
        await says("\n> ");
        write("function row(t: Tensor, i: number) {\r");
        await says("\n... ");
        write("return t.sum(1).get(i)\r");
        await says("\n... ");
        write("}\r");
        await says("\n> ");
        write("row(x, 1) + (await Promise.resolve(100))\r");
        await says("\n107\n");
        write("x.max(1)\r");
        await says(
          /values = tensor\(\[2.0000, 4.0000\], shape \[2\]\)\nindices = tensor\(\[1, 1\], shape \[2\], int32\)/,
        );
        write("x.mul(tensor([1, 2, 3]))\r");
        await says("TensorError: mul: [2, 2] and [3] do not broadcast: 2 against 3 in the last dimension\n> ");
        write("for (;;) {}\r");
        await new Promise((resolve) => setTimeout(resolve, 500));
        write(CTRL_C);
        await says(/interrupted/);
        write("1 + 1\r");
        await says("\n2\n");
        write("\u0004"); // Ctrl-D
        expect(await ended).toBe(0);
      }),
    );
  });

  it("restores a training step's numbers, which the step changes", async () => {
    await withCopy((root) => {
      solve(root, "train");
      return inTerminal(root, ["play", "train"], async ({ says, write }) => {
        await says(/parameters \(C \[[^]*batch \(Xb \[[^]*To try: trainStep\(parameters, batch, learningRate\)/);
        await says("\n> ");
        write("const loss = () => trainStep(parameters, batch, learningRate).loss.item()\r");
        write("const before = loss(), after = loss()\r");
        write("before > after\r");
        await says("\ntrue\n");
        write(".reload\r");
        await says("is loaded again");
        write("loss() === before\r");
        await says("\ntrue\n");
      });
    });
  });
});

it("the REPL reads from a pipe, also where nothing can be written", async () => {
  const isRoot = process.getuid?.() === 0;
  const somebody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--"];
  if (process.platform === "win32") return;
  await withCopy(async (root) => {
    await inPipes(root, ["help"], async ({ ended }) => void (await ended)); // fills the cache
    chmodSync(path.dirname(root), 0o755);
    for (const name of ["", "exercises"]) chmodSync(path.join(root, name), 0o555);
    const before = isRoot ? somebody : [];
    await inPipes(
      root,
      ["play"],
      async ({ says, write, ended }) => {
        await says(/the folder for scratch files cannot be made: .*play: permission denied/);
        write("ones(2, 3).sum()\n.exit\n");
        await says("tensor(6.0000, shape [])");
        expect(await ended).toBe(0);
      },
      before,
    );
    expect(existsSync(path.join(root, "play"))).toBe(false);
    for (const name of ["", "exercises"]) chmodSync(path.join(root, name), 0o755);
  });
});

describe("what a newcomer types from Python", () => {
  const typed: [line: string, note: RegExp][] = [
    ["dgrid * 2", /Uncaught TensorError: a tensor is not a number\ndgrid \* 2 is written dgrid.mul\(2\)\n/],
    ["1 - dgrid", /\n1 - dgrid is written tensor\(1\).sub\(dgrid\)\n/],
    ["dgrid @ dgrid.T", /\ndgrid @ dgrid.T is written dgrid.matmul\(dgrid.T\)\n/],
    ["import torch", /this is Python's import/],
    ["dgrid?", /\.help lists the commands/],
    ["dgrid == reference", /dgrid\.sub\(reference\) shows\s+where they differ/],
    ["dgrid.sum(0, keepdim=True)", /no names here: dgrid.sum\(0, keepdim=True\) is written dgrid.sum\(0, keepdim\)\n/],
    ["dgrid.sum(axis=0)", /no names here: dgrid.sum\(axis=0\) is written dgrid.sum\(0\)\n/],
    ["dgrid.sum(1, keepdim=false)", /no names here: dgrid.sum\(1, keepdim=false\) is written dgrid.sum\(1\)\n/],
    ["keepdim = false", /TypeError: keepdim is a name of #tensor/],
    ["dgrid.sum(1, keepdim).shape", /\[ 2, 1 \]\n/],
    ["const own = dgrid.sum(1)\nown[:, None]", /\nown\[:, None\] is written own.view\(-1, 1\)\n/],
    ["# c", /\na comment begins with \/\/, not with #\n/],
    ["print(dgrid)", /\nprint\(x\) is written console.log\(x\)\n/],
    ["dgrid.div(rows)", /\nrows is the number of rows of column: const rows = column.size\(0\)\n/],
    ["help", /\n.help lists the commands of this prompt; all operations: exercises\/TENSORS.md/],
    ["exit()", /\n.exit or Ctrl-D leaves\n/],
    ["axis", /axis is not defined/],
  ];

  it("is answered in the REPL with what to write here", async () => {
    await withCopy((root) =>
      inPipes(root, ["play", "dcolumn"], async ({ says, write, ended }) => {
        await says("> ");
        for (const [line, note] of typed) {
          write(`${line}\n`);
          await says(note);
        }
        write(".exit\n");
        expect(await ended).toBe(0);
      }),
    );
  });

  it("is answered in a scratch file with its line and what to write", async () => {
    const files: [code: string, output: string][] = [
      [
        "x * x;",
        "TensorError: a tensor is not a number\n    at play/mine.ts:3:1\n    3 | x * x;\nx * x is written x.mul(x)\n",
      ],
      ["x @ x.T;", "    3 | x @ x.T;\nx @ x.T is written x.matmul(x.T)\n"],
      ["print(x);", "    3 | print(x);\nprint(x) is written console.log(x)\n"],
    ];
    await withCopy(async (root) => {
      mkdirSync(path.join(root, "play"));
      for (const [code, expected] of files) {
        const lines = ['import { tensor } from "#tensor";', "const x = tensor([[1, 2]]);", code];
        writeFileSync(path.join(root, "play/mine.ts"), lines.join("\n"));
        await inPipes(root, ["play", "mine.ts", "--once"], async ({ ended, output }) => {
          expect(await ended).toBe(1);
          expect(output()).toContain(expected);
        });
      }
    });
  });
});

it("works in a folder whose name Node takes for a pattern", async () => {
  if (process.platform === "win32") return;
  await withCopy(async (root) => {
    mkdirSync(path.join(root, "play"));
    const lines = [`import { da } from "../exercises/${stepOf("da").file}";`, "da({} as never);"];
    writeFileSync(path.join(root, "play/mine.ts"), lines.join("\n"));
    await inPipes(root, ["play", "mine.ts", "--once"], async ({ says, ended }) => {
      await says(/NotStarted: da is not started\n +at da \(.*01-da.ts:\d+:\d+\)\n +at play\/mine.ts:2:1\n/);
      expect(await ended).toBe(1);
    });
  }, "a * (b)");
});

describe("a scratch file", () => {
  it("runs, and runs again when it or an exercise that it imports is saved; errors name its line", async () => {
    await withCopy(async (root) => {
      await inPipes(root, ["play", "example", "--once"], async ({ ended, output }) => {
        expect(await ended).toBe(0);
        expect(output()).toMatch(/^tensor\(\[\[0.1250, 0.2500, 0.6250\],\n/);
      });
      const file = path.join(root, "play/mine.ts");
      const lines = [
        'import { tensor, type Tensor } from "#tensor";',
        `import { da } from "../exercises/${stepOf("da").file}";`,
        "const dc: Tensor = tensor([[1, 2, 3]]);",
        'console.log("begins");',
        "console.log(da({ dc }));",
      ];
      writeFileSync(file, lines.join("\n"));
      await inPipes(root, ["play", "mine.ts"], async ({ says, signal, ended }) => {
        await says(
          /begins\nNotStarted: da is not started\n +at da \(exercises\/0-warm-ups\/01-da.ts:\d+:\d+\)\n +at play\/mine.ts:5:13\n/,
        );
        await says(/play\/mine.ts failed after [\d.]+ s; it runs again when saved, Ctrl-C ends/);

        solve(root, "da");
        await says("exercises/0-warm-ups/01-da.ts was saved: play/mine.ts again");
        await says("tensor([[1.0000, 2.0000, 3.0000]])");
        await says("play/mine.ts ended after");

        // as editors save that write another file and rename it; an endless loop ends at the next save
        writeFileSync(`${file}~`, [...lines, 'console.log("loops");', "for (;;) {}"].join("\n"));
        renameSync(`${file}~`, file);
        await says("loops");
        writeFileSync(file, lines.slice(0, 3).concat("dc.mul(tensor([1, 2]));").join("\n"));
        await says("play/mine.ts was saved, and the last run ended");
        await says(/TensorError: mul: \[1, 3\] and \[2\] do not broadcast.*\n +at play\/mine.ts:4:4\n/);

        writeFileSync(file, "const x: number = ;");
        await says(/mine.ts:1:18: ERROR: Unexpected ";"/);
        writeFileSync(file, 'import "./later.ts";');
        await says(/Cannot find module .*later.ts/);
        writeFileSync(
          path.join(root, "play/later.ts"),
          'setTimeout(() => console.log("later"), 1); for (let i = 0; i < 3; i++);',
        );
        await says("later\n");
        signal("SIGINT");
        expect(await ended).toBe(0);
      });
    });
  });

  it("ends with Ctrl-C in an endless loop", async () => {
    await withCopy(async (root) => {
      mkdirSync(path.join(root, "play"));
      writeFileSync(path.join(root, "play/loop.ts"), 'console.log("loops", process.pid);\nfor (;;) {}');
      await inTerminal(root, ["play", "loop"], async ({ says, write, ended }) => {
        const found = await says(/loops \d+/);
        const pid = Number(found.split(" ")[1]);
        write(CTRL_C);
        expect(await ended).toBe(0);
        await expect.poll(() => isRunning(pid)).toBe(false);
      });
    });
  });

  function isRunning(pid: number): boolean {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }
});
