import { execFileSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { solutionsFolder } from "../../grader/runner/project.ts";
import { withCopy } from "../copies.ts";

it("tsx runs a learner's own file, which may import #tensor and exercises", async () => {
  await withCopy((root) => {
    const file = "1-step-by-step/02-dprobs.ts";
    cpSync(path.join(solutionsFolder, file), path.join(root, "exercises", file));
    const lines = [
      'import { tensor, type Tensor } from "#tensor";',
      `import { dprobs } from "./exercises/${file}";`,
      "const probs: Tensor = tensor([0.5, 0.25], [1, 2]);",
      "console.log(dprobs({ probs, logprobs: probs.log(), dlogprobs: tensor([1, 2], [1, 2]) }).toArray());",
    ];
    writeFileSync(path.join(root, "scratch.ts"), lines.join("\n"));
    const tsx = path.join(root, "node_modules/tsx/dist/cli.mjs");
    expect(execFileSync(process.execPath, [tsx, "scratch.ts"], { cwd: root, encoding: "utf8" })).toBe(
      "Float32Array(2) [ 2, 8 ]\n",
    );
    return Promise.resolve();
  });
});
