import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import vm from "node:vm";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serve, type Served } from "../../page/serve.ts";
import { attempts, needed } from "./attempts.ts";
import { hasBrowser } from "./browsers.ts";
import { builtSite } from "./built-site.ts";
import { closeBrowser, closeServer, openBrowser } from "./open-page.ts";

const LONGEST_MS = 60_000;

/** What works in a worker of a page without policies: the attempts do what they say. */
const reachable = [
  "fetch",
  "fetch another origin",
  "XMLHttpRequest",
  "WebSocket",
  "EventSource",
  "importScripts of the site",
  "import() of the site",
  "eval",
  "new Function",
  "indexedDB",
  "Cache Storage",
  "the origin's private files",
  "locks",
];

/** A page of the same origin without policies, whose workers are bare as well. */
const control = `<!doctype html><link rel="icon" href="data:,"><script>
window.tried = (body) => new Promise((resolve) => {
  const text = "const send = (answer) => postMessage(String(answer)); (async () => {" + body + "})().then(send, (e) => send('error: ' + e));";
  new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" }))).onmessage = ({ data }) => resolve(data);
});
</script>`;

describe.runIf(hasBrowser("chromium"))("code in a worker of the frame, in Chromium,", () => {
  let folder: string;
  let page: Page;
  /** A page of the same origin without policies. */
  let elsewhere: Page;
  let site: Served;
  let other: Server;
  const asked: string[] = [];
  let address: string;

  beforeAll(async () => {
    folder = builtSite("tests/page/in-page.ts");
    site = await serve(folder, 0, ({ url }, response) => {
      if (url !== "/control") asked.push(String(url));
      else response.writeHead(200, { "content-type": "text/html" }).end(control);
      return url === "/control";
    });
    other = createServer((request, response) => {
      asked.push(`another origin: ${request.url}`);
      response.writeHead(200, { "access-control-allow-origin": "*" }).end();
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
    page = await (await openBrowser()).newPage();
    await page.goto(`${site.url}#frame`);
    await page.waitForSelector("main", { state: "attached" });
    elsewhere = await (await openBrowser()).newPage();
    await elsewhere.goto(`${site.url}control`);
  }, LONGEST_MS);

  afterAll(async () => {
    await closeBrowser();
    if (site) closeServer(site);
    other?.close();
  });

  const tried = (body: string, isBare = true): Promise<string> => {
    const names = `const SITE = ${JSON.stringify(site.url)}, OTHER = ${JSON.stringify(address)};`;
    return page.evaluate<string>(`tried(${JSON.stringify(names + body)}, ${isBare})`);
  };

  it.each(attempts)("does not reach: %s", async (_, body) => {
    const before = asked.length;
    await page.evaluate("heard.length = 0");
    expect(await tried(body)).not.toContain("reached");
    expect(await page.evaluate("heard")).toEqual([]);
    expect(asked.slice(before)).toEqual([]);
  });

  it.each(attempts)("does not reach without the network: %s", async (_, body) => {
    await page.context().setOffline(true);
    try {
      expect(await tried(body)).not.toContain("reached");
    } finally {
      await page.context().setOffline(false);
    }
  });

  it.each(attempts.filter(([what]) => reachable.includes(what)))("is what stops it: %s, elsewhere", async (_, body) => {
    const before = asked.length;
    const names = `const SITE = ${JSON.stringify(site.url)}, OTHER = ${JSON.stringify(address)};`;
    const answer = await elsewhere.evaluate<string>(`tried(${JSON.stringify(names + body)})`);
    expect([answer, ...asked.slice(before)].some((one) => one === "reached" || one.includes("/"))).toBe(true);
  });

  it.each(needed)("has %s", async (_, body) => expect(await tried(body)).toBe("reached"));

  it("finds on the global object what the command line has there, and nothing else", async () => {
    const names = await tried(
      "return Reflect.ownKeys(globalThis).filter((k) => typeof k === 'string').sort().join();",
      false,
    );
    const language = [...(vm.runInNewContext("Object.getOwnPropertyNames(globalThis)") as string[])];
    const own = ["__answer", "__course", "__failed", "__printed", "__request", "__serve", "__tensor"];
    const removed = ["WebAssembly", "SharedArrayBuffer", "Atomics"];
    expect(names.split(",")).toEqual([...language.filter((name) => !removed.includes(name)), ...own].toSorted());
    expect(
      await tried("return 'postMessage' in globalThis || 'fetch' in globalThis || 'close' in globalThis;", false),
    ).toBe("false");
  });

  it("is of an origin of its own, with the policies that were reviewed", async () => {
    expect(await tried("return self.origin;")).toBe("null");
    expect(await page.evaluate("attributes()")).toEqual({ sandbox: "allow-scripts", src: null });
    const document = readFileSync(path.join(folder, "index.html"), "utf8");
    const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(document)!;
    expect(policy!.replace(/'sha256-[^']*'/, "'sha256-FRAME'").split("; ")).toMatchInlineSnapshot(`
      [
        "default-src 'none'",
        "script-src 'self' 'sha256-FRAME' blob: 'wasm-unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'self'",
        "font-src 'self'",
        "img-src 'self' data: blob:",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
      ]
    `);
  });
});
