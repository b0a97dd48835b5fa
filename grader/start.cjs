#!/usr/bin/env node
"use strict";

/**
 * Starts the grader, or says in one line why it cannot run here. A Node that is too old must be able to read this file,
 * and so must a Node in a folder from which modules cannot be loaded: so it is not a module, and uses nothing newer than
 * Node 10.
 */
const path = require("path");

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const root = path.dirname(__dirname);

if (major < 20 || (major === 20 && minor < 19)) {
  fail(
    `Node ${process.versions.node} is too old; install Node 20.19 or later from https://nodejs.org, then run npm ci`,
  );
} else if (path.sep === "/" && /[*\\]/.test(root)) {
  startElsewhere();
} else {
  endWithStarter();
  import("./launch.mjs");
}

/**
 * Starts the grader under another name of its folder. Node takes * in a path for a pattern and refuses to load modules from
 * a path with \ in it; so does TypeScript. A link in the system's temporary folder, removed when the grader ends, has
 * neither.
 */
function startElsewhere() {
  const fs = require("fs");
  const { spawn } = require("child_process");
  let folder;
  try {
    folder = fs.mkdtempSync(path.join(require("os").tmpdir(), "backprop-dojo-"));
    fs.symlinkSync(root, path.join(folder, "course"));
  } catch (error) {
    return fail(`${root}: the path contains * or \\, and no link to it can be created (${error}); rename the folder`);
  }
  const link = path.join(folder, "course");
  // paths that are typed and shown are relative to this folder
  const from = path.relative(root, process.env.INIT_CWD || process.cwd());
  const env = Object.assign({}, process.env);
  if (!/^\.\.(\/|$)/.test(from)) env.INIT_CWD = path.join(link, from);
  const options = process.execArgv.concat("--preserve-symlinks", "--preserve-symlinks-main");
  const start = path.join(link, "grader", path.basename(__filename));
  const child = spawn(process.execPath, options.concat(start, process.argv.slice(2)), {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env,
  });
  /** @type {NodeJS.Signals[]} */
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(error.message));
  child.on("exit", (code) => {
    process.exitCode = code === null ? 2 : code;
  });
  process.on("exit", () => {
    fs.unlinkSync(link);
    fs.rmdirSync(folder);
  });
}

/** If startElsewhere started this process: ends it when that one ends, however that happens. */
function endWithStarter() {
  if (!process.channel) return;
  process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.channel.unref();
}

/** @param {string} problem */
function fail(problem) {
  process.stderr.write(`backprop-dojo: ${problem}\n`);
  process.exitCode = 2;
}
