#!/usr/bin/env node
/**
 * Starts the grader, or says which Node it needs. A Node that is too old must be able to read this file: it holds
 * nothing that came after 2020, and imports nothing before it has looked.
 */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > 20 || (major === 20 && minor >= 19)) {
  import("./launch.mjs");
} else {
  process.stderr.write(
    "backprop-dojo: Node " +
      process.versions.node +
      " is too old; install Node 20.19 or later from https://nodejs.org, then run npm install\n",
  );
  process.exitCode = 2;
}
