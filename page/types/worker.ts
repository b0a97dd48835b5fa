import { checkerOf, type Checker } from "./checker.ts";
import type { FromChecker, ToChecker } from "./protocol.ts";

/** The worker that checks types. It has no part in grading: what it says are notes, never a verdict. */

const scope = globalThis as unknown as {
  postMessage(message: FromChecker): void;
  onmessage: ((event: { data: ToChecker }) => void) | null;
};

let checker: Checker | undefined;

scope.onmessage = ({ data }) => {
  if ("library" in data) {
    checker = checkerOf(data.library);
    // the library is read once, now, and not when the first text is there
    checker(["a.ts"], { "a.ts": 'import "#course";\nimport "#tensor";\n' });
    return scope.postMessage({ ready: true });
  }
  try {
    scope.postMessage({ notes: data.check, found: checker!(data.files, data.texts) });
  } catch (error) {
    scope.postMessage({ failed: data.check, why: error instanceof Error ? error.message : String(error) });
  }
};
