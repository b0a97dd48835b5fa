import { nameHere } from "../../tensor/absent.ts";
import { makers } from "../unused.ts";
import { broadcastRank, NUMBER, rankOf, tensorOf, UNKNOWN, type Kind } from "./kind.ts";
import { einsum } from "./einsum.ts";
import { functions, methods } from "./words.ts";
import { atom, listed, type Given, type Written } from "./written.ts";

/** Methods that give a number. */
const counting: ReadonlySet<string> = new Set(["size", "numel", "get", "item"]);
/** Reductions, by what they give: a number of dimensions, or all. */
const reductions: ReadonlySet<string> = new Set(["sum", "mean", "var", "max"]);
/** What Python calls the arguments of a reduction. */
const dimensions: ReadonlySet<string> = new Set(["dim", "axis"]);
const keeping: ReadonlySet<string> = new Set(["keepdim", "keepdims"]);

/** x.sum(1, keepdim=True): a call of a method of what is certainly a tensor, by our name or by PyTorch's. */
export function calledOnTensor(owner: Written, name: string, given: readonly Given[]): Written | undefined {
  if (reductions.has(name)) return reduced(owner, name, given);
  if (given.some((one) => one.name !== undefined)) return undefined;
  const values = given.map(({ value }) => value);
  const theirs = Object.hasOwn(otherwise, name) ? otherwise[name]!(owner, values) : undefined;
  if (theirs) return theirs;
  const here = methods.includes(name) ? name : camelled(name);
  if (here === undefined) return undefined;
  const isElement = here === "get" || here === "set";
  if (isElement && values.some(({ kind }) => kind.is === "tensor" || kind.is === "extremes")) return undefined;
  const isChanged = here !== name || [owner, ...values].some((one) => one.isChanged);
  return atom(`${owner.text}.${here}(${listed(values)})`, resultOf(owner, here, values), isChanged);
}

