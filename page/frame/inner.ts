import type { FrameStart, FromFrame, FromLearner, ToFrame, ToLearner } from "../protocol.ts";

/**
 * The script of the sandboxed frame. It starts and ends workers, and passes messages between them and the grader: it knows
 * nothing of either.
 */

/** A worker, and the URLs of the scripts that it was told to load. */
interface Started {
  worker: Worker;
  scripts: string[];
}

const workers = new Map<number, Started>();

addEventListener(
  "message",
  ({ source, data, ports: [port] }: MessageEvent<FrameStart>) => {
    if (source !== parent || !port) return;
    const library = scriptUrl(data.library);
    const say = (message: FromFrame): void => port.postMessage(message);
    port.onmessage = ({ data }: MessageEvent<ToFrame>) => {
      if ("ping" in data) say({ pong: data.ping });
      else if ("start" in data) start(data.start, library, say);
      else if ("load" in data) load(data.load, data.script);
      else if ("call" in data) tell(data.call, { call: data.request });
      else end(data.end);
    };
  },
  { once: true },
);

function start(id: number, library: string, say: (message: FromFrame) => void): void {
  try {
    // classic: some browsers run no module from a blob in a frame of its own origin
    const worker = new Worker(library);
    worker.onmessage = ({ data }: MessageEvent<FromLearner>) => say({ from: id, said: data });
    worker.onmessageerror = () => say({ broken: id, why: "a message that cannot be read" });
    worker.onerror = (event) => {
      event.preventDefault();
      say({ broken: id, why: String(event.message) });
    };
    workers.set(id, { worker, scripts: [] });
  } catch (error) {
    say({ broken: id, why: String(error) });
  }
}

function load(id: number, script: string): void {
  const url = scriptUrl(script);
  workers.get(id)?.scripts.push(url);
  tell(id, { load: url });
}

function tell(id: number, message: ToLearner): void {
  workers.get(id)?.worker.postMessage(message);
}

function end(id: number): void {
  const started = workers.get(id);
  started?.worker.terminate();
  for (const url of started?.scripts ?? []) URL.revokeObjectURL(url);
  workers.delete(id);
}

/** Without a type, some browsers do not load it. */
function scriptUrl(text: string): string {
  return URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
}
