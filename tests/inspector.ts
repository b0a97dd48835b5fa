import { randomBytes } from "node:crypto";
import http from "node:http";
import type { Socket } from "node:net";

/** Names of what the inspector protocol sends and takes. */
type Json = Record<string, unknown>;

/** A debugger, connected to a Node process by the inspector protocol. */
export interface Debugger {
  /** Sends a command, and returns its result. */
  send: (method: string, params?: Json) => Promise<Json>;
  /** The first event of a name that has not been returned yet, and fits. */
  event: (method: string, fits?: (params: Json) => boolean) => Promise<Json>;
  close: () => void;
}

const TEXT = 1;

/**
 * Connects to ws://host:port/id. The protocol is JSON in the text frames of a WebSocket, which Node 20 has no client for:
 * this one takes whole frames, as the inspector sends them.
 */
export async function connect(url: string): Promise<Debugger> {
  const socket = await upgraded(url);
  const answers = new Map<number, (message: Json) => void>();
  const events: { method: string; params: Json }[] = [];
  const waiting = new Set<() => void>();
  let rest = Buffer.alloc(0);
  let count = 0;
  socket.on("data", (data) => {
    rest = Buffer.concat([rest, data]);
    for (let frame = frameIn(rest); frame; frame = frameIn(rest)) {
      rest = rest.subarray(frame.end);
      if (frame.opcode !== TEXT) continue;
      const message = JSON.parse(frame.payload.toString()) as { id?: number; method: string; params: Json };
      if (message.id === undefined) events.push(message);
      else answers.get(message.id)?.(message as unknown as Json);
      for (const look of waiting) look();
    }
  });
  return {
    send(method, params = {}) {
      const id = ++count;
      socket.write(frameOf(JSON.stringify({ id, method, params })));
      return new Promise((resolve, reject) => {
        answers.set(id, ({ result, error }) => {
          if (error) reject(new Error(`${method}: ${JSON.stringify(error)}`));
          else resolve(result as Json);
        });
      });
    },
    event(method, fits = () => true) {
      return new Promise((resolve) => {
        const look = (): void => {
          const at = events.findIndex((event) => event.method === method && fits(event.params));
          if (at < 0) return;
          waiting.delete(look);
          resolve(events.splice(at, 1)[0]!.params);
        };
        waiting.add(look);
        look();
      });
    },
    close: () => socket.destroy(),
  };
}

function upgraded(url: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const request = http.get(url.replace(/^ws:/, "http:"), {
      headers: {
        Connection: "Upgrade",
        Upgrade: "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
      },
    });
    request.on("upgrade", (_, socket) => resolve(socket as Socket));
    request.on("error", reject);
  });
}

/** The first frame of some bytes, if it is complete; a server's frames are not masked. */
function frameIn(bytes: Buffer): { opcode: number; payload: Buffer; end: number } | undefined {
  if (bytes.length < 10 && bytes.length < 2 + (bytes[1] ?? 0)) return undefined;
  const short = bytes[1]!;
  const [start, length] =
    short < 126 ? [2, short] : short === 126 ? [4, bytes.readUInt16BE(2)] : [10, Number(bytes.readBigUInt64BE(2))];
  const end = start + length;
  return bytes.length < end ? undefined : { opcode: bytes[0]! & 15, payload: bytes.subarray(start, end), end };
}

/** A text as a client's frame, which is masked: here with zeros, so that it stays as it is. */
function frameOf(text: string): Buffer {
  const payload = Buffer.from(text);
  const head = Buffer.alloc(14);
  head[0] = 0x80 | TEXT;
  head[1] = 0x80 | 127;
  head.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([head, payload]);
}
