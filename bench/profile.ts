import { readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import { fileURLToPath } from "node:url";

/** The part of a profile by `node --cpu-prof` that is read here. */
interface Profile {
  nodes: { id: number; callFrame: Frame; children?: number[] }[];
  samples: number[];
  /** Microseconds before each sample. */
  timeDeltas: number[];
}

interface Frame {
  functionName: string;
  url: string;
  /** From 0. */
  lineNumber: number;
  columnNumber: number;
}

/**
 * Where the time of one of the grader's processes went, in milliseconds: each sample counts for the innermost function
 * whose file has a label; whatever it calls in other files counts as its work.
 *
 * @param file a profile of a process that ran a bundle with a source map next to it
 * @param labels words for a file's path from the project's root, or undefined
 */
export function timeByLabel(file: string, labels: (source: string) => string | undefined): Record<string, number> {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, "utf8")) as Profile;
  const sourceOf = sourceFinder();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const labelOf = new Map<number, string>();
  const visit = (id: number, inherited: string): void => {
    const { callFrame, children = [] } = byId.get(id)!;
    const own = specialFrames.get(callFrame.functionName) ?? labels(sourceOf(callFrame)) ?? inherited;
    labelOf.set(id, own);
    for (const child of children) visit(child, own);
  };
  visit(nodes[0]!.id, "Node, and loading");
  const times: Record<string, number> = {};
  for (const [i, id] of samples.entries()) {
    const label = labelOf.get(id)!;
    times[label] = (times[label] ?? 0) + timeDeltas[i]! / 1000;
  }
  return times;
}

const specialFrames = new Map([
  ["(idle)", "waiting for other processes"],
  ["(garbage collector)", "garbage collection"],
]);

/** Finds the source file of a function in a bundle; "" for functions of other files. */
function sourceFinder(): (frame: Frame) => string {
  const maps = new Map<string, SourceMap | null>();
  return ({ url, lineNumber, columnNumber }) => {
    if (!url.startsWith("file:")) return "";
    if (!maps.has(url)) maps.set(url, mapBeside(fileURLToPath(url)));
    const entry = maps.get(url)?.findEntry(lineNumber, columnNumber);
    return entry && "originalSource" in entry ? entry.originalSource.replace(/^(\.\.\/)+/, "") : "";
  };
}

function mapBeside(bundle: string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, "utf8")) as SourceMapPayload);
  } catch {
    return null;
  }
}
