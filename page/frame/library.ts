import { fetched } from "../fetched.ts";
import type { Site } from "../site.ts";

declare const SITE: Pick<Site, "tensors" | "library">;

let library: Promise<string> | undefined;

/**
 * The script that each worker runs first: tensors, and what serves the code that runs with them. It is loaded once.
 *
 * @throws Error if it cannot be loaded; the next time it is tried again
 */
export function loadLibrary(): Promise<string> {
  library ??= Promise.all([SITE.tensors, SITE.library].map(textOf)).then((texts) => texts.join(""));
  library.catch(() => (library = undefined));
  return library;
}

async function textOf(name: string): Promise<string> {
  return (await fetched(name)).text();
}
