/**
 * The service worker: after the first visit, the page works without a network. It has one cache for each version of the
 * site, and never replaces a version that is in use: a new one waits until a page asks for it.
 */

/** The site's files, those that are kept once they have been wanted, and a hash of them all; put in by the build. */
declare const FILES: readonly string[];
declare const WANTED: readonly string[];
declare const VERSION: string;

interface Waiting extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface Fetching extends Event {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface Worker extends EventTarget {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
}

const self_ = globalThis as unknown as Worker;
const { scope } = self_.registration;
/** The origin can be shared with other projects, and this one can be there at several paths. */
const OURS = `backprop-dojo ${scope} `;
const CACHE = OURS + VERSION;
const INDEX = "index.html";
/** Pages that are open still use the version before this one. */
const KEPT = 2;

const urlOf = (file: string): string => new URL(file, scope).href;

self_.addEventListener("install", (event) => {
  // only names with a hash never change
  const requests = FILES.map((file) => new Request(urlOf(file), { cache: file === INDEX ? "reload" : "default" }));
  (event as Waiting).waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)));
});

self_.addEventListener("activate", (event) => {
  (event as Waiting).waitUntil(
    takeWanted()
      .then(removeOld)
      .then(() => self_.clients.claim()),
  );
});

self_.addEventListener("message", ({ data }: Event & { data?: unknown }) => {
  if (data === "take over") void self_.skipWaiting();
});

self_.addEventListener("fetch", (event) => {
  const { request } = event as Fetching;
  if (request.method !== "GET" || !request.url.startsWith(scope)) return;
  const name = request.url.slice(scope.length).replace(/[?#].*$/, "");
  // the page has no folders, and other files than its own are left to the network
  if (name.includes("/")) return;
  (event as Fetching).respondWith(name === "" || name === INDEX ? index(request) : file(request));
});

async function index(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(urlOf(INDEX))) ?? fetch(request);
}

/** A file of any version; what is fetched only when it is wanted is kept as well. */
async function file(request: Request): Promise<Response> {
  for (const name of (await ours()).reverse()) {
    const found = await (await caches.open(name)).match(request.url);
    if (found) return found;
  }
  const response = await fetch(request);
  if (response.ok && /-[0-9a-zA-Z]{8,}\.\w+$/.test(request.url)) {
    const cache = await caches.open(CACHE);
    await cache.put(request.url, response.clone()).catch(() => {});
  }
  return response;
}

/** The names of this page's caches, the oldest first. */
async function ours(): Promise<string[]> {
  return (await caches.keys()).filter((name) => name.startsWith(OURS));
}

/** Takes from earlier versions what has been wanted and is the same in this one. */
async function takeWanted(): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const url of WANTED.map(urlOf)) {
    const found = await caches.match(url);
    if (found) await cache.put(url, found).catch(() => {});
  }
}

async function removeOld(): Promise<void> {
  const others = (await ours()).filter((name) => name !== CACHE);
  await Promise.all(others.slice(0, Math.max(0, others.length - (KEPT - 1))).map((name) => caches.delete(name)));
}
