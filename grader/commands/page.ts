import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Answering, Served } from "../../page/serve.ts";
import { graderIdentity } from "../runner/identity.ts";
import { keptProgram } from "../runner/kept.mjs";
import { cacheFolder, displayPath, exercisesFolder, projectRoot } from "../runner/project.ts";
import { hashOfSources } from "../runner/sources.mjs";
import { whyNot } from "../runner/system.mjs";
import { readChecked, writeChecked } from "../runner/whole.mjs";
import { progressFile } from "../runner/workspace/progress-file.ts";
import { resolvePath, UsageError } from "./usage.ts";

/** Always the same, so that the browser finds again what it keeps of the page: earlier versions of each text. */
export const PORT = 4817;

export const pageHelp = `page [--port NUMBER] [--no-open] [--build FOLDER]
    Serves the course as a page for this machine, and opens it in the browser. The page works on exercises/ itself: it
    shows each save of your editor at once.
    --port NUMBER      the port to serve it at; ${PORT} by default, or a free one if that is in use
    --no-open          prints the address only
    --build FOLDER     writes the page's files to an empty or new folder instead, for any web server`;

type PageProgram = typeof import("../../page/program.ts");

/** Exit status 0 if the page was built and, unless only that was asked for, served until it was stopped. */
export async function page(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string" },
      "no-open": { type: "boolean", default: false },
      build: { type: "string" },
    },
  });
  const program = loadProgram();
  if (values.build !== undefined) return buildInto(resolvePath(values.build), program);
  const port = values.port === undefined ? undefined : portOf(values.port);
  const folder = builtPage(program);
  const answers = await program.answerForFolder(exercisesFolder, progressFile);
  const { url, server } = await serveAt(program, folder, port, answers.answer);
  const address = `${url}?token=${answers.token}`;
  process.stdout.write(`The page is at ${address}\nIt works on ${displayPath(exercisesFolder)}/. Ctrl-C ends it.\n`);
  if (!values["no-open"]) program.openInBrowser(address);
  await new Promise((resolve) => server.once("close", resolve));
  await answers.close();
  return 0;
}

function portOf(typed: string): number {
  const port = Number(typed);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`--port ${typed}: is no port`);
}

/** @param port undefined for the usual one, or a free one if another program has that */
async function serveAt(
  { serve }: PageProgram,
  folder: string,
  port: number | undefined,
  answer: Answering,
): Promise<Served> {
  try {
    return await serve(folder, port ?? PORT, answer);
  } catch (error) {
    if (port === undefined) return serve(folder, 0, answer);
    throw new UsageError(`--port ${port}: cannot be used (${whyNot(error)}); choose another, or leave the option out`);
  }
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
