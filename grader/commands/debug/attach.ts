import { once } from "node:events";
import inspector from "node:inspector";
import { createServer } from "node:net";

const HOST = "127.0.0.1";

/**
 * Waits until a debugger is attached to this process. If one is already, as when VS Code started it, returns at once.
 *
 * @param port 0 for any that is free; so it is if this one is in use
 * @param say is told the address that the process listens at before it waits
 */
export async function waitForDebugger(port: number, say: (address: string) => void): Promise<void> {
  if (inspector.url() !== undefined) return;
  const free = (await isFree(port)) ? port : 0;
  inspector.open(free, HOST);
  const url = inspector.url();
  if (url === undefined) throw new Error(`no debugger can connect: port ${port} cannot be opened`);
  say(new URL(url).host);
  inspector.waitForDebugger();
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, HOST);
    await once(server, "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
