import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** The slow tests: processes that run into their limits, terminals, real training, many seeds. All others are quick. */
const thorough = [
  "tests/attacks/**/*.test.ts",
  "tests/course/{coverage,hints,slips,traps}.test.ts",
  "tests/diagnosis/{held-back,held-back-exam,program-held-back,statements,training,transformer-loop}.test.ts",
  "tests/faults.test.ts",
  "tests/class/zip.test.ts",
  "tests/commands/{debug,play,renumbered,train,watch}.test.ts",
  "tests/grading/{gradient-check,hosts,idioms,kept,kept-command,one-case,slips}.test.ts",
  "tests/kit/own-network.test.ts",
  "tests/network/training.test.ts",
  "tests/networks/attention/grading.test.ts",
  "tests/pack/*.test.ts",
  "tests/page/{access,app,border,class-page,equal,grades,types,webkit,work,workshop}.test.ts",
  "tests/pictures/terminal.test.ts",
  "tests/recipes/engines.test.ts",
  "tests/report/{code,quiz,schema,transcripts}.test.ts",
  "tests/runner/{bad-input,chain,endings,notes,progress,result-channel,training,training-memory,typecheck}.test.ts",
  "tests/verdict/training-forms.test.ts",
];
/** Slow tests that need a process of their own: they mock the workspace, or look at what their process has started. */
const alone = ["tests/commands/{cli,hints,quiz,reporter,screens,show,update}.test.ts", "tests/runner/bundler.test.ts"];
/** Tests that repeat for many seeds, sizes or widths what others try once: they run every night (tests/sample.ts). */
const nightly = ["tests/commands/{lab,narrow}.test.ts", "tests/diagnosis/{pairs,seeds}.test.ts"];
const isNightly = process.env["BACKPROP_DOJO_ALL"] === "1";
/** Tests that need modules of their own: they mock the workspace, fill the kernels' memory, or use esbuild outside the box. */
const apart = [
  "tests/autograd/broadcasting.test.ts",
  "tests/commands/{list,mistakes,recap}.test.ts",
  "tests/tensor/{full-memory,memory,places}.test.ts",
];
/** Tests that keep the machine busy; they run after all others. */
const loaded = ["tests/runner/{same-results,steadiness}.test.ts"];

/** A terminal, a browser or a limit can meet a machine that stands still: one more try, and .ci/run names what needed it. */
const MORE_TRIES = 1;

/** What the slow tests have in common: one more worker than processors, because they wait as well. */
const slow = { retry: MORE_TRIES, maxWorkers: availableParallelism() + 1, sequence: { groupOrder: 1 } };

const shared = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // what is waited for may take long on a busy machine
  expect: { poll: { timeout: 20_000 } },
  // commands that tests start keep no results: each runs all that it grades; and they annotate nothing on GitHub
  env: { CI: "1", GITHUB_ACTIONS: "" },
};

export default defineConfig({
  test: {
    maxConcurrency: availableParallelism(),
    projects: [
      // files that share a process share the grader's modules: loading them again for each file takes a quarter of the time
      {
        test: {
          ...shared,
          name: "quick",
          isolate: false,
          maxWorkers: availableParallelism(),
          include: ["tests/**/*.test.ts"],
          exclude: [...thorough, ...alone, ...nightly, ...loaded, ...apart],
        },
      },
      { test: { ...shared, name: "apart", include: apart, maxWorkers: availableParallelism() } },
      {
        test: {
          ...shared,
          ...slow,
          name: "thorough",
          include: isNightly ? [...thorough, ...nightly] : thorough,
          isolate: false,
        },
      },
      { test: { ...shared, ...slow, name: "alone", include: alone } },
      {
        test: {
          ...shared,
          name: "loaded",
          include: loaded,
          retry: MORE_TRIES,
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
