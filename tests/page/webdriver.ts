import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Readable } from "node:stream";

/** A browser that is driven by requests over HTTP: WebDriver, https://www.w3.org/TR/webdriver2/. */

/** A tab. */
export interface Driven {
  /** Opens an address, and waits until it has loaded. */
  goTo(url: string): Promise<void>;
  /**
   * What the body of an asynchronous function returns in the page.
   *
   * @throws WebDriverError if it throws
   */
  run<R>(body: string, ...given: readonly unknown[]): Promise<R>;
  /** Clicks the first element that a selector matches, or types into it: characters, and the keys below. */
  click(selector: string): Promise<void>;
  type(selector: string, text: string): Promise<void>;
  /** The size of the window, in pixels. */
  resize(width: number, height: number): Promise<void>;
  /** A picture of the tab, a PNG. */
  screenshot(): Promise<Buffer>;
}

/** Keys without a character; keys that are held are released at the end of what is typed. */
export const keys = { control: "\uE009", enter: "\uE007", end: "\uE010", tab: "\uE004" } as const;

/** The browser has refused a command. */
export class WebDriverError extends Error {
  override name = "WebDriverError";
}

/** What a driver is started with: its program, and the program of a screen for browsers that need one. */
export interface DriverPrograms {
  driver: string;
  screen: string;
}

/** How long a driver may take to listen, in milliseconds, and how often it is asked. */
const LONGEST_MS = 60_000;
const ASK_EVERY_MS = 50;

/** Starts a browser on a screen that nobody sees, until `use` is done. */
export async function withDriven<R>(programs: DriverPrograms, use: (tab: Driven) => Promise<R>): Promise<R> {
  const home = mkdtempSync(path.join(tmpdir(), "backprop-dojo-driven-"));
  const started: ChildProcess[] = [];
  try {
    const screen = spawn(programs.screen, ["-displayfd", "3", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"], {
      stdio: ["ignore", "ignore", "ignore", "pipe"],
      detached: true,
    });
    started.push(screen);
    const display = `:${await firstLine(screen.stdio[3] as Readable)}`;
    const port = await freePort();
    // each display has a browser of its own, whose settings and files are in a folder of its own
    const env = { ...process.env, DISPLAY: display, HOME: home, XDG_RUNTIME_DIR: home, NO_AT_BRIDGE: "1" };
    started.push(spawn(programs.driver, [`--port=${port}`], { stdio: "ignore", env, detached: true }));
    return await inSession(`http://127.0.0.1:${port}`, use);
  } finally {
    for (const child of started.reverse()) await ended(child);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function inSession<R>(driver: string, use: (tab: Driven) => Promise<R>): Promise<R> {
  for (const end = Date.now() + LONGEST_MS; ;) {
    const isReady = await fetch(`${driver}/status`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) break;
    if (Date.now() > end) throw new WebDriverError("the driver does not listen");
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
  const timeouts = { script: LONGEST_MS, pageLoad: LONGEST_MS, implicit: LONGEST_MS };
  const { sessionId } = await ask<{ sessionId: string }>(`${driver}/session`, {
    capabilities: { alwaysMatch: { timeouts } },
  });
  const session = `${driver}/session/${sessionId}`;
  try {
    return await use(tabOf(session));
  } finally {
    await fetch(session, { method: "DELETE" });
  }
}

function tabOf(session: string): Driven {
  const element = async (selector: string): Promise<string> => {
    const found = await ask<Record<string, string>>(`${session}/element`, { using: "css selector", value: selector });
    return `${session}/element/${Object.values(found)[0]}`;
  };
  return {
    goTo: (url) => ask(`${session}/url`, { url }),
    run: (body, ...given) =>
      ask(`${session}/execute/sync`, {
        script: `return (async (...given) => { ${body} })(...arguments);`,
        args: given,
      }),
    click: async (selector) => ask(`${await element(selector)}/click`, {}),
    type: async (selector, text) => ask(`${await element(selector)}/value`, { text }),
    resize: (width, height) => ask(`${session}/window/rect`, { width, height }),
    screenshot: async () => Buffer.from(await ask<string>(`${session}/screenshot`), "base64"),
  };
}

/** @throws WebDriverError with what the driver says */
async function ask<R>(url: string, body?: object): Promise<R> {
  const response = await fetch(url, body && { method: "POST", body: JSON.stringify(body) });
  const { value } = (await response.json()) as { value: R & { error?: string; message?: string } };
  if (!response.ok) throw new WebDriverError(`${value.error}: ${value.message}`);
  return value;
}

function firstLine(stream: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    stream.setEncoding("utf8");
    stream.on("data", (more: string) => {
      text += more;
      if (text.includes("\n")) resolve(text.trim());
    });
    stream.on("close", () => reject(new WebDriverError("there is no screen")));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Ends a program and all that it has started: a browser is many processes. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const closed = new Promise((resolve) => child.once("close", resolve));
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    return; // it has ended by itself
  }
  await closed;
}
