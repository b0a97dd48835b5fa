import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { unwatchFile, watchFile } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { displayPath } from "../../grader/runner/project.ts";
import { realTree } from "../../grader/runner/source.ts";
import { watchTree } from "../../grader/runner/workspace/watcher.ts";
import type { Answering } from "../serve.ts";
import { courseFiles, readFile, writeFile } from "./files.ts";
import { addresses, type FolderEvent, type ToRemember, type ToWrite } from "./messages.ts";
import { rememberedSteps, remember } from "./progress.ts";

/** A learner's folder, for the page that is served with it. */
export interface FolderAnswers {
  /** What a request must carry: nobody else on this machine knows it. */
  readonly token: string;
  /** Answers what is about the folder, and refuses what comes from another page. */
  readonly answer: Answering;
  close(): Promise<void>;
}

/** As much as the results of all steps with what they printed. */
const LONGEST_REQUEST = 10_000_000;
/** How often the file of progress is looked at, in milliseconds. */
const LOOK_EVERY_MS = 300;
/** A line now and then shows that a page has gone. */
const PULSE_MS = 15_000;

/**
 * @param root the folder with the exercises
 * @param progress the file of progress
 */
export async function answerForFolder(root: string, progress: string): Promise<FolderAnswers> {
  const token = randomBytes(18).toString("base64url");
  const pages = new Set<ServerResponse>();
  let problem: string | undefined;
  const eventOf = (files: Iterable<string>): FolderEvent => ({
    name: displayPath(root),
    space: createHash("sha256").update(realTree(root)).digest("hex").slice(0, 12),
    files: Object.fromEntries([...files].map((file) => [file, readFile(root, file)])),
    steps: rememberedSteps(root, progress),
    ...(problem !== undefined && { problem }),
  });
  const tell = (files: Iterable<string>): void => {
    if (pages.size === 0) return;
    const event = textOf(eventOf(files));
    for (const page of pages) page.write(event);
  };
  const unwatch = await watchTree(
    root,
    // nothing is named if the whole folder has gone
    (files) => tell(files.length === 0 ? courseFiles : files.filter((file) => courseFiles.has(file))),
    ({ message }) => {
      problem = message;
      tell([]);
    },
  );
  const onProgress = (): void => tell([]);
  watchFile(progress, { interval: LOOK_EVERY_MS }, onProgress);
  const pulse = setInterval(() => pages.forEach((page) => page.write(":\n\n")), PULSE_MS);

  const follow = (response: ServerResponse): void => {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(textOf(eventOf(courseFiles)));
    pages.add(response);
    response.once("close", () => pages.delete(response));
  };
  const take = async (request: IncomingMessage, response: ServerResponse, address: string): Promise<void> => {
    const body = await bodyOf(request);
    if (body === undefined) return void response.writeHead(400).end();
    if (address === addresses.file) return sendJson(response, isToWrite(body) ? writeFile(root, body) : undefined);
    const isRemembered = remember(root, progress, body as ToRemember);
    sendJson(response, isRemembered ? {} : undefined);
    if (isRemembered) tell([]);
  };

  return {
    token,
    answer(request, response) {
      if (!isFromPage(request)) return (response.writeHead(403).end(), true);
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
      const address = pathname.slice(1);
      if (!Object.values<string>(addresses).includes(address)) return false;
      if (!isEqual(searchParams.get("token") ?? "", token)) return (response.writeHead(403).end(), true);
      if (address === addresses.events && request.method === "GET") follow(response);
      else if (address !== addresses.events && request.method === "POST") void take(request, response, address);
      else response.writeHead(405).end();
      return true;
    },
    async close() {
      clearInterval(pulse);
      unwatchFile(progress, onProgress);
      for (const page of pages) page.end();
      await unwatch();
    },
  };
}

function textOf(event: FolderEvent): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}

/**
 * Whether a request is for this machine under its own name, and made by this page, or by nobody's: another site's name
 * can be made to lead to this machine, and another site's page can send requests.
 */
function isFromPage({ headers, socket }: IncomingMessage): boolean {
  const hosts = ["127.0.0.1", "localhost"].map((name) => `${name}:${socket.localPort}`);
  const { host = "", origin } = headers;
  const site = headers["sec-fetch-site"];
  return (
    hosts.includes(host) &&
    (origin === undefined || origin === `http://${host}`) &&
    // a link on another site may lead to the page: to its address alone, which shows nothing of the folder
    (site === undefined || site === "same-origin" || site === "none" || headers["sec-fetch-mode"] === "navigate")
  );
}

function isEqual(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** The value that a request's JSON holds; undefined if it holds none, or too much. */
async function bodyOf(request: IncomingMessage): Promise<object | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > LONGEST_REQUEST) return undefined;
      chunks.push(chunk);
    }
    const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown;
    return typeof body === "object" && body !== null ? body : undefined;
  } catch {
    return undefined;
  }
}

function isToWrite(body: object): body is ToWrite {
  const { file, text, base } = body as Partial<ToWrite>;
  return typeof file === "string" && typeof text === "string" && (base === null || typeof base === "string");
}

/** @param value undefined if the request cannot be answered */
function sendJson(response: ServerResponse, value: object | undefined): void {
  if (value === undefined) return void response.writeHead(400).end();
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}