/** index_add_ as indexAdd_; undefined if there is no such method. */
function camelled(name: string): string | undefined {
  const here = name.replaceAll(/(?<=\w)_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return here !== name && methods.includes(here) ? here : undefined;
}

function resultOf(owner: Written, name: string, values: readonly Written[]): Kind {
  if (counting.has(name)) return NUMBER;
  const isTensor = makers.includes(name) || name.endsWith("_") || name === "set";
  return isTensor ? tensorOf(rankAfter(owner, name, values)) : UNKNOWN;
}

/** The methods whose result has the shape of their tensor. */
const keepsShape: ReadonlySet<string> = new Set(
  "neg exp log tanh sqrt sigmoid softplus relu sign pow clamp each softmax clone float matmul transpose indexAdd scatterAdd set".split(
    " ",
  ),
);
const broadcasts: ReadonlySet<string> = new Set(["add", "sub", "mul", "div"]);

function rankAfter({ kind }: Written, name: string, values: readonly Written[]): number | undefined {
  const [first] = values;
  if (keepsShape.has(name) || name.endsWith("_")) return rankOf(kind);
  if (broadcasts.has(name) && first) return broadcastRank(kind, first.kind);
  const isPlain = values.length > 0 && values.every((one) => one.kind.is === "number");
  if ((name === "view" || name === "expand") && isPlain) return values.length;
  if (name !== "gatherRows" || !first) return undefined;
  const [rows, index] = [rankOf(kind), rankOf(first.kind)];
  return rows === undefined || index === undefined ? undefined : rows - 1 + index;
}

/** A reduction, with Python's named arguments in their places. */
function reduced(owner: Written, name: string, given: readonly Given[]): Written | undefined {
  const dims = given.filter((one, i) => (one.name === undefined ? i === 0 : dimensions.has(one.name)));
  const keeps = given.filter((one, i) => (one.name === undefined ? i === 1 : keeping.has(one.name)));
  if (dims.length > 1 || keeps.length > 1 || dims.length + keeps.length < given.length) return undefined;
  const [dim] = dims;
  const [keep] = keeps;
  // these two have no form over everything
  if ((name === "max" || name === "var") && !dim) return undefined;
  if (keep && !dim) return undefined;
  const isKept = keep && keepsDimension(keep.value);
  if (keep && isKept === undefined) return undefined;
  const dropped = keep ? keep.value.text === "false" : false;
  const isChanged = owner.isChanged || given.some((one) => one.name !== undefined || one.value.isChanged);
  const write = (last: string, rank: number | undefined): Written => ({
    ...atom(
      `${owner.text}.${name}(${[dim?.value.text, last].filter(Boolean).join(", ")})`,
      reduction(name, rank),
      isChanged,
    ),
  });
  const rank = rankOf(owner.kind);
  if (keep && !dropped) return write("keepdim", rank);
  const over = dim === undefined ? undefined : Number(dim.value.text);
  const isOne = over !== undefined && Number.isInteger(over);
  const left = dim === undefined ? 0 : isOne && rank !== undefined ? rank - 1 : undefined;
  const written = write("", left);
  return isOne ? { ...written, kept: { dim: over, written: { ...write("keepdim", rank), isChanged: true } } } : written;
}

/** What max returns has two tensors. */
function reduction(name: string, rank: number | undefined): Kind {
  return name === "max" ? { is: "extremes", rank } : tensorOf(rank);
}

/** Whether the second argument of a reduction keeps the dimension; undefined if it is none that is known. */
function keepsDimension({ text }: Written): boolean | undefined {
  return text === "keepdim" || text === "true" ? true : text === "false" ? false : undefined;
}

/** What is a method in PyTorch, and is written in another way here; undefined if its arguments are unusual. */
const otherwise: Readonly<Record<string, (owner: Written, values: readonly Written[]) => Written | undefined>> = {
  t: (x, values) => (values.length === 0 ? atom(`${x.text}.T`, x.kind, true) : undefined),
  T: (x, values) => (values.length === 0 ? atom(`${x.text}.T`, x.kind, true) : undefined),
  square: (x, values) => (values.length === 0 ? atom(`${x.text}.pow(2)`, x.kind, true) : undefined),
  reciprocal: (x, values) => (values.length === 0 ? atom(`${x.text}.pow(-1)`, x.kind, true) : undefined),
  rsqrt: (x, values) => (values.length === 0 ? atom(`${x.text}.pow(-0.5)`, x.kind, true) : undefined),
  expand_as: (x, [like]) => (like ? atom(`${x.text}.expand(${like.text}.shape)`, like.kind, true) : undefined),
  view_as: (x, [like]) => (like ? atom(`${x.text}.view(${like.text}.shape)`, like.kind, true) : undefined),
  reshape: (x, values) => atom(`${x.text}.view(${listed(values)})`, tensorOf(rankAfter(x, "view", values)), true),
  mm: (x, [other]) => (other ? atom(`${x.text}.matmul(${other.text})`, tensorOf(2), true) : undefined),
  argmax: (x, [dim]) => (dim ? atom(`${x.text}.max(${dim.text}).indices`, UNKNOWN_TENSOR, true) : undefined),
  unsqueeze: (x, [dim]) => (dim ? unsqueezed(x, Number(dim.text)) : undefined),
  size: (x, values) => (values.length === 0 ? atom(`${x.text}.shape`, UNKNOWN, true) : undefined),
  abs: (x, values) => (values.length === 0 ? atom(`${x.text}.each(Math.abs)`, x.kind, true) : undefined),
  // there is no autograd to leave, and one kind of memory
  detach: (x, values) => (values.length === 0 ? { ...x, isChanged: true } : undefined),
  contiguous: (x, values) => (values.length === 0 ? { ...x, isChanged: true } : undefined),
};
const UNKNOWN_TENSOR = tensorOf();

/** A tensor with a dimension of extent 1 more: x.sum(1)[:, None] as x.sum(1, keepdim). */
export function unsqueezed(x: Written, dim: number): Written | undefined {
  const rank = rankOf(x.kind);
  const at = dim < 0 && rank !== undefined ? dim + rank + 1 : dim;
  if (x.kept?.dim === at) return x.kept.written;
  if (rank === undefined || !(at >= 0 && at <= rank)) return undefined;
  if (rank === 1) return atom(`${x.text}.view(${at === 0 ? "1, -1" : "-1, 1"})`, tensorOf(2), true);
  // the sizes of a name can be asked for again
  if (!/^\w+$/.test(x.text)) return undefined;
  const extents = Array.from({ length: rank }, (_, i) => `${x.text}.size(${i})`);
  return atom(`${x.text}.view(${extents.toSpliced(at, 0, "1").join(", ")})`, tensorOf(rank + 1), true);
}

/** Python's names for the arguments of functions, which have none here. */
const dropped: ReadonlySet<string> = new Set(["num_classes", "classes"]);
/** Python's functions for which there is no expression here. */
const isPythons: ReadonlySet<string> = new Set(["range", "arange", "enumerate", "zip", "int", "float", "list", "len"]);
/** JavaScript's own functions of a number. */
const ofNumbers: ReadonlySet<string> = new Set(["exp", "log", "tanh", "sqrt"]);

/**
 * torch.zeros_like(x), exp(x), len(x): a call of a function, by our name or by Python's.
 *
 * @param module what is in front of the dot
 */
export function calledFunction(name: string, given: readonly Given[], module?: string): Written | undefined {
  const values = given.map(({ value }) => value);
  const [first, ...others] = values;
  const isOfTensor = first?.kind.is === "tensor";
  if (name === "einsum") return einsum(values);
  if (name === "len" && isOfTensor && others.length === 0) return atom(`${first.text}.size(0)`, NUMBER, true);
  if (isPythons.has(name)) return undefined;
  const here = functions.includes(name) ? name : functionHere(name);
  if (here !== undefined) return ofLibrary(here, here !== name || module !== undefined, given);
  if (isOfTensor && (methods.includes(name) || Object.hasOwn(otherwise, name))) {
    const written = calledOnTensor(first, name, given.slice(1));
    return written && { ...written, isChanged: true };
  }
  if (given.some((one) => one.name !== undefined)) return undefined;
  if (module === "Math" || (module === undefined && !ofNumbers.has(name))) {
    const isSure = module === "Math" && values.every(({ kind }) => kind.is === "number");
    const isWrong = module === "Math" && values.some(({ kind }) => kind.is !== "number" && kind.is !== "unknown");
    if (isWrong) return undefined;
    const callee = module === undefined ? name : `${module}.${name}`;
    return atom(
      `${callee}(${listed(values)})`,
      isSure ? NUMBER : UNKNOWN,
      values.some(({ isChanged }) => isChanged),
    );
  }
  const isNumber = ofNumbers.has(name) && others.length === 0 && first?.kind.is === "number";
  return isNumber ? atom(`Math.${name}(${first.text})`, NUMBER, true) : undefined;
}

/** zeros_like as zerosLike. */
function functionHere(name: string): string | undefined {
  const here = nameHere(name, functions)?.split("(")[0];
  return here !== undefined && functions.includes(here) ? here : undefined;
}

/** A function of #tensor: all of them make a tensor. */
function ofLibrary(name: string, isOther: boolean, given: readonly Given[]): Written | undefined {
  if (given.some((one) => one.name !== undefined && !dropped.has(one.name))) return undefined;
  const values = given.map(({ value }) => (name === "oneHot" ? indicesOf(value) : value));
  const [first] = values;
  const isChanged = isOther || given.some((one) => one.name !== undefined) || values.some((one) => one.isChanged);
  return atom(`${name}(${listed(values)})`, tensorOf(rankMade(name, first, values.length)), isChanged);
}

/** What max returns has the indices in it. */
function indicesOf(value: Written): Written {
  return value.kind.is === "extremes" ? atom(`${value.text}.indices`, tensorOf(value.kind.rank), true) : value;
}

function rankMade(name: string, first: Written | undefined, count: number): number | undefined {
  const rank = first && rankOf(first.kind);
  if (name === "zerosLike" || name === "onesLike") return rank;
  if (name === "oneHot") return rank === undefined ? undefined : rank + 1;
  if (name === "zeros" || name === "ones") return first?.kind.is === "number" ? count : undefined;
  return name === "tensor" && first?.kind.is === "number" ? 0 : undefined;
}
