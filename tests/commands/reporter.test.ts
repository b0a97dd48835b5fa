import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { boxFor } from "../../grader/commands/usage.ts";
import { LARGEST_RESULT } from "../../grader/report/platforms/prairielearn.ts";
import { bubblewrapProblem } from "../../grader/runner/box.ts";
import { saveWhole } from "../../grader/runner/whole.mjs";
import { exercise, stepOf, withFolder } from "../trees.ts";
import { dojo, withWorkspace } from "./in-process.ts";
import { expectRefusal } from "./refusal.ts";

vi.mock("../../grader/runner/project.ts", async (original) => (await import("./in-process.ts")).inWorkspace(original));
vi.mock("../../grader/runner/whole.mjs", async (original) => {
  const whole = (await original()) as typeof import("../../grader/runner/whole.mjs");
  return { ...whole, saveWhole: vi.fn(whole.saveWhole) };
});

/** Whether standard output is a file, as after > report.txt. */
let isToFile = false;

vi.mock("node:fs", async (original) => {
  const fs = (await original()) as typeof import("node:fs");
  const fstatSync = (descriptor: number): object =>
    descriptor === 1 ? { isFile: () => isToFile } : fs.fstatSync(descriptor);
  return { ...fs, default: { ...fs, fstatSync }, fstatSync };
});

const wrong = exercise("dprobs", "return given.probs.mul(given.dlogprobs);");
/** Loose files, as they are downloaded: no folder of the course. */
const loose = { "02-dprobs (1).ts": wrong, "db.ts": exercise("db", "return given.dc.neg();") };
const outputs = ["results", "nested", "result.json"];

async function reported(
  reporter: string,
  ...args: string[]
): Promise<{ text: string; status: number; stdout: string }> {
  return withFolder(loose, async (folder) => {
    const file = path.join(folder, ...outputs);
    const { status, stdout } = await dojo([
      "grade",
      "db",
      "dprobs",
      "--from",
      folder,
      "--reporter",
      reporter,
      "--output",
      file,
      ...args,
    ]);
    return { text: readFileSync(file, "utf8"), status, stdout };
  });
}

