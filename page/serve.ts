import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

/** Of each file: no other site may show the page in a frame, or read its files. */
const headers = {
  "cache-control": "no-cache",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cross-origin-resource-policy": "same-origin",
};

/** A site that is being served. */
export interface Served {
  /** http://127.0.0.1:54321/ */
  url: string;
  server: Server;
}

/** Answers a request that is not about one of the site's files; false if it does not know it. */
export type Answering = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * Serves the files of a folder to this machine alone.
 *
 * @param port 0 for a free one
 * @param answer is asked first
 * @throws the system's error if the port cannot be had
 */
export async function serve(folder: string, port = 0, answer: Answering = () => false): Promise<Served> {
  const server = createServer((request, response) => {
    if (answer(request, response)) return;
    const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
    const name = pathname === "/" ? "index.html" : pathname.slice(1);
    // the site has no folders, so that no name can lead out of it
    if (request.method !== "GET" || !/^[\w-]+(\.[\w-]+)+$/.test(name)) return void response.writeHead(404).end();
    readFile(path.join(folder, name)).then(
      (bytes) => {
        const type = types[path.extname(name)] ?? "application/octet-stream";
        response.writeHead(200, { ...headers, "content-type": type }).end(bytes);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}
