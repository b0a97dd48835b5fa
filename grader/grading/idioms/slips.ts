import { Tensor } from "#tensor";
import type { FunctionStep, Step } from "../../kit/step.ts";
import type { Note } from "../../verdict/result.ts";
import { allIn, partsOf, type Expression } from "./expression.ts";
import { floorDivisionIn } from "./floor-division.ts";
import type { Names } from "./kind.ts";
import { readingOf } from "./reading.ts";
import type { Statement } from "./statement.ts";
import { stepNames } from "./step-names.ts";
import { tokensOf, type Token } from "./tokens.ts";
import { translated } from "./translate.ts";
import { isMethod } from "./words.ts";

/**
 * Slips that no error names, or names at another place: a method that is not called, a shape whose parts are taken by
 * name, a tuple, an index that counts from the end, Python's //, parameters other than the one object that a step's
 * function is called with, and a return that ends with its line.
 */
export function slipsIn(step: Step, text: string): Note[] {
  const { statements, names } = readingOf(text, stepNames(step));
  const found = [
    ...(step.kind === "function" ? ofParameters(step, tokensOf(text)) : []),
    ...statements.flatMap((statement) => [
      ...ofMethods(statement, names),
      ...ofShapes(statement, names),
      ...ofTuples(statement, names, text),
      ...ofIndices(statement, names, text),
    ]),
    ...ofReturns(text),
  ];
  const division = floorDivisionIn(text);
  const notes = found.map(({ at, said }) => ({ ...placeOf(at, text), text: said }));
  return [...(division ? [division] : []), ...notes].slice(0, MOST);
}

/** How many notes a file gets. */
const MOST = 3;

interface Slip {
  /** Where it is in the text, from 0. */
  readonly at: number;
  readonly said: string;
}

function placeOf(at: number, text: string): { line: number; column: number } {
  return { line: text.slice(0, at).split("\n").length, column: at - text.lastIndexOf("\n", at - 1) };
}

/** x.size[0], view(cube.size), const h = nudge.item. */
function ofMethods({ value }: Statement, names: Names): Slip[] {
  const all = [...allIn(value)];
  // x.size(0) and x.add.bind(x) are right
  const used = new Set(all.flatMap((one) => (one.kind === "call" || one.kind === "field" ? [one.of] : [])));
  return all.flatMap((one) => {
    if (one.kind !== "field" || used.has(one) || !isMethod(one.name)) return [];
    const owner = translated(one.of, names);
    if (owner?.kind.is !== "tensor") return [];
    const index = all.find((other) => other.kind === "element" && other.of === one);
    const given = index ? translated(partsOf(index)[1] ?? index, names)?.text : undefined;
    const said = `${one.name} is a method: write ${owner.text}.${one.name}(${argumentsOf(one, given)})`;
    return [{ at: one.to - one.name.length, said }];
  });
}

/** Operations without arguments; get, set, view and expand take any number of them. */
const takesMany: ReadonlySet<string> = new Set(["get", "set", "view", "expand"]);

function argumentsOf({ name }: Expression & { kind: "field" }, given: string | undefined): string {
  if (given !== undefined && name === "size") return given;
  const method: unknown = Object.getOwnPropertyDescriptor(Tensor.prototype, name)?.value;
  return typeof method === "function" && method.length === 0 && !takesMany.has(name) ? "" : "...";
}

/** const { rows, columns } = x.shape. */
function ofShapes(statement: Statement, names: Names): Slip[] {
  if (statement.kind !== "declaration" || statement.brackets !== "{}") return [];
  const { value } = statement;
  if (value.kind !== "field" || value.name !== "shape") return [];
  const owner = translated(value.of, names);
  if (owner?.kind.is !== "tensor" || statement.names.every((name) => name === "length")) return [];
  const said = `a shape is an array: write const [${statement.names.join(", ")}] = ${owner.text}.shape`;
  return [{ at: statement.first.from, said }];
}

/** view((4, 1)), where the comma is JavaScript's own: the value is the last one. */
function ofTuples({ value }: Statement, names: Names, text: string): Slip[] {
  return [...allIn(value)].flatMap((one) => {
    if (one.kind !== "call" || !one.values.some(({ value }) => value.kind === "tuple")) return [];
    const written = translated(one, names);
    const here = text.slice(one.from, one.to);
    return written ? [{ at: one.from, said: `${here} is written ${written.text}` }] : [];
  });
}

/** x.shape[-1]: an array has nothing there. */
function ofIndices({ value }: Statement, names: Names, text: string): Slip[] {
  return [...allIn(value)].flatMap((one) => {
    const [index, ...others] = one.kind === "element" ? one.indices : [];
    if (one.kind !== "element" || typeof index !== "object" || index.kind !== "negative" || others.length > 0)
      return [];
    const [of, back] = [translated(one.of, names), translated(index, names)];
    if (!of || back?.kind.is !== "number" || of.kind.is !== "unknown") return [];
    const owner = one.of.kind === "field" && one.of.name === "shape" ? translated(one.of.of, names) : undefined;
    const last = owner?.kind.is === "tensor" ? `${owner.text}.size(${back.text})` : `${of.text}.at(${back.text})`;
    return [
      { at: one.from, said: `an array has no index below zero: ${text.slice(one.from, one.to)} is written ${last}` },
    ];
  });
}

/** function dy(x, du), and function dy({ left }): the step's function is called with one object, of the given tensors. */
function ofParameters({ export: own, given }: FunctionStep, tokens: readonly Token[]): Slip[] {
  const open = tokens.findIndex(
    ({ text }, i) => text === "(" && tokens[i - 1]?.text === own && tokens[i - 2]?.text === "function",
  );
  const first = open < 0 ? undefined : tokens[open + 1];
  // a file can end anywhere
  if (!first) return [];
  const { parts, others } = parametersAt(tokens, open);
  if (first.text !== "{") {
    if (others === 0) return [];
    const said = `${own} is called with one object: write function ${own}({ ${given.join(", ")} }), or some of these names`;
    return [{ at: first.from, said }];
  }
  return parts
    .filter(({ text }) => !given.includes(text))
    .map(({ from, text }) => ({
      at: from,
      said: `${text} is not given: ${own} is called with ${given.join(", ")}; ${given[0]}: ${text} gives one of them another name`,
    }));
}

/** The names that are taken out of a first parameter in braces, and how many parameters follow the first. */
function parametersAt(tokens: readonly Token[], open: number): { parts: Token[]; others: number } {
  const parts: Token[] = [];
  let [depth, others] = [0, 0];
  for (let i = open; i < tokens.length; i++) {
    const { kind, text } = tokens[i]!;
    if ("([{<".includes(text)) depth += 1;
    if (")]}>".includes(text)) depth -= 1;
    if (depth === 0) break;
    if (depth === 1 && text === ",") others += 1;
    const before = tokens[i - 1]?.text;
    if (
      depth === 2 &&
      kind === "name" &&
      tokens[open + 1]!.text === "{" &&
      (before === "{" || before === ",") &&
      others === 0
    )
      parts.push(tokens[i]!);
  }
  return { parts, others };
}

/** A return with nothing behind it, and its value on the next line. */
function ofReturns(text: string): Slip[] {
  return [...text.matchAll(/^[ \t]*(return)[ \t]*\r?\n\s*(?![\s}])(?!\/\/|\/\*)/gm)].map(({ 0: found, index }) => ({
    at: index + found.indexOf("return"),
    said: "this return ends with its line and returns nothing: begin the value on the same line",
  }));
}
