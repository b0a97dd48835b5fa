import { spawn } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readSafetensors } from "../../grader/network/safetensors.ts";
import { lossesUpTo } from "../../grader/runner/workspace/training-runs.ts";
import { dojo, withCopy as withWholeCopy } from "../copies.ts";

const SHORT = ["train", "--from", "solutions"];

/** A copy with few names: measuring the losses on all of them takes longer than anything else here. */
const withCopy = (use: (root: string) => Promise<void>): Promise<void> =>
  withWholeCopy((root) => {
    const file = path.join(root, "data/names.txt");
    const names = readFileSync(file, "utf8").split("\n");
    writeFileSync(file, names.filter((_, i) => i % 20 === 0).join("\n"));
    return use(root);
  });

const runsIn = (root: string): string[] => readdirSync(path.join(root, "runs")).sort();
const checkpointOf = (root: string, run: string): Buffer =>
  readFileSync(path.join(root, "runs", run, "checkpoint.safetensors"));
const parametersOf = (root: string, run: string): Record<string, string> => {
  const { tensors } = readSafetensors(checkpointOf(root, run));
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, Buffer.from(tensor.toArray().buffer).toString("base64")]),
  );
};

describe("a training run", () => {
  it("keeps its losses, a plot, samples and a checkpoint", async () => {
    await withCopy(async (root) => {
      const { stdout, status } = await dojo([...SHORT, "--steps", "50"], root);
      expect(status).toBe(0);
      expect(stdout).toMatch(/step 50 of 50 +loss \d\.\d{4} +\d+ steps\/s/);
      expect(stdout).toMatch(/loss with calibrated batchnorm: train \d\.\d{4}, dev \d\.\d{4}, test \d\.\d{4}/);
      const [run] = runsIn(root);
      const folder = path.join(root, "runs", run!);
      expect(readdirSync(folder).sort()).toEqual(["checkpoint.safetensors", "loss.csv", "loss.svg", "samples.txt"]);
      const lines = readFileSync(path.join(folder, "loss.csv"), "utf8").trim().split("\n");
      expect([lines.length, lines[0]]).toEqual([51, "step,loss"]);
      expect(readFileSync(path.join(folder, "loss.svg"), "utf8")).toMatch(/^<svg [^]*<polyline [^]*<\/svg>\n$/);
      expect(readFileSync(path.join(folder, "samples.txt"), "utf8").trim().split("\n")).toHaveLength(21);
    });
  });

  it("says what is missing if there is no train.ts, and starts no run", async () => {
    await withCopy(async (root) => {
      const { stdout, status } = await dojo(["train", "--from", "data"], root);
      expect(status).toBe(1);
      expect(stdout).toMatch(/4-training-loop\/train\.ts does not exist/);
      expect(existsSync(path.join(root, "runs"))).toBe(false);
    });
  });

  it("that is stopped by Ctrl-C is saved, and once resumed ends with the same bits as one that never stopped", async () => {
    await withCopy(async (root) => {
      await dojo([...SHORT, "--steps", "240"], root);
      const [whole] = runsIn(root);
      await new Promise((resolve) => setTimeout(resolve, 1100)); // runs are named by the second
      const stopped = await interrupted(root, [...SHORT, "--steps", "240"]);
      expect(stopped.status).toBe(130);
      expect(stopped.stdout).toMatch(
        /stopped after \d+ steps and saved in runs\/\S+; continue with npm run train -- --resume --from solutions/,
      );
      const part = runsIn(root).at(-1)!;
      expect(part).not.toBe(whole);
      const { metadata } = readSafetensors(checkpointOf(root, part));
      expect(Number(metadata["step"])).toBeLessThan(240);
      const resumed = await dojo([...SHORT, "--resume"], root);
      expect(resumed.status).toBe(0);
      expect(parametersOf(root, part)).toEqual(parametersOf(root, whole!));
      const losses = (run: string): string => readFileSync(path.join(root, "runs", run, "loss.csv"), "utf8");
      expect(losses(part)).toBe(losses(whole!));
    });
  });

  it("of the decoder is continued as if it had never stopped, and stands beside the lecture's network", async () => {
    await withCopy(async (root) => {
      const names = ["anna", "bert", "carl", "dora", "emil", "fred", "gert", "hans", "ida", "jan", "karl", "lena"];
      writeFileSync(path.join(root, "other.txt"), `${names.join("\n")}\n`);
      const decoder = [...SHORT, "--data", "other.txt", "--network", "transformer"];
      expect((await dojo([...decoder, "--steps", "6"], root)).stdout).toContain("the lecture's network has no run");
      const [whole] = runsIn(root);
      await dojo([...decoder, "--steps", "3"], root);
      await dojo([...SHORT, "--data", "other.txt", "--steps", "3"], root);
      const { stdout, status } = await dojo([...decoder, "--steps", "6", "--resume"], root);
      const part = /continuing runs\/(\S+) at step 3 of 6/.exec(stdout)?.[1];
      expect(status).toBe(0);
      expect(stdout).toMatch(/the lecture's network after 3 steps, from runs\/\S+: test \d\.\d{4}/);
      expect(parametersOf(root, part!)).toEqual(parametersOf(root, whole!));
    });
  });

  it("cannot be resumed if its checkpoint is truncated, not one of this course or one of other names; it is left unchanged", async () => {
    await withCopy(async (root) => {
      expect(await dojo([...SHORT, "--resume"], root)).toMatchObject({
        status: 2,
        stderr: /holds no run to continue/,
      });
      await dojo([...SHORT, "--steps", "20"], root);
      const [run] = runsIn(root);
      const file = path.join(root, "runs", run!, "checkpoint.safetensors");
      const whole = readFileSync(file);
      const resume = async (bytes: Uint8Array, ...more: string[]): Promise<string> => {
        writeFileSync(file, bytes);
        const { status, stderr } = await dojo([...SHORT, "--resume", ...more], root);
        expect(status).toBe(2);
        expect(readFileSync(file).equals(bytes)).toBe(true);
        return stderr;
      };
      expect(await resume(whole.subarray(0, 5000))).toMatch(/checkpoint.safetensors: the file is truncated/);
      expect(await resume(Buffer.from("not a checkpoint at all"))).toMatch(/not a safetensors file/);
      expect(await resume(readFileSync(path.join(root, "data/torch/random-1.safetensors")))).toMatch(
        /is not a checkpoint of this course/,
      );
      writeFileSync(path.join(root, "other.txt"), "anna\nbert\ncarl\ndora\nemil\nfred\ngert\nhans\nida\njan\nkarl\n");
      expect(await resume(whole, "--data", "other.txt")).toMatch(/, expected \[|these are other names/);
      expect(await resume(whole, "--steps", "10")).toMatch(/has already done 20 steps/);
    });
  });

  it("is resumed only after everything that was kept has been checked, and left unchanged if something is missing", async () => {
    await withCopy(async (root) => {
      await dojo([...SHORT, "--steps", "20"], root);
      const [run] = runsIn(root);
      const file = path.join(root, "runs", run!, "loss.csv");
      const whole = readFileSync(file, "utf8");
      const lines = whole.split("\n");
      const broken = [
        "",
        lines.slice(0, 12).join("\n"),
        whole.slice(0, 200),
        whole.replace("\n7,", "\n8,"),
        whole.replace(/\n7,.*/, "\n7,"),
        whole.replace(/\n7,.*/, "\n7,NaN"),
        whole.replace(/\n7,.*/, "\n7,anna"),
        whole.replaceAll(",", ";"),
        `mine\n${lines.slice(9).join("\n")}`,
      ];
      for (const text of broken) {
        writeFileSync(file, text);
        expect(() => lossesUpTo(path.dirname(file), 20), text).toThrow(
          /loss\.csv: (has no loss of step \d+|is empty or missing), but the checkpoint is at step 20; /,
        );
        expect(readFileSync(file, "utf8")).toBe(text);
      }
      const { status, stderr } = await dojo([...SHORT, "--resume", "--steps", "25"], root);
      expect({ status, stderr: stderr.includes("loss.csv") }).toEqual({ status: 2, stderr: true });
      expect(readFileSync(file, "utf8")).toBe(broken.at(-1));
      // a run that was killed may have written more losses than its checkpoint counts, and half a line
      writeFileSync(file, `${whole}20,2.5\n21,2.`);
      expect(await dojo([...SHORT, "--resume", "--steps", "25"], root)).toMatchObject({ status: 0, stderr: "" });
      const after = readFileSync(file, "utf8");
      expect(after.startsWith(whole)).toBe(true);
      expect(after.trimEnd().split("\n")).toHaveLength(26);
      expect(after).not.toContain("20,2.5\n");
    });
  });

  it("whose loss is no longer finite names the step, the first such tensor and a likely reason", async () => {
    await withCopy(async (root) => {
      const file = path.join(root, "solutions/4-training-loop/train.ts");
      const text = readFileSync(file, "utf8");
      const climbing = text.replace("mul(learningRate)", "mul(-1e30 * learningRate)");
      expect(climbing).not.toBe(text);
      writeFileSync(file, climbing);
      const { status, stdout } = await dojo([...SHORT, "--steps", "200"], root);
      expect(status).toBe(1);
      expect(stdout).toMatch(
        /the loss at step \d+ is not finite: .*(the first tensor that is not finite is|is not finite before the step)/,
      );
      expect(existsSync(path.join(root, "runs", runsIn(root)[0]!, "loss.csv"))).toBe(true);
    });
  });
});

/** A command that is interrupted once it has shown some progress. */
function interrupted(root: string, args: string[]): Promise<{ status: number; stdout: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: "1", INIT_CWD: root };
    const child = spawn(process.execPath, [path.join(root, "grader/start.cjs"), ...args], { cwd: root, env });
    let stdout = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout.includes("step ")) child.kill("SIGINT");
    });
    child.on("close", (code) => resolve({ status: Number(code), stdout }));
  });
}
