import { fetched } from "../fetched.ts";
import { messageOf } from "../message-of.ts";
import type { ToUnpacker } from "./text-worker.ts";

/** A text that will be there. */
interface Awaited {
  readonly text: Promise<string>;
  readonly resolve: (text: string) => void;
  readonly reject: (reason: Error) => void;
}

/** A file of packed texts. A worker unpacks them in their order, and no further than one of them is wanted. */
export class PackedFile {
  readonly #texts: readonly Awaited[];
  readonly #worker: Worker;
  #unpacked = 0;

  /**
   * @param unpacker the worker's file
   * @param count how many texts there are
   */
  constructor(name: string, unpacker: string, count: number) {
    this.#texts = Array.from({ length: count }, awaited);
    this.#worker = new Worker(new URL(unpacker, location.href));
    this.#worker.onmessage = ({ data }: MessageEvent<string>) => this.#take(data);
    this.#worker.onerror = () => this.#fail(new Error(`${unpacker} cannot be loaded`));
    fetched(name)
      .then((response) => response.arrayBuffer())
      .then((bytes) => this.#tell(bytes, [bytes]))
      .catch((error) => this.#fail(new Error(messageOf(error))));
  }

  /** @throws Error if the file or the worker cannot be loaded */
  text(place: number): Promise<string> {
    this.#tell(place);
    return this.#texts[place]!.text;
  }

  #tell(message: ToUnpacker, moved: Transferable[] = []): void {
    this.#worker.postMessage(message, moved);
  }

  #take(text: string): void {
    this.#texts[this.#unpacked]!.resolve(text);
    this.#unpacked += 1;
    if (this.#unpacked === this.#texts.length) this.#worker.terminate();
  }

  #fail(reason: Error): void {
    for (const { reject } of this.#texts) reject(reason);
    this.#worker.terminate();
  }
}

function awaited(): Awaited {
  let settle!: Pick<Awaited, "resolve" | "reject">;
  const text = new Promise<string>((resolve, reject) => (settle = { resolve, reject }));
  // nobody may be waiting for it
  text.catch(() => {});
  return { text, ...settle };
}
