/**
 * What code tries from inside a worker of the frame, if it has all that a worker has: each returns "reached" if it works.
 * SITE and OTHER are the addresses of the site and of another one.
 */
export const attempts: readonly [what: string, body: string][] = [
  ["fetch", `await fetch(SITE); return "reached";`],
  ["fetch another origin", `await fetch(OTHER, { mode: "no-cors" }); return "reached";`],
  ["XMLHttpRequest", `const x = new XMLHttpRequest(); x.open("GET", SITE, false); x.send(); return "reached";`],
  [
    "WebSocket",
    `return await new Promise((resolve) => { const s = new WebSocket(SITE.replace("http", "ws")); s.onopen = () => resolve("reached"); s.onerror = () => resolve("blocked"); });`,
  ],
  [
    "EventSource",
    `return await new Promise((resolve) => { const s = new EventSource(SITE); s.onopen = () => resolve("reached"); s.onerror = () => resolve("blocked"); });`,
  ],
  ["WebTransport", `const t = new WebTransport(SITE.replace("http:", "https:")); await t.ready; return "reached";`],
  ["FontFace", `const f = new FontFace("x", "url(" + SITE + "font)"); await f.load(); return "reached";`],
  ["importScripts of the site", `importScripts(SITE); return "reached";`],
  ["import() of the site", `await import(SITE); return "reached";`],
  ["import() of data:", `await import("data:text/javascript,export default 1"); return "reached";`],
  ["eval", `return (0, eval)("'reached'");`],
  ["new Function", `return new Function("return 'reached'")();`],
  [
    "indexedDB",
    `return await new Promise((resolve) => { const r = indexedDB.open("x"); r.onsuccess = () => resolve("reached"); r.onerror = () => resolve("blocked"); });`,
  ],
  ["Cache Storage", `await caches.open("x"); return "reached";`],
  ["the origin's private files", `await navigator.storage.getDirectory(); return "reached";`],
  ["locks", `return await navigator.locks.request("x", () => "reached");`],
  ["localStorage", `localStorage.setItem("x", "1"); return "reached";`],
  ["sendBeacon", `return navigator.sendBeacon(SITE) ? "reached" : "blocked";`],
  [
    "a worker of the site",
    `return await new Promise((resolve) => { const w = new Worker(SITE + "grader.js"); w.onerror = () => resolve("blocked"); w.onmessage = () => resolve("reached"); setTimeout(() => resolve("blocked"), 500); });`,
  ],
  [
    "a message to other pages of the site",
    `const c = new BroadcastChannel("border"); c.postMessage("reached"); return await new Promise((resolve) => setTimeout(() => resolve("sent"), 200));`,
  ],
];

/** What a worker of the frame needs, and has. */
export const needed: readonly [what: string, body: string][] = [
  ["WebAssembly", `new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])); return "reached";`],
  [
    "importScripts of a blob",
    `importScripts(URL.createObjectURL(new Blob(["self.found = 'reached'"], { type: "text/javascript" }))); return self.found;`,
  ],
];
