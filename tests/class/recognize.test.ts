import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SubmissionProblem } from "../../grader/class/problem.ts";
import { readRoster } from "../../grader/class/roster.ts";
import { recognize } from "../../grader/class/sources/recognize.ts";
import { listClass } from "../../grader/class/submissions.ts";
import { unpacked } from "../../grader/class/tree/archives.ts";
import { findTree } from "../../grader/class/tree/find.ts";
import { steps } from "../../grader/course/steps.ts";
import { canvasGradebook, moodleZip, systems, zipOf } from "./exports.ts";
import { madeUpClass, type MadeUp } from "./made-up.ts";

let folder: string;
const learners = madeUpClass(24, 44);

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "backprop-dojo-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a system exports, in a folder or file of its own. */
function exported(name: string, write: (root: string) => void): string {
  const root = path.join(folder, name);
  if (!name.endsWith(".zip")) mkdirSync(root, { recursive: true });
  write(root);
  return root;
}

/** The texts of steps by learner, as they are found in an export; the problem's id if there is none. */
async function found(file: string, idOf: (learner: MadeUp) => string) {
  const recognized = await recognize(file, steps);
  try {
    const byId = new Map(recognized.found.map((one) => [one.people[0]!.id, one]));
    const trees = new Map<MadeUp, Record<string, unknown> | string>();
    for (const learner of learners) {
      const one = byId.get(idOf(learner));
      if (one) trees.set(learner, await treeOf(one.files));
    }
    return { what: recognized.what, passedOver: recognized.passedOver, byId, trees };
  } finally {
    recognized.close();
  }
}

async function treeOf(files: Parameters<typeof findTree>[0]): Promise<Record<string, unknown> | string> {
  try {
    const all = await unpacked({ files });
    const { texts } = await findTree(all.files, steps);
    all.close();
    return Object.fromEntries(steps.flatMap(({ file }) => (texts.has(file) ? [[file, texts.get(file)]] : [])));
  } catch (error) {
    if (error instanceof SubmissionProblem) return error.id;
    throw error;
  }
}

