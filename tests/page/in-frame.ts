import { openFrame } from "../../page/frame/frame.ts";
import { loadLibrary } from "../../page/frame/library.ts";
import type { FromFrame, ToFrame } from "../../page/protocol.ts";

/** A page for tests: runs code in a worker of the frame, as bare as a test wants it. */
declare global {
  interface Window {
    /**
     * Runs the body of an asynchronous function in a worker of the frame, before the library has removed anything or after
     * it, and gives what it returns as text.
     */
    tried(body: string, isBare: boolean): Promise<string>;
    /** The frame's attributes, on which its isolation rests. */
    attributes(): Promise<Record<string, string | null>>;
    /** What other pages and workers have said to this page. */
    heard: unknown[];
  }
}

window.tried = async (body, isBare) => {
  const library = isBare ? bare(body) : await loadLibrary();
  const { port, remove } = await openFrame(library);
  try {
    return await new Promise<string>((resolve) => {
      const tell = (message: ToFrame): void => port.postMessage(message);
      port.onmessage = ({ data }: MessageEvent<FromFrame>) => {
        if ("broken" in data) resolve(`broken: ${data.why}`);
        if (!("from" in data)) return;
        const { said } = data;
        if ("answer" in said) resolve(said.answer);
        if ("refused" in said) resolve(`refused: ${said.refused}`);
        if ("loaded" in said) tell({ call: 1, request: "" });
      };
      tell({ start: 1 });
      if (!isBare)
        tell({
          load: 1,
          script: `globalThis.__answer = () => { try { return String((() => { ${body} })()); } catch (e) { return String(e); } };`,
        });
      setTimeout(() => resolve("no answer"), 4000);
    });
  } finally {
    remove();
  }
};

window.attributes = async () => {
  const { remove } = await openFrame("");
  const frame = document.querySelector("iframe")!;
  const found = { sandbox: frame.getAttribute("sandbox"), src: frame.getAttribute("src") };
  remove();
  return found;
};

window.heard = [];
new BroadcastChannel("border").onmessage = ({ data }) => window.heard.push(data);

/** A worker's whole script: without the library, with all that the browser gives to a worker. */
function bare(body: string): string {
  return `const send = (answer) => postMessage({ answer: String(answer) });
(async () => { ${body} })().then(send, (error) => send("error: " + error));`;
}
document.body.append(document.createElement("main"));
