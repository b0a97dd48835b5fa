// loaded before the grader's own, which must be boxed nevertheless
import { version } from "esbuild";
import { chmodSync, readFileSync, readlinkSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { findProgram } from "../../grader/runner/box.ts";
import { bundleSteps } from "../../grader/runner/bundle.ts";
import { childrenOf } from "../../grader/runner/processor-time.ts";
import { solutionsFolder } from "../../grader/runner/project.ts";
import { dojo, withCopy } from "../copies.ts";
import { exercise, stepOf, withFolder } from "../trees.ts";

const isLinux = process.platform === "linux";
const COMPUTED = 'the name of an import is computed; write it out, as in import { f } from "./beside.ts"';

/** The result of bundling a dprobs that contains this expression. */
function bundled(expression: string): Promise<string> {
  const text = `declare const require: any;\nconst n: string = "x";\nexport const y = ${expression};\n${exercise("dprobs", "return y;")}`;
  return withFolder({ "1-step-by-step/02-dprobs.ts": text, "1-step-by-step/ax.ts": "export {};" }, async (root) => {
    const made = (await bundleSteps(root, [stepOf("dprobs")])).get("dprobs")!;
    return "kind" in made ? made.message : made.code;
  });
}

describe("a computed import", () => {
  const up = "./../../../../../../../..";
  it.each([
    ["of a file that exists", `require("${up}${solutionsFolder}/1-step-by-step/" + n + ".ts")`],
    ["of a file that does not exist", `require("${up}/no/such/folder/" + n + ".ts")`],
    ["of a neighbour", `require("./a" + n + ".ts")`],
    ["by a template", `import(\`${up}/etc/host\${n}\`)`],
    ["as text", `import("${up}/proc/self/enviro" + n, { with: { type: "text" } } as any)`],
    ["as bytes", `import("${up}/proc/self/enviro" + n, { with: { type: "bytes" } } as any)`],
    ["of a folder's JSON", `require("${up}/etc/" + n + "/" + n + ".json")`],
  ])("%s gets the same message, whether the file exists or not", async (_what, expression) => {
    expect(await bundled(expression)).toBe(`does not compile: ${COMPUTED}`);
  });

  it("does not prevent other files from being bundled", async () => {
    const files = {
      "1-step-by-step/02-dprobs.ts": `declare const require: any;\nconst n: string = "x"; require("./" + n);`,
      "1-step-by-step/05-dcounts.ts": exercise("dcounts", "return given.counts;"),
    };
    const made = await withFolder(files, (root) => bundleSteps(root, [stepOf("dprobs"), stepOf("dcounts")]));
    expect(made.get("dcounts")).toHaveProperty("code");
  });
});

describe.runIf(isLinux)("the bundler's process", () => {
  const bundlers = (pid: number): number[] =>
    childrenOf(pid).flatMap((child) => [...(isBundler(child) ? [child] : []), ...bundlers(child)]);
  const isBundler = (pid: number): boolean => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--service=");

  it("has nothing of the grader's environment", async () => {
    process.env["DOJO_CANARY"] = "s3cret-canary";
    try {
      await bundled("1");
      const found = bundlers(process.pid);
      expect(found.length).toBeGreaterThan(0);
      const names = found.flatMap((pid) =>
        readFileSync(`/proc/${pid}/environ`, "utf8")
          .split("\0")
          .filter(Boolean)
          .map((entry) => entry.split("=")[0]!),
      );
      const known = ["ESBUILD_PROGRAM", "ESBUILD_KILOBYTES", "ESBUILD_BUBBLEWRAP", "PWD", "OLDPWD", "SHLVL", "_"];
      expect(names.filter((name) => !known.includes(name))).toEqual([]);
      expect(process.env["DOJO_CANARY"]).toBe("s3cret-canary");
      expect(process.env["ESBUILD_BINARY_PATH"]).toBeUndefined();
    } finally {
      delete process.env["DOJO_CANARY"];
    }
  });

  it.runIf(findProgram("bwrap"))("sees no file except its own program, if there is bubblewrap", async () => {
    await bundled("1");
    const inside = bundlers(process.pid).find((pid) => readlinkSync(`/proc/${pid}/exe`) === "/esbuild")!;
    expect(readdirSync(`/proc/${inside}/root`)).toEqual(["esbuild"]);
  });

  it("is another one than that of whoever else loads esbuild", async () => {
    const { version: again, build } = await import("esbuild");
    expect(again).toBe(version);
    // the box would hide this file from it
    const { outputFiles } = await build({ entryPoints: [import.meta.filename], write: false });
    expect(outputFiles[0]!.text).toContain("describe");
  });

  it("refuses the same imports without bubblewrap", async () => {
    const text = `declare const require: any;\n${exercise("dcounts", `const n = "05-dcounts"; return require("./solutions/1-step-by-step/" + n + ".ts").dcounts(given);`)}`;
    await withFolder({ "1-step-by-step/05-dcounts.ts": text, "bin/x": "" }, async (root) => {
      for (const name of ["sh", "env", "setpriv", "prlimit"]) {
        const program = findProgram(name);
        if (program) symlinkSync(program, path.join(root, "bin", name));
      }
      const { PATH } = process.env;
      process.env["PATH"] = path.join(root, "bin");
      try {
        const { stdout } = await dojo(["grade", "dcounts", "--from", root]);
        expect(stdout).toContain(COMPUTED);
      } finally {
        process.env["PATH"] = PATH;
      }
    });
  });

  it.each([
    ["without its right to run", (file: string) => chmodSync(file, 0o644)],
    ["with line ends of another system", (file: string) => writeFileSync(file, crlf(readFileSync(file, "utf8")))],
  ])("that cannot start, %s, is reported as a fault of the grader", async (_what, breakIt) => {
    await withCopy(async (root) => {
      breakIt(path.join(root, "grader/runner/esbuild.sh"));
      const { status, stdout, stderr } = await dojo(["grade", "dprobs", "dcounts"], root);
      expect(stdout).toBe("");
      expect(stderr).toMatch(/^backprop-dojo: the bundler, esbuild, does not run on this machine.*\n$/);
      expect(status).toBe(2);
    });
  });
});

function crlf(text: string): string {
  return text.replaceAll("\n", "\r\n");
}
