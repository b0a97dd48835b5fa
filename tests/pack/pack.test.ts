import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { filesBelow, stubOf } from "../../grader/runner/workspace/stubs.ts";
import { textFile } from "../../grader/commands/pack/pack.ts";
import { zipped } from "../../grader/commands/pack/write.ts";
import { dojo } from "../commands/in-process.ts";
import { expectRefusal } from "../commands/refusal.ts";
import { exercise, stepOf } from "../trees.ts";
import { problemOfPlacing, run, runPlaced } from "./placed.ts";

const problem = await problemOfPlacing();
if (problem) process.stdout.write(`\nSKIPPED: the packs, run as on their platforms: ${problem}\n`);

let folder: string;
const at = (...names: string[]): string => path.join(folder, ...names);
const json = (...names: string[]): Told => JSON.parse(readFileSync(at(...names), "utf8")) as Told;

/** What the tests read of a platform's files. */
interface Told {
  score: number;
  tests: { name: string; score: number; max_score: number; images?: { url: string }[] }[];
  uuid: string;
  externalGradingOptions: { timeout: number };
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "backprop-dojo-test-"));
  chmodSync(folder, 0o755);
  // one right, one wrong, one that a browser renamed and that does not compile
  write("student/02-dprobs.ts", exercise("dprobs", "return given.probs.mul(given.dlogprobs);"));
  write("student/02-db (1).ts", exercise("db", "return given.dc.neg();"));
  write("broken/02-dprobs.ts", "export function dprobs(");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(path.dirname(at(file)), { recursive: true });
  writeFileSync(at(file), text);
}

