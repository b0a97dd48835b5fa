/**
 * Frames are how the grader and the process that runs learner code talk: requests on its standard input, answers on its
 * file descriptor 3. A frame is two 32-bit little-endian lengths, a JSON header and a body of bytes.
 *
 * Plain JavaScript, because the child runs it too, and the child has no TypeScript loader.
 *
 * @typedef {Record<string, unknown>} Header
 * @typedef {{ header: Header, body: Buffer }} Frame
 */

/** No frame is larger than this: 16 MB. Ten steps of training are 1 MB. */
export const LARGEST_FRAME = 16_000_000;
/** No header is larger than this: what a step printed is in it, 256,000 characters at most, each up to 6 bytes. */
export const LARGEST_HEADER = 2_000_000;

/**
 * The bytes of one frame.
 *
 * @param {Header} header
 * @param {...(Uint8Array | string)} body its parts: bytes, or strings, two bytes per character
 * @returns {Buffer}
 */
export function encodeFrame(header, ...body) {
  const head = Buffer.from(JSON.stringify(header), "utf8");
  const parts = body.map((part) => (typeof part === "string" ? Buffer.from(part, "utf16le") : part));
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32LE(head.length, 0);
  lengths.writeUInt32LE(
    parts.reduce((sum, { length }) => sum + length, 0),
    4,
  );
  return Buffer.concat([lengths, head, ...parts]);
}

/**
 * Splits a stream of chunks into frames, calling `onFrame` for each complete one. The returned function takes the next
 * chunk, and throws if a frame claims to be larger than LARGEST_FRAME or its header is not a JSON object.
 *
 * @param {(frame: Frame) => void} onFrame
 * @returns {(chunk: Buffer) => void}
 */
export function frameDecoder(onFrame) {
  /** @type {Buffer[]} */
  let chunks = [];
  let length = 0;
  let needed = 8;
  return (chunk) => {
    chunks.push(chunk);
    length += chunk.length;
    // chunks are joined only when a frame is complete, so that a large frame is copied once
    while (length >= needed) {
      const data = chunks.length === 1 ? /** @type {Buffer} */ (chunks[0]) : Buffer.concat(chunks);
      chunks = [data];
      const headEnd = 8 + data.readUInt32LE(0);
      const end = headEnd + data.readUInt32LE(4);
      if (headEnd > LARGEST_HEADER || end > LARGEST_FRAME) throw new Error(`a frame of ${end} bytes`);
      needed = end;
      if (length < end) return;
      const header = JSON.parse(data.toString("utf8", 8, headEnd));
      if (typeof header !== "object" || header === null) throw new Error("a frame without a header");
      onFrame({ header, body: data.subarray(headEnd, end) });
      chunks = [data.subarray(end)];
      length -= end;
      needed = 8;
    }
  };
}
