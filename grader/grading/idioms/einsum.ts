import { rankOf, tensorOf } from "./kind.ts";
import { atom, type Written } from "./written.ts";

/**
 * torch.einsum("ij,kj->ik", a, b) as a.matmul(b.T): a sum of products, of one matrix or of two, over one index or none.
 *
 * @param values the subscripts, and what they are about
 * @returns undefined for other subscripts
 */
export function einsum([subscripts, ...factors]: readonly Written[]): Written | undefined {
  const [, before, after] = /^["'](?<before>[a-z, ]+)->(?<after>[a-z ]*)["']$/.exec(subscripts?.text ?? "") ?? [];
  if (before === undefined || after === undefined) return undefined;
  const indices = before.replaceAll(" ", "").split(",");
  const isRight = (of: Written, i: number): boolean =>
    of.kind.is === "tensor" && [2, undefined].includes(rankOf(of.kind)) && isPair(indices[i]);
  if (factors.length !== indices.length || !factors.every(isRight)) return undefined;
  const kept = after.replaceAll(" ", "");
  const [a, b] = factors;
  const [left, right] = indices;
  if (!b) return reduced(a!, left!, kept);
  return left === right
    ? reduced(atom(`${a!.text}.mul(${b.text})`, tensorOf(2), true), left!, kept)
    : product([a!, left!], [b, right!], kept);
}

function isPair(indices: string | undefined): boolean {
  return indices?.length === 2 && indices[0] !== indices[1];
}

/** A matrix as it is, transposed, or summed over what is not kept. */
function reduced(x: Written, [row, column]: string, kept: string): Written | undefined {
  if (kept === `${row}${column}`) return { ...x, isChanged: true };
  if (kept === `${column}${row}`) return atom(`${x.text}.T`, tensorOf(2), true);
  if (kept === "") return atom(`${x.text}.sum()`, tensorOf(0), true);
  const dim = kept === row ? 1 : kept === column ? 0 : undefined;
  if (dim === undefined) return undefined;
  const withDimension = { ...atom(`${x.text}.sum(${dim}, keepdim)`, tensorOf(2), true) };
  return { ...atom(`${x.text}.sum(${dim})`, tensorOf(1), true), kept: { dim, written: withDimension } };
}

type Factor = readonly [of: Written, indices: string];

/** A matrix product, with the factors in the order and the form in which their shapes fit. */
function product(a: Factor, b: Factor, kept: string): Written | undefined {
  const [first, last] = kept;
  if (!isPair(kept)) return undefined;
  const [left, right] = a[1].includes(first!) ? [a, b] : [b, a];
  const summed = [...left[1]].find((index) => index !== first);
  if (summed === last || ![first, summed].every((index) => left[1].includes(index!))) return undefined;
  if (![summed, last].every((index) => right[1].includes(index!))) return undefined;
  return atom(`${turned(left, first! + summed!)}.matmul(${turned(right, summed! + last!)})`, tensorOf(2), true);
}

/** A matrix whose rows and columns have these indices. */
function turned([{ text }, indices]: Factor, wanted: string): string {
  return indices === wanted ? text : `${text}.T`;
}