/** Writes a pack of two steps, the second worth three points. */
async function packed(kind: string, place: string): Promise<string> {
  write("points.json", '{ "*": 1, "dprobs": 3 }');
  const { status, stdout, stderr } = await dojo([
    "pack",
    kind,
    at(place),
    "db",
    "dprobs",
    "--points",
    at("points.json"),
  ]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
}

/** Files that no learner may see, or that no pack needs. */
function expectNoAnswers(files: readonly string[]): void {
  expect(files.filter((file) => /solutions|exercises|tests\/.*\.ts/.test(file))).toEqual([]);
}

describe("the pack for Gradescope", () => {
  it("is a zip with its programs at the root, and no solution", async () => {
    expect(await packed("gradescope", "autograder.zip")).toMatch(
      /autograder\.zip: \d+ files, \d+\.\d MB\nOn Gradescope: /,
    );
    const zip = readFileSync(at("autograder.zip"));
    // the same grader as in the other packs: Classroom 50 takes no more than 10 MiB
    expect(zip.length).toBeLessThan(10 * 2 ** 20);
    const files = unzipSync(zip);
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(["setup.sh", "run_autograder", "steps.txt", "points.json"]),
    );
    expectNoAnswers(Object.keys(files));
    const text = new TextDecoder().decode(files["run_autograder"]);
    expect(text).toMatch(/^#!\/bin\/sh\n/);
    expect(text).not.toContain("\r");
  });

  it.skipIf(problem)(
    "grades in /autograder, which is read-only but for results, as another user and without a network",
    async () => {
      // unpacked by another program than the one that packed it: the right to run programs is kept
      expect((await run(["python3", "-c", UNZIP, at("autograder.zip"), at("source")])).status).toBe(0);
      const { status, output } = await runPlaced({
        files: {
          "/autograder/source": at("source"),
          "/autograder/run_autograder": at("source/run_autograder"),
          "/autograder/submission": at("student"),
        },
        writable: { "/autograder/results": at("gradescope-results") },
        folder: "/autograder",
        command: ["/autograder/run_autograder"],
      });
      expect({ status, output }).toEqual({ status: 0, output: "" });
      const { score, tests } = json("gradescope-results/results.json");
      expect(score).toBe(1);
      expect(tests.map(({ name, score, max_score }) => `${name} ${score} of ${max_score}`)).toEqual([
        "db 1 of 1",
        "dprobs 0 of 3",
      ]);
      expect(readdirSync(at("gradescope-results"))).toEqual(["results.json"]);
    },
  );

  it.skipIf(problem)("installs Node where there is none, after checking what it downloaded", async () => {
    const setup = async (sums: string): Promise<string> => {
      rmSync(at("image"), { recursive: true, force: true });
      write("image/node-v24.1.0-linux-x64/bin/node", "#!/bin/sh\necho v24.1.0\n");
      chmodSync(at("image/node-v24.1.0-linux-x64/bin/node"), 0o755);
      const archive = "node-v24.1.0-linux-x64.tar.gz";
      await run(["tar", "-czf", at("image", archive), "-C", at("image"), "node-v24.1.0-linux-x64"]);
      const { output } = await run(["sha256sum", at("image", archive)]);
      const real = output.slice(0, 64);
      write("image/SHASUMS256.txt", `${"0".repeat(64)}  node-v24.1.0.tar.gz\n${sums || real}  ${archive}\n`);
      // a download is a file of the folder
      write(
        "bin/curl",
        `#!/bin/sh\nfor last; do :; done\nwhile [ "$1" != -o ]; do shift; done\ncp "${at("image")}/\${last##*/}" "$2"\n`,
      );
      chmodSync(at("bin/curl"), 0o755);
      mkdirSync(at("prefix"), { recursive: true });
      const tools = ["bash", "chmod", "cp", "gzip", "grep", "mktemp", "rm", "sed", "sh", "sha256sum", "tar"];
      for (const tool of tools) cpSync(`/usr/bin/${tool}`, at("bin", tool), { dereference: true });
      const environment = {
        PATH: `${at("bin")}:${at("prefix/bin")}`,
        NODE_PREFIX: at("prefix"),
        AUTOGRADER_ROOT: at("built"),
      };
      mkdirSync(at("built"), { recursive: true });
      cpSync(at("source"), at("built/source"), { recursive: true });
      chmodSync(at("built/source/dojo/grader/runner/esbuild.sh"), 0o644);
      const ran = await run(["/usr/bin/bash", at("source/setup.sh")], environment);
      return `${ran.status} ${ran.output.trim()}`;
    };
    expect(await setup("f".repeat(64))).toMatch(/^1 .*FAILED/);
    expect(await setup("")).toBe("0 v24.1.0");
    expect(statSync(at("built/source/dojo/grader/runner/esbuild.sh")).mode & 0o111).toBe(0o111);
  });
});

const UNZIP = `
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    for entry in archive.infolist():
        os.chmod(archive.extract(entry, sys.argv[2]), entry.external_attr >> 16)
`;

describe("the pack for PrairieLearn", () => {
  const question = "questions/backprop-dojo-dprobs";

  it("is a question with an editor for one step, an upload for several, and the grader beside the questions", async () => {
    expect((await dojo(["pack", "prairielearn", at("one"), "dprobs"])).status).toBe(0);
    const info = json("one", question, "info.json");
    expect(info).toMatchObject({ type: "v3", gradingMethod: "External", singleVariant: true });
    expect(info.uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    // strict there: a key that is not known is refused
    expect(Object.keys(info.externalGradingOptions).sort()).toEqual([
      "entrypoint",
      "image",
      "serverFilesCourse",
      "timeout",
    ]);
    expect(info.externalGradingOptions.timeout).toBeLessThanOrEqual(600);
    expect(readFileSync(at("one", question, "question.html"), "utf8")).toContain(
      '<pl-file-editor file-name="02-dprobs.ts" source-file-name="02-dprobs.ts"',
    );
    expect(readFileSync(at("one", question, "02-dprobs.ts"), "utf8")).toBe(stubOf(stepOf("dprobs")));
    expectNoAnswers(filesBelow(at("one")).filter((file) => !file.endsWith("02-dprobs.ts")));

    // into a course that is there: another question is added, and the first one stays
    write("one/infoCourse.json", "{}");
    write(`one/${question}/question.html`, "The instructor's own words.");
    write("one/serverFilesCourse/backprop-dojo/old.txt", "");
    for (const step of ["dprobs", "db"]) expect((await dojo(["pack", "prairielearn", at("one"), step])).status).toBe(0);
    expect(readFileSync(at("one", question, "question.html"), "utf8")).toBe("The instructor's own words.");
    expect(readdirSync(at("one/questions"))).toEqual(["backprop-dojo-db", "backprop-dojo-dprobs"]);
    expect(readdirSync(at("one/serverFilesCourse/backprop-dojo"))).toEqual(expect.not.arrayContaining(["old.txt"]));

    await packed("prairielearn", "several");
    const [name] = readdirSync(at("several/questions"));
    expect(readFileSync(at("several/questions", name!, "question.html"), "utf8")).toContain(
      'optional-file-names="02-db.ts,02-dprobs.ts"',
    );
  });

  it.skipIf(problem)("grades in /grade, which is read-only but for itself", async () => {
    const grade = async (student: string): Promise<Told> => {
      const [name] = readdirSync(at("several/questions"));
      const { status, output } = await runPlaced({
        files: {
          "/grade/serverFilesCourse": at("several/serverFilesCourse"),
          "/grade/tests": at("several/questions", name!, "tests"),
          "/grade/student": at(student),
        },
        writable: { "/grade/results": at(`prairielearn-${student}`) },
        folder: "/",
        command: ["/grade/serverFilesCourse/backprop-dojo/run.sh"],
      });
      expect({ status, output }).toEqual({ status: 0, output: "" });
      return json(`prairielearn-${student}/results.json`);
    };
    const right = await grade("student");
    expect(right).toMatchObject({ gradable: true, score: 0.25 });
    expect(right.tests[1]!.images![0]!.url).toMatch(/^data:image\/svg\+xml;base64,/);
    expect(await grade("broken")).toMatchObject({
      gradable: false,
      format_errors: [expect.stringContaining("does not compile")],
    });
  });
});

describe("the pack for Classroom 50", () => {
  it.skipIf(problem)("grades a checkout, which alone can be written, and says what it was told", async () => {
    await packed("classroom50", "bundle");
    expectNoAnswers(filesBelow(at("bundle")));
    cpSync(at("student"), at("checkout"), { recursive: true });
    const environment = {
      CLASSROOM: "cs",
      ASSIGNMENT: "dojo",
      OWNER: "ada",
      SUBMISSION_TAG: "submit/2026-11-21T12-00-00Z-a1b2c3d",
      COMMIT_URL: "https://example.org/c",
      RELEASE_URL: "https://example.org/r",
    };
    const { status, output } = await runPlaced({
      files: { "/bundle": at("bundle") },
      writable: { "/checkout": at("checkout") },
      folder: "/checkout",
      command: ["python3", "/bundle/autograder.py"],
      environment,
    });
    expect({ status, output }).toEqual({ status: 0, output: "" });
    expect(json("checkout/result.json")).toMatchObject({
      schema: "classroom50/result/v1",
      owner: "ada",
      score: 1,
      "max-score": 4,
    });
    expect(readFileSync(at("checkout/release-body.md"), "utf8")).toContain("### Backprop Dojo: 1 of 4 points");
  });
});

it("the pack for an image has what its recipe copies, and no solution", async () => {
  expect((await dojo(["pack", "image", at("image-folder")])).status).toBe(0);
  expect(readdirSync(at("image-folder")).sort()).toEqual(["Containerfile", "dojo"]);
  expect(readFileSync(at("image-folder/Containerfile"), "utf8")).toContain("COPY dojo /dojo\n");
  expectNoAnswers(filesBelow(at("image-folder")));
});

it("a zip has the same bytes whenever it is made, and keeps which files are programs", () => {
  const files = new Map([
    ["a.sh", textFile("a", true)],
    ["b", textFile("b")],
  ]);
  const zip = zipped(files);
  vi.setSystemTime(0);
  expect(zipped(files)).toEqual(zip);
  vi.useRealTimers();
});

it("a pack is refused where something is in the way, or nothing that it says is known", async () => {
  const refused = async (line: RegExp, ...args: string[]): Promise<void> =>
    expectRefusal(await dojo(["pack", ...args]), line);
  await refused(/pack what\? choose one of gradescope, prairielearn, classroom50, image, course$/m);
  await refused(/pack canvas\? choose one of /, "canvas", at("x"));
  await refused(/pack course to where\? /, "course");
  await refused(/holds .* already; choose a new or empty folder/, "gradescope", at("student"));
  await refused(/is no folder/, "gradescope", at("student/02-dprobs.ts"));
  await refused(/in the course's own folder/, "course", path.join(import.meta.dirname, "new"));
  await refused(/--without-solutions is for pack course/, "gradescope", at("x"), "--without-solutions");
  await refused(/pack course has every step; leave out dprobs/, "course", at("x"), "dprobs");
  await refused(/pack image has every step; leave out dprobs/, "image", at("x"), "dprobs");
  await refused(/pack image .*: leave out --points/, "image", at("x"), "--points", at("points.json"));
  await refused(/there is no step "dprob"; did you mean dprobs/, "gradescope", at("x"), "dprob");
  write("points.json", '{ "dprobs": 0.5 }');
  await refused(/--points .*points\.json: /, "gradescope", at("x"), "--points", at("points.json"));
  expect(readdirSync(folder)).not.toContain("x");
});
