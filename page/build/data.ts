import { readFileSync } from "node:fs";
import path from "node:path";
import vm from "node:vm";
import { dojo, steps } from "../../grader/course/steps.ts";
import { headingsOf } from "../../grader/kit/lesson.ts";
import type { Network } from "../../grader/network/network.ts";
import { startNamesOf } from "../../grader/network/network.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { stubOf } from "../../grader/runner/workspace/stubs.ts";
import type { CourseDigest } from "../site.ts";

/** The names that the language itself defines: a context of V8's, without what can sleep or returns the host's objects. */
export function languageNames(): string[] {
  const left = ["console", "WebAssembly", "SharedArrayBuffer", "Atomics"];
  const names = vm.runInNewContext("Object.getOwnPropertyNames(globalThis)") as string[];
  return [...names].filter((name) => !left.includes(name)).sort();
}

/** Every stub, by file. */
export function stubs(): Record<string, string> {
  return Object.fromEntries(steps.map((step) => [step.file, stubOf(step)]));
}

export function courseDigest(): CourseDigest {
  return {
    parts: dojo.parts.map(({ number, folder }) => ({ number, folder, title: titleOf(folder) })),
    steps: steps.map(({ id, part, number, label, file, export: name, kind, lesson, ...room }) => {
      return {
        id,
        part,
        number,
        label,
        file,
        export: name,
        kind,
        lesson,
        title: "title" in room ? room.title : undefined,
        chain: "chain" in room ? room.chain : undefined,
      };
    }),
  };
}

/** The title of a part's lesson: `Part 0: warm-ups`. */
function titleOf(folder: string): string {
  const [title] = headingsOf(readFileSync(path.join(projectRoot, "exercises", folder, "README.md"), "utf8"));
  return title!.title;
}

/** The batch that PyTorch's tensors are stored for, without them: the page computes its own, equal in every bit. */
export function lectureData(): Uint8Array {
  const [network] = steps.map(({ network }) => network).filter(({ stored }) => stored !== undefined) as [Network];
  const bytes = readFileSync(path.join(projectRoot, "data", "torch", `${network.stored!}.safetensors`));
  return onlySome(bytes, [...Object.keys(network.indices), ...startNamesOf(network)]);
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/** A file of safetensors with some of its tensors. */
function onlySome(bytes: Buffer, names: readonly string[]): Uint8Array {
  const start = 8 + Number(bytes.readBigUInt64LE());
  const all = JSON.parse(bytes.toString("utf8", 8, start)) as Record<string, Entry>;
  const parts: Buffer[] = [];
  let end = 0;
  const entries = names.map((name): [string, Entry] => {
    const { data_offsets, ...entry } = all[name]!;
    const part = bytes.subarray(start + data_offsets[0], start + data_offsets[1]);
    parts.push(part);
    end += part.length;
    return [name, { ...entry, data_offsets: [end - part.length, end] }];
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, ...parts]);
}

/** The names that part 4 trains on. */
export function names(): Buffer {
  return readFileSync(path.join(projectRoot, "data", "names.txt"));
}
