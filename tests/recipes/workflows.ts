import { buildSync } from "esbuild";
import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";
import path from "node:path";
import type * as Parser from "@actions/workflow-parser";
import { projectRoot } from "../../grader/runner/project.ts";

const PACKAGE = "@actions/workflow-parser";

/**
 * GitHub's own parser of workflows, bundled into a folder: its modules import JSON in a way that Node does not take.
 *
 * @returns a function that says what is wrong with a workflow
 */
export function workflowErrors(folder: string): (content: string) => Promise<string[]> {
  const file = path.join(folder, "parser.cjs");
  const contents = `export * from "${PACKAGE}";`;
  const stdin = { contents, resolveDir: projectRoot };
  const { outputFiles } = buildSync({ stdin, bundle: true, platform: "node", format: "cjs", write: false });
  writeFileSync(file, outputFiles[0]!.contents);
  const parser = createRequire(file)(file) as typeof Parser;
  return async (content) => {
    const trace = new parser.NoOperationTraceWriter();
    const { context, value } = parser.parseWorkflow({ name: "workflow.yml", content }, trace);
    // this finds what the schema cannot say, such as a job that needs an unknown one
    if (value) await parser.convertWorkflowTemplate(context, value);
    return context.errors.getErrors().map(({ message }) => message);
  };
}