describe("grade --reporter", () => {
  it("grades loose files for a platform, writes the result into a new folder, and ends with 0 whatever it says", async () => {
    const { text, status, stdout } = await reported("gradescope");
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
    expect(JSON.parse(text)).toMatchObject({ score: 1, tests: [{ status: "passed" }, { status: "failed" }] });
  });

  it("shows PrairieLearn the heat map of the first wrong step", async () => {
    const { text } = await reported("prairielearn");
    const { tests } = JSON.parse(text) as { tests: { name: string; images?: { url: string }[] }[] };
    const [image] = tests.find(({ name }) => name === "1.2 dprobs")!.images!;
    const svg = Buffer.from(image!.url.split(",")[1]!, "base64").toString("utf8");
    expect(svg).toMatch(/^<svg [^]*dprobs[^]*reference \[32, 27\][^]*<\/svg>\n$/);
    expect(Buffer.byteLength(text)).toBeLessThan(LARGEST_RESULT);
  });

  it("counts the points of a file", async () => {
    await withFolder({ "points.json": '{ "*": 2, "dprobs": 5 }' }, async (folder) => {
      const { text } = await reported("gradescope", "--points", path.join(folder, "points.json"));
      const { tests } = JSON.parse(text) as { tests: { score: number; max_score: number }[] };
      expect(tests.map(({ score, max_score }) => `${score} of ${max_score}`)).toEqual(["2 of 2", "0 of 5"]);
    });
  });

  it("tells Classroom 50 what it wants to know of itself, with the release's text beside the result", async () => {
    const environment = ["CLASSROOM", "ASSIGNMENT", "OWNER", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL"];
    await withFolder({ ...loose, outputs: "" }, async (folder) => {
      // a run of dojo ends with the environment as it was
      const stub = (): void => {
        for (const name of environment) vi.stubEnv(name, `the ${name}`);
        vi.stubEnv("GITHUB_OUTPUT", path.join(folder, "outputs"));
      };
      stub();
      const grade = [
        "grade",
        "--reporter",
        "classroom50",
        "--output",
        path.join(folder, "result.json"),
        "--from",
        folder,
      ];
      expect((await dojo([...grade, "dprobs"])).status).toBe(0);
      const read = (name: string): string => readFileSync(path.join(folder, name), "utf8");
      expect(JSON.parse(read("result.json"))).toMatchObject({ classroom: "the CLASSROOM", score: 0, "max-score": 1 });
      expect(read("release-body.md")).toContain("| 1.2 dprobs | wrong | 0 of 1 |");
      expect(read("outputs")).toBe("");

      stub();
      expect((await dojo([...grade, "no-such-step"])).status).toBe(0);
      expect(JSON.parse(read("result.json"))).toMatchObject({ score: 0, "max-score": 0, tests: [] });
      expect(read("outputs")).toMatch(
        /^status=error\nsummary=This submission could not be graded: there is no step [^\n]*\n$/,
      );
      expect(read("release-body.md")).toMatch(/^### Backprop Dojo: not graded\n\nThis submission could not be graded/);
    });
  });

  it("writes a result also if there is nothing to grade, in the platform's own way", async () => {
    await withFolder({ "essay.md": "My work." }, async (folder) => {
      const run = async (reporter: string): Promise<string> => {
        const { status, stdout, stderr } = await dojo(["grade", "--from", folder, "--reporter", reporter]);
        expect({ status, stderr }).toEqual({
          status: 0,
          stderr: expect.stringMatching(/no file in it is a step|holds no step/),
        });
        return stdout;
      };
      const why = expect.stringMatching(/^This submission could not be graded: no file in it is a step/);
      expect(JSON.parse(await run("gradescope"))).toMatchObject({ score: 0, output: why });
      expect(JSON.parse(await run("prairielearn"))).toMatchObject({ gradable: false, format_errors: [why] });
      expect(JSON.parse(await run("exercism"))).toMatchObject({ status: "error", message: why });
      expect(await run("junit")).toMatch(/errors="1"[^]*<error type="not graded" message="This submission could not/);
      expect(await run("github")).toMatch(
        /^::error title=Backprop Dojo::This submission could not be graded: .* holds no step/,
      );
    });
  });

  it("has written that grading did not finish before it begins, for a grader that is killed", async () => {
    vi.mocked(saveWhole).mockClear();
    await reported("prairielearn");
    const texts = vi.mocked(saveWhole).mock.calls.map(([, text]) => JSON.parse(String(text)));
    expect(texts).toHaveLength(2);
    expect(texts[0]).toMatchObject({
      gradable: false,
      format_errors: [expect.stringContaining("Grading did not finish")],
    });
    expect(texts[1]).toMatchObject({ gradable: true });
  });

  it("--untrusted=strongest takes bubblewrap where it works", () => {
    expect(boxFor("strongest")).toBe(bubblewrapProblem() === undefined ? "bubblewrap" : "plain");
  });

  it("is refused where no result could be written, or options contradict each other", async () => {
    const refused = async (line: RegExp, ...args: string[]): Promise<void> =>
      expectRefusal(await dojo(["grade", ...args]), line);
    await refused(
      /--reporter gradebook: choose one of gradescope, prairielearn, classroom50, /,
      "--reporter",
      "gradebook",
    );
    await refused(
      /--reporter classroom50: Classroom 50 sets CLASSROOM, .* in the environment/,
      "--reporter",
      "classroom50",
    );
    await refused(/--output goes with --reporter/, "--output", "x.json");
    await refused(/--reporter and --json: use one or the other/, "--reporter", "junit", "--json");
    await withFolder({ file: "" }, async (folder) => {
      const inFile = path.join(folder, "file", "results.json");
      await refused(
        /--output .*results\.json: cannot be written \(E/,
        "db",
        "--reporter",
        "gradescope",
        "--output",
        inFile,
      );
    });
  });
});

describe("on GitHub", () => {
  it("grade annotates files and writes the job's summary by itself, with a learner's text kept from being commands", async () => {
    await withWorkspace(async (root) => {
      const { file } = stepOf("dprobs");
      mkdirSync(path.dirname(path.join(root, "exercises", file)), { recursive: true });
      writeFileSync(
        path.join(root, "exercises", file),
        wrong.replace("return", 'console.log("::error::mine");\n  return'),
      );
      const summary = path.join(root, "summary.md");
      appendFileSync(summary, "Before.\n");
      const run = async (): Promise<string> => (await dojo(["grade", "dprobs"], root)).stdout;
      const plain = await run();
      vi.stubEnv("GITHUB_ACTIONS", "true");
      vi.stubEnv("GITHUB_WORKSPACE", root);
      vi.stubEnv("GITHUB_STEP_SUMMARY", summary);
      const [first, ...lines] = (await run()).split("\n");
      const [, token] = /^::stop-commands::([\w-]{36})$/.exec(first!)!;
      const end = lines.indexOf(`::${token}::`);
      expect(lines.slice(0, end)).toEqual(plain.split("\n").slice(0, -1));
      expect(lines.slice(end + 1)).toEqual([
        // at the function, where nothing says more
        expect.stringMatching(
          /^::error file=exercises\/1-step-by-step\/02-dprobs\.ts,line=3,title=1\.2 dprobs%3A wrong::looks like: /,
        ),
        "::notice title=Backprop Dojo::0 of 1 points: 0 passed, 1 wrong, 0 not started",
        "",
      ]);
      expect(readFileSync(summary, "utf8")).toMatch(
        /^Before\.\n### Backprop Dojo: 0 of 1 points[^]*\| 1\.2 dprobs \| wrong \|/,
      );
      // JSON is nothing else
      vi.stubEnv("GITHUB_ACTIONS", "true");
      expect((await dojo(["grade", "dprobs", "--json"], root)).stdout).toMatch(/^\{\n/);
    });
  });

  it("does neither if its output goes to a file, of which the workflow makes what it wants", async () => {
    isToFile = true;
    vi.stubEnv("GITHUB_ACTIONS", "true");
    const { stdout } = await dojo(["grade", "db", "--from", "solutions"]);
    isToFile = false;
    expect(stdout).toMatch(/^ ?0\.2 [^]*\n1 of 1 passed\n$/);
  });

  it("--output names the file of the summary", async () => {
    await withFolder({}, async (folder) => {
      const summary = path.join(folder, "summary.md");
      const { status, stdout } = await dojo([
        "grade",
        "db",
        "--from",
        "solutions",
        "--reporter",
        "github",
        "--output",
        summary,
      ]);
      expect(status).toBe(0);
      expect(stdout).toContain("\n::notice title=Backprop Dojo::1 of 1 points: 1 passed, 0 wrong, 0 not started\n");
      expect(readFileSync(summary, "utf8")).toContain("Passed: 1");
      expect(existsSync(path.join(folder, "release-body.md"))).toBe(false);
    });
  });
});
