import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    // grading starts processes of its own: more files at a time than processors would only wait for each other
    maxWorkers: 2,
    maxConcurrency: 2,
    testTimeout: 60_000,
  },
});
