import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { projectRoot } from "../../grader/runner/project.ts";

/**
 * Writes a page that shows the ladder with made-up progress, to look at it without the rest of the page:
 *
 *     npx tsx tests/ladder/demonstration.ts ladder.html
 *
 * `?step=dbook` (a step's own lines), `?passed=19&wrong=dbndiff` (progress), `?open=counts&panel=1&choose=40&steps=-3` (an
 * element followed) choose what is seen; it is light or dark as the browser prefers.
 */
const [out = "ladder.html"] = process.argv.slice(2);
const lecture = readFileSync(path.join(projectRoot, "data", "torch", "lecture.safetensors")).toString("base64");
const { outputFiles } = await build({
  entryPoints: [path.join(projectRoot, "page/ladder/demonstration.ts")],
  bundle: true,
  write: false,
  format: "esm",
  target: "es2023",
  define: { LECTURE: JSON.stringify(lecture) },
  alias: {
    "#tensor": path.join(projectRoot, "grader/tensor/index.ts"),
    "#course": path.join(projectRoot, "grader/course/exercise.ts"),
  },
});
const css = ["page/app/page.css", "page/ladder/ladder.css"].map((file) =>
  readFileSync(path.join(projectRoot, file), "utf8").replace(/^@import.*$/gm, ""),
);
const script = outputFiles[0]!.text.replaceAll("</script", "<\\/script");
writeFileSync(
  out,
  `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>the ladder</title>
<style>${css.join("")}
body { display: block; padding: 16px; max-width: 1180px; margin-inline: auto; }</style>
<body><main id="ladder"></main>
<script type="module">${script}</script>
</html>
`,
);
