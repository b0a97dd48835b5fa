import { spawn } from "node:child_process";

/** What opens an address in the browser of each system's user. */
const openers: Readonly<Partial<Record<NodeJS.Platform, readonly [program: string, ...first: string[]]>>> = {
  darwin: ["open"],
  // not start, which the shell would have to find, and whose & it would read
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** Opens an address in the user's browser, if the system can; it has been printed in any case. */
export function openInBrowser(url: string): void {
  const { DISPLAY, WAYLAND_DISPLAY, CI } = process.env;
  const [program, ...first] = openers[process.platform] ?? ["xdg-open"];
  const hasScreen = openers[process.platform] !== undefined || (DISPLAY ?? WAYLAND_DISPLAY) !== undefined;
  if (!hasScreen || CI !== undefined) return;
  const child = spawn(program, [...first, url], { stdio: "ignore", detached: true });
  // there is none
  child.on("error", () => {});
  child.unref();
}
