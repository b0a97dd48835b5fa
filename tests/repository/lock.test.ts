import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../grader/runner/project.ts";

/** One package of a lock, or the project itself. */
interface Locked {
  /** Its own name, if its folder has another. */
  readonly name?: string;
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The packages of a lock by their folder: `node_modules/esbuild`; the project itself is "". */
type Packages = Readonly<Record<string, Locked>>;

/** The folders, besides the project's own, that packages are installed in. */
const folders = readdirSync(projectRoot).filter((name) =>
  existsSync(path.join(projectRoot, name, "package-lock.json")),
);

function read(folder: string, name: string): unknown {
  return JSON.parse(readFileSync(path.join(projectRoot, folder, name), "utf8"));
}

/** Packages that another one needs and the lock does not list, each as `esbuild needs @esbuild/linux-x64`. */
function lacking(packages: Packages): string[] {
  return Object.entries(packages).flatMap(([folder, { dependencies, devDependencies, optionalDependencies }]) => {
    const needed = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
    return needed.filter((name) => !isFound(packages, folder, name)).map((name) => `${folder} needs ${name}`);
  });
}

/** Whether Node would find a package from a folder: in it, or in one that contains it. */
function isFound(packages: Packages, folder: string, name: string): boolean {
  const parents = [folder, ...parentsOf(folder)];
  return parents.some((parent) => `${parent}${parent === "" ? "" : "/"}node_modules/${name}` in packages);
}

/** The packages that contain a folder, the nearest first, then the project: `node_modules/a/node_modules/b` is in a. */
function parentsOf(folder: string): string[] {
  if (folder === "") return [];
  const parent = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")));
  return [parent, ...parentsOf(parent)];
}

describe.each(["", ...folders])("the lock of ./%s", (folder) => {
  const { packages } = read(folder, "package-lock.json") as { packages: Packages };
  const others = Object.entries(packages).filter(([name]) => name !== "");

  it("lists what every package needs on every system, so that npm ci works everywhere", () => {
    expect(lacking(packages)).toEqual([]);
    expect(others.length).toBeGreaterThan(0);
  });

  it("has a hash of every package and no address, so that each is fetched from the registry that npm is set to", () => {
    for (const [name, { integrity, resolved }] of others) {
      expect(integrity, name).toMatch(/^sha512-/);
      expect(resolved, name).toBeUndefined();
    }
  });

  it("agrees with package.json, in exact versions", () => {
    const manifest = read(folder, "package.json") as Locked;
    const asked = { ...manifest.dependencies, ...manifest.devDependencies };
    const locked = Object.keys(asked).map((name) => {
      const { name: of, version } = packages[`node_modules/${name}`] ?? {};
      // a second version of a package is there under another name
      return [name, of === undefined ? version : `npm:${of}@${version}`];
    });
    expect(Object.fromEntries(locked)).toEqual(asked);
  });
});

describe("a package missing from a lock is found:", () => {
  const { packages } = read("", "package-lock.json") as { packages: Packages };
  const without = (folder: string): Packages =>
    Object.fromEntries(Object.entries(packages).filter(([name]) => name !== folder));

  it.each([
    ["esbuild's program for another system", "node_modules/@esbuild/win32-x64"],
    ["TypeScript's program for another system", "node_modules/@typescript/typescript-darwin-arm64"],
    ["what a package needs everywhere", "node_modules/readdirp"],
    ["what the project asks for itself", "node_modules/kleur"],
  ])("%s", (_, folder) => {
    expect(Object.keys(packages)).toContain(folder);
    expect(lacking(without(folder)).join("\n")).toContain(folder.replace("node_modules/", " needs "));
  });

  it("but not one that is inside the package that needs it", () => {
    const within: Packages = {
      "": { dependencies: { a: "1.0.0" } },
      "node_modules/a": { dependencies: { b: "1.0.0" } },
      "node_modules/a/node_modules/b": { dependencies: { c: "1.0.0" } },
      "node_modules/a/node_modules/c": {},
    };
    expect(lacking(within)).toEqual([]);
    expect(lacking({ ...within, "": { dependencies: { b: "1.0.0" } } })).toEqual([" needs b"]);
  });
});
