import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { graderFolder } from "../../grader/runner/project.ts";
import type { Run } from "../copies.ts";
import { answers } from "./answers.ts";
import { texts } from "./texts.ts";

const written = path.join(path.dirname(fileURLToPath(import.meta.url)), "course");

/** The author of a course in a folder of its own: runs commands there, and edits what they wrote. */
export class Author {
  readonly #parent = mkdtempSync(path.join(tmpdir(), "backprop-dojo-test-"));
  readonly folder = path.join(this.#parent, "gru");

  /**
   * Runs a command in a folder, by default the course's own.
   *
   * @param typed what is typed while it runs
   */
  run(args: readonly string[], from = this.folder, typed = ""): Promise<Run> {
    const start = [path.join(graderFolder, "start.cjs"), ...args, "--course", this.folder];
    return new Promise((resolve) => {
      const env = { ...process.env, NO_COLOR: "1", INIT_CWD: from };
      const child = execFile(process.execPath, start, { cwd: graderFolder, env }, (error, stdout, stderr) => {
        resolve({ status: Number(error?.code ?? 0), stdout, stderr });
      });
      child.stdin?.end(typed);
    });
  }

  /** Runs a command where the course's folder is, and not in it. */
  runOutside(args: readonly string[]): Promise<Run> {
    return this.run(args, this.#parent);
  }

  read(file: string): string {
    return readFileSync(path.join(this.folder, file), "utf8");
  }

  /** Changes a file's text. */
  edit(file: string, change: (text: string) => string): void {
    writeFileSync(path.join(this.folder, file), change(this.read(file)));
  }

  /** Takes a file over that the author has written elsewhere. */
  take(file: string): void {
    cpSync(path.join(written, file), path.join(this.folder, file));
  }

  files(folder: string): string[] {
    return readdirSync(path.join(this.folder, folder));
  }

  /** Completes the rooms, the solutions and the lesson of the part. */
  complete(): void {
    this.take("1-gru/dz.ts");
    for (const [id, { rule, worked, piece }] of Object.entries(texts)) {
      this.edit(`1-gru/${id}.ts`, (text) =>
        text
          .replace(/rule: "TODO.*"/, `rule: ${JSON.stringify(rule)}`)
          .replace(/ *\/\/ TODO: one entry.*\n/, "")
          .replace(/worked: ".*"/, `worked: ${JSON.stringify(worked)}`)
          .replace(/piece: "TODO.*"/, `piece: ${JSON.stringify(piece)}`)
          .replace(/mistakes: \[\n(?: *\/\/.*\n)* *\]/, "mistakes: []"),
      );
    }
    this.answer("solutions", (id) => answers[id]!);
    this.edit("exercises/1-gru/README.md", (text) => text.replaceAll(/TODO: .*/g, "On paper, with the shapes."));
  }

  /** Writes an answer to each step of a tree, at the place that is left open for it. */
  answer(tree: string, answerOf: (id: string) => string): void {
    for (const file of this.files(`${tree}/1-gru`).filter((name) => name.endsWith(".ts"))) {
      const id = file.replace(/^\d+-|\.ts$/g, "");
      this.edit(`${tree}/1-gru/${file}`, (text) =>
        text.replace(/^ {2}(?:throw|return) .*;$/m, `  return ${answerOf(id)};`),
      );
    }
  }

  end(): void {
    rmSync(this.#parent, { recursive: true, force: true });
  }
}