/** The steps that a learner has handed in, under the course's own names. */
function handedIn({ kind, files }: MadeUp): Record<string, string> {
  const entries = Object.entries(files).flatMap(([file, text]): [string, string][] => {
    const bare = file.replace(/^backprop-dojo\/exercises\//, "");
    if (steps.some((step) => step.file === bare)) return [[bare, text]];
    // loose files: each has the comment or the function of its step
    const step = kind === "loose" && steps.find(({ export: name }) => text.includes(`export function ${name}(`));
    return step ? [[step.file, text]] : [];
  });
  return Object.fromEntries(entries);
}

describe.each(systems)("$what", ({ what, file, write, idOf }) => {
  it("is recognized, and each learner's steps are found in it", async () => {
    const {
      what: said,
      trees,
      byId,
    } = await found(
      exported(file, (place) => write(place, learners)),
      idOf,
    );
    expect(said).toBe(what);
    const expected = learners.filter((learner) => byId.has(idOf(learner)));
    // some systems have no folder for who handed in nothing
    expect(expected.length).toBeGreaterThan(learners.length - 3);
    for (const learner of expected) {
      const theirs = handedIn(learner);
      const tree = trees.get(learner);
      if (Object.keys(theirs).length === 0) expect(tree).toMatch(/^(?:no-steps|empty|no-files)$/);
      else expect(tree, `${learner.number} ${learner.kind}`).toEqual(theirs);
    }
  });
});

describe("who handed in", () => {
  it("is known with the time and the people's names where the system says them", async () => {
    const { byId } = await found(path.join(folder, "assignment_7_export.zip"), ({ number }) => `${number}`);
    const [learner] = learners;
    const { people, received } = byId.get(String(learner!.number))!;
    expect(people).toEqual([
      { id: "1000", name: `${learner!.first} ${learner!.last}`, email: learner!.email, login: null },
    ]);
    expect(received).toBe(learner!.received);
    const canvas = await found(path.join(folder, "submissions.zip"), ({ number }) => `${number}`);
    expect([...canvas.byId.values()].filter(({ late }) => late)).toHaveLength(
      learners.filter(({ late }) => late).length,
    );
  });

  it("is joined with a gradebook, whose other lines handed nothing in", async () => {
    const recognized = await recognize(path.join(folder, "submissions.zip"), steps);
    recognized.close();
    const more = [...learners, { ...learners[0]!, number: 1, login: "nobody", first: "Never", last: "There" }];
    const { roster, unread } = listClass(recognized, readRoster(canvasGradebook(more)));
    expect(roster).toEqual({
      people: learners.length,
      found: learners.length,
      missing: [{ id: "1", name: "There, Never", email: null, login: "nobody" }],
    });
    expect(unread.map(({ submission }) => submission.people[0]!.login).sort()).toEqual(
      learners.map(({ login }) => login).sort(),
    );
  });
});

describe("other things that instructors have", () => {
  const solved = learners.find(({ kind }) => kind === "full")!.files;
  const files = (names: Record<string, string | Uint8Array>) => (root: string) => {
    for (const [name, data] of Object.entries(names)) {
      mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      writeFileSync(path.join(root, name), data);
    }
  };
  const listed = async (file: string, pattern?: RegExp) => {
    const recognized = await recognize(file, steps, { pattern });
    recognized.close();
    const { unread, older } = listClass(recognized, undefined);
    return { what: recognized.what, passedOver: recognized.passedOver, older, unread };
  };
  const idsOf = ({ unread }: Awaited<ReturnType<typeof listed>>): string[] =>
    unread.map(({ submission }) => submission.id);

  it("one learner's folder, checkout or file is one submission", async () => {
    const one = exported("ada", files(solved));
    expect(idsOf(await listed(one))).toEqual(["ada"]);
    const checkout = exported("clone", files({ "exercises/4-training-loop/train.ts": "", "package.json": "{}" }));
    expect(idsOf(await listed(checkout))).toEqual(["clone"]);
    expect(idsOf(await listed(path.join(one, "4-training-loop/train.ts")))).toEqual(["train.ts"]);
  });

  it("loose files are told apart by the name before the step's", async () => {
    const root = exported("loose", files({ "ada_train.ts": "", "ada-05-dcounts.ts": "", "bob_train (1).ts": "" }));
    const found = await listed(root);
    expect(found.what).toBe("loose files for each person");
    expect(idsOf(found)).toEqual(["ada", "bob"]);
    expect(found.unread[0]!.files.map(({ path }) => path).sort()).toEqual(["05-dcounts.ts", "train.ts"]);
  });

  it("of two by one person the newest counts, and the other is named", async () => {
    const one = zipOf(solved);
    const root = exported(
      "twice",
      files({ "ada.zip": one, "ada (1).zip": one, "ada (2).zip": one, "group-1.zip": one }),
    );
    const found = await listed(root);
    expect(found.older.map(({ name }) => name).sort()).toEqual(["ada (1).zip", "ada.zip"]);
    expect(idsOf(found)).toHaveLength(2);
  });

  it("a folder in which nothing can be read is a submission of nothing, and is passed over in no silence", async () => {
    const root = exported("hollow", files({ "ada/train.ts": "", "bob/node_modules/x.ts": "" }));
    mkdirSync(path.join(root, "eve", "exercises"), { recursive: true });
    mkdirSync(path.join(root, "lin"));
    symlinkSync("/etc/passwd", path.join(root, "lin", "train.ts"));
    // a name that is not UTF-8, as programs for Windows leave it
    const odd = Buffer.concat([Buffer.from(`${root}/zo`), Buffer.from([0xeb])]);
    if (process.platform === "linux") mkdirSync(odd);
    const found = await listed(root);
    expect(idsOf(found).slice(0, 4)).toEqual(["ada", "bob", "eve", "lin"]);
    expect(idsOf(found)).toHaveLength(process.platform === "linux" ? 5 : 4);
    expect(found.unread.map(({ files }) => files.length).slice(0, 4)).toEqual([1, 0, 0, 0]);
    for (const { files } of found.unread.slice(1)) expect(await treeOf(files)).toBe("empty");
    // the same in an archive, where folders have entries of their own
    const archive = exported("hollow.zip", (file) => writeFileSync(file, zipOf({ "ada/train.ts": "", "eve/": "" })));
    expect(idsOf(await listed(archive))).toEqual(["ada", "eve"]);
  });

  it("a pattern says whose a file is where nothing fits", async () => {
    const root = exported(
      "own",
      files({ "2026/17-Ada L/05-dcounts.ts": "x", "2026/18-Bob/train.ts": "y", "read.me": "" }),
    );
    const found = await listed(root, /2026\/(?<id>\d+)-(?<name>[^/]+)/u);
    expect(idsOf(found)).toEqual(["17", "18"]);
    expect(found.unread[0]!.submission.people[0]).toMatchObject({ id: "17", name: "Ada L" });
    expect(found.unread[0]!.files[0]!.path).toBe("05-dcounts.ts");
    expect(found.passedOver).toEqual(["read.me"]);
  });

  it("an export in a folder in a folder, or a zip in a folder, is still recognized", async () => {
    const root = exported("wrapped", files({ "a/b/moodle.zip": moodleZip(learners) }));
    expect((await listed(path.join(root, "a"))).what).toBe("a Moodle download");
  });

  it("files that nobody reads are passed over: of git, of editors, of macOS, of npm", async () => {
    const root = exported(
      "noise",
      files({ "ada/.git/x": "", "ada/node_modules/a/b.ts": "", "ada/._c": "", "ada/train.ts": "x" }),
    );
    const [ada] = (await listed(root)).unread;
    expect(ada!.files.map(({ path }) => path)).toEqual(["train.ts"]);
  });
});
