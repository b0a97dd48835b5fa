import { fetched } from "../fetched.ts";

/**
 * The text that is packed in a file of the site; a worker unpacks it.
 *
 * @param unpacker the worker's file
 * @throws Error if one of the two cannot be loaded
 */
export async function unpackedFile(name: string, unpacker: string): Promise<string> {
  const worker = new Worker(new URL(unpacker, location.href));
  try {
    const unpacked = new Promise<string>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<string>) => resolve(data);
      worker.onerror = () => reject(new Error(`${unpacker} cannot be loaded`));
    });
    const bytes = await (await fetched(name)).arrayBuffer();
    worker.postMessage(bytes, [bytes]);
    return await unpacked;
  } finally {
    worker.terminate();
  }
}
