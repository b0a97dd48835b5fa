import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { handedLimits } from "../../grader/class/limits.ts";
import { SubmissionProblem } from "../../grader/class/problem.ts";
import { openZip } from "../../grader/class/handed/zip.ts";
import { unpacked } from "../../grader/class/tree/archives.ts";
import { findTree } from "../../grader/class/tree/find.ts";
import { steps } from "../../grader/course/steps.ts";
import { solutionOf } from "../../grader/runner/workspace/stubs.ts";
import { stepOf } from "../trees.ts";
import { zipOf } from "./exports.ts";

const step = stepOf("dcounts");
const solved = { [step.file]: solutionOf(step)! };

/** A file as handed in. */
function handed(path: string, data: Uint8Array | string) {
  const bytes = Buffer.from(data as Uint8Array);
  return { path, read: (most: number) => (bytes.length > most ? tooLarge() : Promise.resolve(bytes)) };
}
const tooLarge = (): Promise<never> => Promise.reject(new SubmissionProblem("too-large", "too large"));

/** What is found in one handed-in archive: the names of the tree's files, or the problem's id. */
async function foundIn(data: Uint8Array, name = "a.zip"): Promise<string[] | string> {
  try {
    const { files, close } = await unpacked({ files: [handed(name, data)] });
    const { texts } = await findTree(files, steps);
    close();
    return [...texts.keys()];
  } catch (error) {
    if (error instanceof SubmissionProblem) return error.id;
    throw error;
  }
}

/** A zip with other bytes in the place of some of its own, all of them. */
function edited(zip: Uint8Array, from: string, to: string): Uint8Array {
  const hex = Buffer.from(zip).toString("latin1").replaceAll(from, to);
  return Uint8Array.from(Buffer.from(hex, "latin1"));
}

describe("an archive", () => {
  it("is read whatever it is called and however deep its folders are", async () => {
    expect(await foundIn(zipOf(solved))).toEqual([step.file]);
    expect(await foundIn(zipOf({ [`a/b/c/${step.file}`]: "x" }), "ADA.ZIP")).toEqual([step.file]);
    expect(await foundIn(edited(zipOf(solved), "1-step-by-step/05", "1-step-by-step\\05"))).toEqual([step.file]);
  });

  it("in an archive in an archive is not opened", async () => {
    const twice = zipOf({ "b.zip": zipOf(solved) });
    expect(await foundIn(zipOf({ "c.zip": twice }))).toBe("no-steps");
  });

  it.each<[string, Uint8Array, string]>([
    ["with a path that leads out of it", zipOf({ ...solved, "../up.ts": "x" }), "unsafe-zip"],
    ["with a path that leads out further in", zipOf({ ...solved, "a/../../up.ts": "x" }), "unsafe-zip"],
    ["with an absolute path", zipOf({ ...solved, "/etc/passwd": "x" }), "unsafe-zip"],
    ["with a drive's letter", zipOf({ ...solved, "C:\\up.ts": "x" }), "unsafe-zip"],
    ["with a link", zipSync({ "link.ts": [strToU8("/etc/passwd"), { os: 3, attrs: 0o120777 << 16 }] }), "unsafe-zip"],
    ["that is cut off", zipOf(solved).slice(0, -30), "broken-zip"],
    ["that is none", strToU8("Rar!"), "broken-zip"],
    ["of nothing", new Uint8Array(), "broken-zip"],
    [
      "with a password",
      edited(zipOf(solved), "PK\x01\x02\x14\x00\x14\x00\x00", "PK\x01\x02\x14\x00\x14\x00\x01"),
      "broken-zip",
    ],
    ["whose bytes are damaged", damaged(zipOf({ [step.file]: solved[step.file]!.repeat(9) })), "broken-zip"],
    ["of too many files", zipOf(numbered(handedLimits.files + 1)), "too-large"],
    ["of 10,000 files", zipOf(numbered(10_000)), "too-large"],
  ])("%s is refused", async (_, data, id) => {
    expect(await foundIn(data)).toBe(id);
  });

  it("with more entries than are read is refused before they are", async () => {
    await expect(openZip(Buffer.from(zipOf(numbered(20))), "a.zip", 10)).rejects.toThrow("more than the 10");
  });

  it("that unpacks to gigabytes costs no more than the limit", async () => {
    // 1 MB of zeros in 1 kB, more often than fits into what is read of a submission
    const zeros = new Uint8Array(1_000_000);
    const bomb = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`1-step-by-step/${i}.ts`, zeros]));
    expect(await foundIn(zipOf({ ...bomb, ...solved }))).toBe("too-large");
    // one entry that says that it is small
    const large = zipOf({ [step.file]: new Uint8Array(60_000_000) });
    const [size, small] = [60_000_000, 1000].map((n) => Buffer.from(Uint32Array.of(n).buffer).toString("latin1"));
    expect(await foundIn(edited(large, size!, small!))).toBe("broken-zip");
  });

  it("with a file that is too large loses only that step", async () => {
    const { files } = await unpacked({
      files: [handed("a.zip", zipOf({ ...solved, [stepOf("dprobs").file]: new Uint8Array(2_000_000) }))],
    });
    const { texts } = await findTree(files, steps);
    expect(texts.get(stepOf("dprobs").file)).toEqual({ problem: expect.stringContaining("2000000 bytes") as string });
    expect(texts.get(step.file)).toBe(solved[step.file]);
  });

  it("with several entries of one path has the last one", async () => {
    const twice = edited(
      zipOf({ "x/1-step-by-step/05-dcounts.ts": "old", "y/1-step-by-step/05-dcounts.ts": "new" }),
      "y/1",
      "x/1",
    );
    const { files } = await unpacked({ files: [handed("a.zip", twice)] });
    expect((await findTree(files, steps)).texts.get(step.file)).toBe("new");
  });
});

function numbered(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}.ts`, ""]));
}

function damaged(zip: Uint8Array): Uint8Array {
  const copy = zip.slice();
  // behind the first entry's head
  copy.fill(0xff, 90, 120);
  return copy;
}
