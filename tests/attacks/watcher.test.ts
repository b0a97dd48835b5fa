import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { projectRoot } from "../../grader/runner/project.ts";
import { withStubs } from "../../grader/runner/workspace/stubs.ts";
import { exercise, stepOf } from "../trees.ts";

const LONGEST_WAIT_MS = 20_000;
const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

interface Trouble {
  name: string;
  /** Returns a function that ends it, if it goes on. */
  make: (root: string) => Promise<(() => void) | void>;
}

const dcounts = (root: string): string => path.join(root, stepOf("dcounts").file);

/** Writes a file again and again. */
function writing(file: string, every: number, text: (i: number) => string): () => void {
  let i = 0;
  const timer = setInterval(() => writeFileSync(file, text(i++)), every);
  return () => clearInterval(timer);
}

/** Trouble for watch, one kind after another in one tree: a step that is saved then must still be graded. */
const troubles: readonly Trouble[] = [
  {
    name: "fifty events per second in files that belong to no step",
    make: (root) => Promise.resolve(writing(path.join(root, "noise.json"), 20, String)),
  },
  {
    name: "an event during each grading in a file that belongs to no step",
    make: (root) => Promise.resolve(writing(path.join(root, "noise.ts"), 150, String)),
  },
  {
    name: "another step that flips between two texts",
    make: (root) => Promise.resolve(writing(dcounts(root), 100, (i) => exercise("dcounts", `return ${i % 2};`))),
  },
  {
    name: "files that vanish while they are read",
    async make(root) {
      for (let i = 0; i < 20; i++) {
        writeFileSync(dcounts(root), exercise("dcounts", "return 1;"));
        await sleep(7 * (i % 8));
        rmSync(dcounts(root));
      }
    },
  },
  {
    name: "the folder moved away and back",
    async make(root) {
      for (let i = 0; i < 60; i++) {
        renameSync(root, `${root}-away`);
        await sleep(3);
        renameSync(`${root}-away`, root);
        await sleep(7);
      }
      await sleep(1500);
    },
  },
  {
    name: "a part's folder moved away and back",
    async make(root) {
      const part = path.join(root, "1-step-by-step");
      for (let i = 0; i < 30; i++) {
        renameSync(part, `${part}-away`);
        await sleep(3);
        renameSync(`${part}-away`, part);
        await sleep(20);
      }
      await sleep(1500);
    },
  },
  {
    name: "pipes instead of a step and of a part",
    async make(root) {
      const part = path.join(root, "2-fused-cross-entropy");
      for (const place of [dcounts(root), part]) {
        rmSync(place, { recursive: true, force: true });
        execFileSync("mkfifo", [place]);
      }
      await sleep(300);
    },
  },
  {
    name: "links that lead in circles",
    make(root) {
      symlinkSync(".", path.join(root, "circle"));
      symlinkSync("..", path.join(root, "1-step-by-step/up"));
      symlinkSync("self.ts", path.join(root, "1-step-by-step/self.ts"));
      return sleep(300);
    },
  },
  {
    name: "a file of 900 MB",
    make(root) {
      rmSync(dcounts(root), { force: true });
      writeFileSync(dcounts(root), "");
      truncateSync(dcounts(root), 900_000_000);
      return sleep(300);
    },
  },
  {
    name: "a thousand files, and names that would steer a terminal",
    make(root) {
      mkdirSync(path.join(root, "many"));
      for (let i = 0; i < 1000; i++) writeFileSync(path.join(root, `many/${i}.ts`), "");
      for (const name of ["a\u001b[2J.ts", "b\n::error::owned.ts", "\u202ec.ts"])
        writeFileSync(path.join(root, name), "x");
      rmSync(dcounts(root), { force: true });
      writeFileSync(dcounts(root), `import "../a\\u001b[2J.ts"; import "../b\\n::error::owned.ts";`);
      return sleep(300);
    },
  },
];

it.skipIf(process.platform === "win32")(
  "watching goes on, whatever happens in the folder",
  async () => {
    await withStubs(async (root) => {
      const child = spawn(
        process.execPath,
        [path.join(projectRoot, "grader/start.cjs"), "watch", "--from", root, "dlogprobs"],
        {
          stdio: ["ignore", "pipe", "pipe"],
          env: { ...process.env, NO_COLOR: "1" },
        },
      );
      let output = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
      const ended = new Promise((resolve) => child.on("close", resolve));
      const prints = async (text: string, from = 0): Promise<boolean> => {
        const end = performance.now() + LONGEST_WAIT_MS;
        while (!output.includes(text, from) && child.exitCode === null && performance.now() < end) await sleep(15);
        return output.includes(text, from);
      };
      try {
        await prints("grading ends");
        const deaf: string[] = [];
        for (const [i, { name, make }] of troubles.entries()) {
          const stop = await make(root);
          await sleep(100);
          const from = output.length;
          writeFileSync(
            path.join(root, stepOf("dprobs").file),
            exercise("dprobs", `return given.dlogprobs.div(given.probs); // ${i}`),
          );
          if (!(await prints("dprobs passes: exact", from))) deaf.push(`${name}: ${output.slice(from)}`);
          if (stop) stop();
        }
        expect(deaf).toEqual([]);
        expect(output).not.toMatch(/^::|^##\[|(?!\n)\p{Cc}/mu);
      } finally {
        child.kill("SIGKILL");
        await ended;
      }
    });
  },
  troubles.length * LONGEST_WAIT_MS,
);
