import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";
import { graderIdentity } from "../runner/identity.ts";
import { keptProgram } from "../runner/kept.mjs";
import { cacheFolder, displayPath, projectRoot } from "../runner/project.ts";
import { hashOfSources } from "../runner/sources.mjs";
import { readChecked, writeChecked } from "../runner/whole.mjs";
import { resolvePath, UsageError } from "./usage.ts";

export const pageHelp = `page [--port NUMBER] [--build FOLDER]
    Serves the course as a page for a browser on this machine, and prints its address.
    --port NUMBER      the port to serve it at; a free one by default
    --build FOLDER     writes the page's files to an empty or new folder instead, for any web server`;

type PageProgram = typeof import("../../page/program.ts");

/** Exit status 0 if the page was built and, unless only that was asked for, served until it was stopped. */
export async function page(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { port: { type: "string", default: "0" }, build: { type: "string" } },
  });
  const program = loadProgram();
  if (values.build !== undefined) return buildInto(resolvePath(values.build), program);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new UsageError(`--port ${values.port}: is no port`);
  const { url, server } = await program.serve(builtPage(program), port);
  process.stdout.write(`The page is at ${url}\nCtrl-C ends it.\n`);
  await new Promise((resolve) => server.once("close", resolve));
  return 0;
}

/** What builds and serves the page: a program of its own, which no other command loads. */
function loadProgram(): PageProgram {
  const file = keptProgram(projectRoot, "page/program.ts", ["page"], graderIdentity, "cjs");
  return createRequire(import.meta.url)(file) as PageProgram;
}

/** Builds the page and says how large it is; exit status 1 if it is larger than it may be. */
function buildInto(folder: string, { buildPage, isOfPage }: PageProgram): number {
  if (!isOfPage(folder))
    throw new UsageError(`--build ${displayPath(folder)}: there are other files; choose an empty folder`);
  const { table, exceeded } = buildPage(folder);
  process.stdout.write(`${table}\nThe page is in ${displayPath(folder)}.\n`);
  for (const when of exceeded) process.stdout.write(`It is larger than its budget: ${when}.\n`);
  return exceeded.length === 0 ? 0 : 1;
}

/** The folder of the built page, which is built if the one that is kept was made from other sources. */
function builtPage({ buildPage, pageSources }: PageProgram): string {
  const folder = path.join(cacheFolder, "page");
  const kept = `${folder}.sources`;
  const sources = hashOfSources(projectRoot, pageSources);
  if (readChecked(kept) !== sources) {
    buildPage(folder);
    writeChecked(kept, sources);
  }
  return folder;
}
