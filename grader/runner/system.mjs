/**
 * What the system refuses, in words: a full disk or a missing permission is no bug in the grader, and the reader can do
 * something about it. Plain JavaScript, because the grader's start uses it as well.
 */

/** @type {Readonly<Record<string, [why: string, whatToDo: string]>>} */
const refusals = {
  EACCES: ["permission denied", "change its permissions (chmod, chown), or work in a copy of your own"],
  EPERM: ["permission denied", "change its permissions (chmod, chown), or work in a copy of your own"],
  EROFS: ["the file system is read-only", "work in a copy where files can be written"],
  ENOSPC: ["the disk is full", "free some space, then try again"],
  EDQUOT: ["your disk quota is used up", "free some space, then try again"],
  EFBIG: ["the file would be larger than the system allows", "raise the limit (ulimit -f), then try again"],
  EIO: ["the disk reports an error", "check the disk, or work in a copy elsewhere"],
  ELOOP: ["its symbolic links form a loop", "remove the link, or make it point to a file"],
  ENAMETOOLONG: ["the name is too long", "use a shorter one"],
  EISDIR: ["it is a folder", "rename or remove it: a file belongs there"],
  ENOTDIR: ["a folder above it is a file", "rename or remove that file: a folder belongs there"],
  EEXIST: ["something else is there", "rename or remove it"],
  ENOTEMPTY: ["a folder is there", "rename or remove it"],
  EBUSY: ["another program uses it", "end that program, then try again"],
  ETXTBSY: ["another program uses it", "end that program, then try again"],
  EMFILE: ["too many files are open", "end other programs, or raise the limit (ulimit -n)"],
  ENFILE: ["too many files are open", "end other programs, then try again"],
  EAGAIN: ["no more processes can be started", "end other programs, or raise the limit (ulimit -u)"],
  ENOMEM: ["the memory is used up", "end other programs, then try again"],
  ENOENT: [
    "there is no such file or folder",
    "git checkout -- FILE restores what belongs to the course; TMPDIR, if it is set, must name a folder",
  ],
  ENOEXEC: ["the program is for another system", "run npm ci in the course's folder, then try again"],
  ERR_FS_FILE_TOO_LARGE: ["the file is too large to be read", "is it the right file?"],
  ERR_STRING_TOO_LONG: ["the file is too large to be read", "is it the right file?"],
};

/**
 * Why the system refused something, to be put in parentheses: "the disk is full", "EISDIR".
 *
 * @param {unknown} error
 * @returns {string}
 */
export function whyNot(error) {
  const { code } = /** @type {NodeJS.ErrnoException} */ (error);
  const isPlain = code === "ENOSPC" || code === "EDQUOT" || code === "EROFS";
  return (isPlain ? refusals[code]?.[0] : code) ?? String(error);
}

/**
 * What the system refused, why, and what to do, in one line.
 *
 * @param {unknown} error
 * @returns {string | undefined} undefined if it was not the system that refused
 */
export function systemProblem(error) {
  const { code = "", syscall, path, dest } = /** @type {NodeJS.ErrnoException & { dest?: string }} */ (error ?? {});
  const refusal = refusals[code];
  if (!refusal || (syscall === undefined && !code.startsWith("ERR_"))) return undefined;
  const [why, whatToDo] = refusal;
  const file = dest ?? path;
  return `${file === undefined ? `${syscall ?? "reading"} failed` : file}: ${why} (${code}); ${whatToDo}`;
}

/**
 * Which package is not installed, and what to do, in one line.
 *
 * @param {unknown} error
 * @returns {string | undefined} undefined if none is missing
 */
export function missingPackage(error) {
  const { code, message = "" } = /** @type {NodeJS.ErrnoException} */ (error ?? {});
  if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") return undefined;
  const [, wanted] = /Cannot find (?:package|module) '([^']+)'/.exec(message) ?? [];
  const name = wanted?.replace(/^.*node_modules[\\/]/, "");
  // npm cannot restore one of the grader's own files
  if (name === undefined || /^[./]|^[A-Za-z]:/.test(name)) return undefined;
  const [, packageName] = /^((?:@[^/\\]+[/\\])?[^/\\]+)/.exec(name) ?? [];
  // not npm install: it can change the lock file, which npm run update would then overwrite
  return `the package ${packageName} is not installed; run npm ci in the course's folder, then try again`;
}
