import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** What takes long: processes that run into their limits, terminals, real training, many seeds. Everything else is quick. */
const thorough = [
  "tests/attacks/**/*.test.ts",
  "tests/course/slips.test.ts",
  "tests/diagnosis/{held-back,pairs,seeds,training}.test.ts",
  "tests/faults.test.ts",
  "tests/commands/{cli,hints,lab,renumbered,train,watch}.test.ts",
  "tests/grading/{hosts,kept}.test.ts",
  "tests/report/schema.test.ts",
  "tests/runner/{bad-input,endings,training,typecheck}.test.ts",
];
/** What keeps the machine busy, after everything else. */
const loaded = ["tests/runner/{same-results,steadiness}.test.ts"];

const shared = {
  testTimeout: 60_000,
  // commands that tests start keep no results: each runs what it grades
  env: { CI: "1" },
};

export default defineConfig({
  test: {
    // grading starts processes of its own: more files at a time than processors would only wait for each other
    maxWorkers: availableParallelism(),
    maxConcurrency: availableParallelism(),
    projects: [
      { test: { ...shared, name: "quick", include: ["tests/**/*.test.ts"], exclude: [...thorough, ...loaded] } },
      { test: { ...shared, name: "thorough", include: thorough } },
      { test: { ...shared, name: "loaded", include: loaded, sequence: { groupOrder: 1 } } },
    ],
  },
});
