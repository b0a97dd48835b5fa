import type { FrameStart, ToFrame } from "../protocol.ts";
import { nothingRuns } from "./nothing-runs.ts";

/** The frame's document, with its policy and its script; put into the page by the build. */
declare const FRAME_DOCUMENT: string;

/** How long a frame may take to load and to answer, in milliseconds: it is in the page already. */
const LONGEST_MS = 10_000;

/** A frame that runs learner code. */
export interface LearnerFrame {
  /** Talks to the frame's script; to be passed to the grader. */
  port: MessagePort;
  remove(): void;
}

/**
 * Opens the frame that workers with learner code run in. It is of an origin of its own, which has no storage, and its
 * policy lets nothing into the network.
 *
 * @param library the text of the script that each worker runs first
 * @throws Error if the browser does not load it, or lets it run nothing
 */
export async function openFrame(library: string): Promise<LearnerFrame> {
  const frame = document.createElement("iframe");
  // never allow-same-origin: with both, the frame's script could reach the page
  frame.setAttribute("sandbox", "allow-scripts");
  frame.srcdoc = FRAME_DOCUMENT;
  frame.hidden = true;
  frame.title = "runs your code";
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise<void>((resolve, reject) => {
    setTimeout(() => reject(new Error(nothingRuns("the frame for it does not answer"))), LONGEST_MS);
    port1.onmessage = () => resolve();
    frame.addEventListener(
      "load",
      () => {
        frame.contentWindow?.postMessage({ library } satisfies FrameStart, "*", [port2]);
        port1.postMessage({ ping: 0 } satisfies ToFrame);
      },
      { once: true },
    );
  });
  document.body.append(frame);
  try {
    await answered;
  } catch (error) {
    frame.remove();
    throw error;
  }
  port1.onmessage = null;
  return { port: port1, remove: () => frame.remove() };
}
