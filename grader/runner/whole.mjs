/**
 * Files that are complete or missing: each is written under another name and then renamed, so that neither a reader at
 * the same time nor a full disk leaves half a file. For files that can be made again, above all caches, it is no error if
 * they cannot be written: the caller continues without them.
 *
 * Plain JavaScript, because the grader's start, which makes the grader's bundle, uses it as well.
 */
import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  lstatSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { makeFolder } from "./folder.mjs";
import { whyNot } from "./system.mjs";

/**
 * Writes a file that must not be lost: the old one stays until the new one is complete on the disk.
 *
 * @param {string} file
 * @param {Uint8Array | string | Iterable<string>} contents as a whole, or in pieces that are made while they are written
 * @param {string | number} [writer] who writes it, in the name that the file has until it is complete
 * @throws the system's error if it cannot be written; the old file is then unchanged
 */
export function saveWhole(file, contents, writer) {
  write(file, contents, true, writer);
}

/**
 * Writes a file that can be made again.
 *
 * @param {string} file
 * @param {Uint8Array | string} contents
 * @returns {boolean} whether it worked; if not, the old file is unchanged
 */
export function writeWhole(file, contents) {
  try {
    write(file, contents, false);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} file
 * @param {Uint8Array | string | Iterable<string>} contents
 * @param {boolean} isLasting whether it must survive a power failure
 * @param {string | number} writer
 */
function write(file, contents, isLasting, writer = process.pid) {
  // a name that nobody else uses: simultaneous writers do not collide, and nobody's file is overwritten
  const beside = `${file}.${writer}-${randomBytes(4).toString("hex")}.part`;
  const descriptor = openSync(beside, "wx");
  try {
    try {
      const pieces = typeof contents === "string" || contents instanceof Uint8Array ? [contents] : contents;
      for (const piece of pieces) {
        const bytes = Buffer.from(/** @type {string} */ (piece));
        for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
      }
      if (isLasting) fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

const TRAILER = "\n//# sha256=";
const TRAILER_LENGTH = TRAILER.length + 64;

/** @param {string | Uint8Array} text */
function trailerOf(text) {
  return TRAILER + createHash("sha256").update(text).digest("hex");
}

/**
 * Keeps a text in a cache, followed by a line with its checksum, which is a comment in JavaScript. Creates the folder. An
 * earlier text is removed first: when a file takes another's name, Linux's ext4 sends the new one to the disk at once, which
 * takes longer than everything else.
 *
 * @param {string} file
 * @param {string} text
 * @returns {boolean} whether it worked
 */
export function writeChecked(file, text) {
  try {
    makeFolder(path.dirname(file));
  } catch {
    return false;
  }
  remove(file);
  return writeWhole(file, withTrailer(text));
}

/**
 * A text as writeChecked keeps it.
 *
 * @param {string} text
 */
export function withTrailer(text) {
  return text + trailerOf(text);
}

/**
 * A text that writeChecked kept.
 *
 * @param {string} file
 * @returns {string | undefined} undefined if there is none, or if it is not the one that was written
 */
export function readChecked(file) {
  let whole;
  try {
    whole = readFileSync(file);
  } catch {
    return undefined;
  }
  // its bytes are hashed as they are: a megabyte of text is not decoded only to be encoded again
  const end = whole.length - TRAILER_LENGTH;
  const text = whole.subarray(0, Math.max(0, end));
  return end >= 0 && whole.toString("utf8", end) === trailerOf(text) ? text.toString() : undefined;
}

/** The length of a checksum, in bytes. */
const CHECKSUM = 32;

/** @param {Uint8Array} bytes */
function checksumOf(bytes) {
  return createHash("sha256").update(bytes).digest();
}

/**
 * Keeps bytes in a cache, with their checksum before them.
 *
 * @param {string} file in a folder that exists
 * @param {Uint8Array} bytes
 * @returns {boolean} whether it worked
 */
export function writeCheckedBytes(file, bytes) {
  return writeWhole(file, Buffer.concat([checksumOf(bytes), bytes]));
}

/**
 * Bytes that writeCheckedBytes kept.
 *
 * @param {string} file
 * @returns {Buffer | undefined} undefined if there are none, or if they are not those that were written
 */
export function readCheckedBytes(file) {
  let whole;
  try {
    whole = readFileSync(file);
  } catch {
    return undefined;
  }
  const bytes = whole.subarray(CHECKSUM);
  return whole.length > CHECKSUM && checksumOf(bytes).equals(whole.subarray(0, CHECKSUM)) ? bytes : undefined;
}

/** How long to wait for another process's change, in milliseconds. */
const WAIT_MS = 3000;
/** A lock older than this, in milliseconds, was left behind. */
const LEFT_BEHIND_MS = 2000;
const LOOK_EVERY_MS = 3;

/**
 * Changes a small file that several processes change, so that no change is lost: they read it and write it as a whole one
 * after the other.
 *
 * @param {string} file
 * @param {(text: string) => string} change from the current text, "" if it cannot be read, to the new one
 * @returns {string | undefined} undefined if it was written; otherwise why not, see whyNot
 */
export function changeWhole(file, change) {
  const unlock = lock(`${file}.lock`);
  try {
    let text = "";
    try {
      text = readFileSync(file, "utf8");
    } catch {
      // there is none, or it cannot be read: start with an empty one
    }
    write(file, change(text), false);
    return undefined;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === undefined) throw error;
    return whyNot(error);
  } finally {
    unlock();
  }
}

/**
 * Waits until this process alone has the lock; continues without it if it cannot be created, or if the wait is too long.
 *
 * @param {string} file
 * @returns {() => void} releases it
 */
function lock(file) {
  const until = performance.now() + WAIT_MS;
  do {
    try {
      closeSync(openSync(file, "wx"));
      return () => rmSync(file, { force: true });
    } catch (error) {
      // Windows reports EPERM for a file that is being removed
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code !== "EEXIST" && !(code === "EPERM" && process.platform === "win32")) break;
    }
    if (ageOf(file) > LEFT_BEHIND_MS) remove(file);
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_EVERY_MS);
  } while (performance.now() < until);
  return () => {};
}

/** How many milliseconds ago a file was written or, by its times, used; 0 if it is gone. @param {string} file */
function ageOf(file) {
  const found = lstatSync(file, { throwIfNoEntry: false });
  return found ? Date.now() - found.mtimeMs : 0;
}

/** @param {string} file */
function remove(file) {
  try {
    rmSync(file, { force: true });
  } catch {
    // another user's file, or one in use
  }
}

/** Files that were used within this time, in milliseconds, may still be in use. */
const IN_USE_MS = 3_600_000;

/**
 * Removes a cache's old files, except for the newest and those of the last hour. Files that belong together, such as a
 * bundle and its source map, are kept or removed together.
 *
 * @param {string} folder
 * @param {RegExp} pattern which files; those with the same first group, or the same whole match if it has none, belong
 * @param {number} kept how many are kept at least
 */
export function removeOld(folder, pattern, kept) {
  /** @type {Map<string, { age: number, files: string[] }>} */
  const groups = new Map();
  try {
    for (const name of readdirSync(folder)) {
      const found = pattern.exec(name);
      if (!found) continue;
      const key = found[1] ?? found[0];
      const group = groups.get(key) ?? { age: Infinity, files: [] };
      group.age = Math.min(group.age, ageOf(path.join(folder, name)));
      group.files.push(path.join(folder, name));
      groups.set(key, group);
    }
  } catch {
    return;
  }
  const oldest = [...groups.values()].sort((a, b) => a.age - b.age).slice(kept);
  for (const { age, files } of oldest) if (age > IN_USE_MS) files.forEach(remove);
}
