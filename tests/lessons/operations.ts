import { readFileSync } from "node:fs";
import path from "node:path";
import * as library from "#tensor";
import { graderFolder } from "../../grader/runner/project.ts";

/** What a learner can use of #tensor, as the table of operations shows it: from the class itself and its doc comments. */
export interface Operation {
  name: string;
  /** As it is called, without types: `x.sum(dim?, keepdim = false)`. */
  signature: string;
  /** The doc comment's first sentence. */
  says: string;
  /** What PyTorch calls it, if that differs. */
  torch: string | undefined;
  /** The heading in the class above it. */
  group: string;
}

/** A tensor's members that are no operation on it. */
const internal = new Set(["constructor"]);
/** The exports that are types of things rather than operations. */
const classes = new Set(["Tensor", "TensorError"]);

const FUNCTIONS = "functions of #tensor";

const read = (name: string): string => readFileSync(path.join(graderFolder, "tensor", name), "utf8");
const classText = read("tensor.ts");
const functionTexts = read("create.ts") + read("index.ts");

/** Every operation of a tensor, in the order of the class, then every function and constant that #tensor exports. */
export function operations(): Operation[] {
  const members = Object.getOwnPropertyNames(library.Tensor.prototype).filter((name) => !internal.has(name));
  const methods = [...Object.keys(library.tensor(1)), ...members].map((name) => {
    const declared = `^  (?:readonly |get )?${name}(?:(\\(.*\\)): .* \\{|\\(\\): .* \\{|: \\w+;)$`;
    return found(name, classText, declared, "x.");
  });
  const exported = Object.keys(library).filter((name) => !classes.has(name));
  const functions = exported.map((name) =>
    found(name, functionTexts, `^export (?:function|const) ${name}(?:(\\(.*\\)): .* \\{| = \\w+;)$`, ""),
  );
  return [...methods, ...functions];
}

function found(name: string, text: string, declared: string, receiver: string): Operation {
  const match = new RegExp(declared, "m").exec(text);
  if (!match) throw new Error(`${name}: no declaration was found in the source of #tensor`);
  const before = text.slice(0, match.index);
  const comment = /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*$/.exec(before)?.[1];
  if (comment === undefined) throw new Error(`${name} has no doc comment, from which its row in the table is made`);
  const [words, torch] = comment
    .replaceAll(/^ *\* ?/gm, "")
    .replaceAll(/\s+/g, " ")
    .split("@throws")[0]!
    .trim()
    .split(/ PyTorch: (?=`)/);
  return {
    name,
    signature: receiver + (name === "T" || !match[1] ? name : name + withoutTypes(match[1])),
    says: firstSentence(words!),
    torch: torch?.replace(/\.$/, ""),
    group: receiver === "" ? FUNCTIONS : ([...before.matchAll(/^ {2}\/\/ ---- (.*)$/gm)].at(-1)?.[1] ?? "elements"),
  };
}

/** The text up to its first full stop; one within code does not count. */
function firstSentence(text: string): string {
  return /^(?:`[^`]*`|[^`])*?\.(?= |$)/.exec(text)?.[0] ?? text;
}

/** (dim?: Dims, keepdim = false) as (dim?, keepdim = false). */
function withoutTypes(parameters: string): string {
  return parameters.replaceAll(/: (?:\([^)]*\) => \w+|[^,=()]*(?=[,=)]))/g, (type) => (type.endsWith(" ") ? " " : ""));
}

/** The table in Markdown, with a heading for each group. */
export function operationsTable(): string {
  return [...groupsOf(operations())].map(([group, rows]) => `### ${capital(group)}\n\n${table(rows)}`).join("\n\n");
}

function groupsOf(all: readonly Operation[]): Map<string, Operation[]> {
  const groups = new Map<string, Operation[]>();
  for (const one of all) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return groups;
}

/** Columns padded as Prettier pads them. */
function table(rows: readonly Operation[]): string {
  const cells = [
    ["here", "what it is", "in PyTorch"],
    ...rows.map(({ signature, says, torch }) => [`\`${signature}\``, says, torch ?? ""]),
  ].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = [0, 1, 2].map((i) => Math.max(...cells.map((row) => row[i]!.length)));
  const lines = cells.map((row) => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`);
  return [lines[0], `| ${widths.map((wide) => "-".repeat(wide)).join(" | ")} |`, ...lines.slice(1)].join("\n");
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
