import { parseArgs } from "node:util";
import { readClass, type ReadClass } from "../../class/merge/read-class.ts";
import { viewOf } from "../../class/merge/view.ts";
import { steps } from "../../course/steps.ts";
import { remarkLines } from "../../report/class/table.ts";
import { whyNot } from "../../runner/system.mjs";
import { tell } from "../tell.ts";
import { resolvePath, UsageError } from "../usage.ts";
import { version } from "../version.ts";
import { formats, writeMerged, type Format } from "./formats.ts";

export const mergeHelp = `class merge RESULTS ... [--format FORMAT]
          [--gradebook EXPORTED.csv [--column TITLE]] [--output FILE] [--anonymous] [--before RESULTS] [--lessons ADDRESS]
    Makes a report of a class from its results: what each student passed, and what the class misunderstood.
    --format FORMAT    table, for the terminal, by default; html is one page, mistakes a table of all mistakes, csv and
                       jsonl are for spreadsheets and scripts, canvas and moodle for gradebooks, junit is for CI, dolos
                       a folder for similarity tools
    --gradebook FILE   for canvas and moodle: the file that you exported there; the points go into a copy of it
    --column TITLE     which of its columns gets the points, if there are several
    --output FILE      writes FILE instead of printing; for dolos a new folder
    --anonymous        leaves out names
    --before RESULTS   earlier results of the same class: whose points changed, and why
    --lessons ADDRESS  where exercises/ is on the web, for the page's links to lessons`;

interface Options {
  readonly gradebook?: string | undefined;
  readonly column?: string | undefined;
  readonly output?: string | undefined;
  readonly anonymous: boolean;
  readonly before?: readonly string[] | undefined;
  readonly lessons?: string | undefined;
}

/** Exit status 0, also if results are missing or cannot be read: the report says so. */
export async function merge(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      format: { type: "string", default: "table" },
      gradebook: { type: "string" },
      column: { type: "string" },
      output: { type: "string" },
      anonymous: { type: "boolean", default: false },
      before: { type: "string", multiple: true },
      lessons: { type: "string" },
    },
  });
  const format = formatOf(values.format);
  checkOptions(format, values);
  if (positionals.length === 0)
    throw new UsageError("name the folder of results, as in npm run class -- merge results");
  const results = resultsIn(positionals);
  const before = values.before && resultsIn(values.before);
  const view = viewOf(steps, results, { isAnonymous: values.anonymous, before, version: version() });
  await writeMerged(format, { view, results, ...values });
  // the table and the page contain them
  if (format !== "table" && format !== "html") for (const line of remarkLines(view, Infinity)) tell(line);
  return 0;
}

function formatOf(typed: string): Format {
  const format = formats.find((one) => one === typed);
  if (!format) throw new UsageError(`--format ${typed}: there is no such format; there are ${formats.join(", ")}`);
  return format;
}

/** An option that does not apply is refused: if it were passed over in silence, it would seem to have worked. */
function checkOptions(format: Format, { gradebook, column, output, anonymous, before, lessons }: Options): void {
  const isGradebook = format === "canvas" || format === "moodle";
  if (isGradebook && gradebook === undefined) {
    throw new UsageError(`--format ${format} fills in the file that you exported there: name it with --gradebook FILE`);
  }
  if (isGradebook && anonymous) throw new UsageError(`--format ${format} needs names; leave out --anonymous`);
  if (!isGradebook && (gradebook ?? column) !== undefined) {
    throw new UsageError(`--gradebook and --column go with --format canvas or moodle, not with ${format}`);
  }
  if (before && !["table", "html", "csv"].includes(format)) {
    throw new UsageError(`--before goes with --format table, html or csv, not with ${format}`);
  }
  if (lessons !== undefined && format !== "html")
    throw new UsageError(`--lessons goes with --format html, not with ${format}`);
  if (lessons !== undefined && !/^https?:\/\/[^\s"<>]+$/.test(lessons)) {
    throw new UsageError(
      `--lessons ${lessons}: give the address of the folder exercises/ on the web, beginning with https://`,
    );
  }
  if (format === "dolos" && output === undefined) {
    throw new UsageError("--format dolos writes a folder: name a new one with --output FOLDER");
  }
  if (format === "html" && output === undefined && process.stdout.isTTY) {
    throw new UsageError("--format html writes a page: add --output class.html, then open it in a browser");
  }
}

/**
 * The results in some folders.
 *
 * @throws UsageError if there is none, or a folder cannot be read
 */
function resultsIn(places: readonly string[]): ReadClass {
  let results;
  try {
    results = readClass(steps, places.map(resolvePath));
  } catch (error) {
    throw new UsageError(
      `${places.join(" ")}: cannot be read (${whyNot(error)}); name the folder that npm run class has written`,
    );
  }
  if (results.rows.length > 0) return results;
  const [problem = "npm run class -- SUBMISSIONS writes them"] = results.problems;
  throw new UsageError(`${places.join(" ")}: there is no result that can be used; ${problem}`);
}
