import type { Tensor } from "#tensor";
import type { Words } from "../../network/words.ts";
import { EPSILON, TOLERANCE } from "../../verdict/compare.ts";
import { significant } from "../../kit/number.ts";
import { lectureCharacters } from "./dataset.ts";

/** What a gradient on the lecture's batch shows, by the tensor that it is the gradient of. */
export const observations: Words["observations"] = {
  logprobs: (who, x, { Yb }) => [atLabels(who, x, Yb!)],
  norm_logits: (who, x, { Yb }) => [atLabels(who, x, Yb!), sumsToZero(who, x, 1)],
  logits: (who, x, { Yb }) => [atLabels(who, x, Yb!), sumsToZero(who, x, 1)],
  hprebn: (who, x) => [sumsToZero(who, x, 0)],
  C: (who, x, { Xb }) => absentRows(who, x, Xb!),
};

/** Where the darkest blue is: in how many rows the most negative value is at the row's label. */
function atLabels(who: string, x: Tensor, Yb: Tensor): string {
  const [rows, columns] = [x.size(0), x.size(1)];
  const labels = Yb.toArray();
  const values = x.toArray();
  let hits = 0;
  for (let row = 0; row < rows; row++) {
    const own = values.subarray(row * columns, (row + 1) * columns);
    const at = labels[row]!;
    if (own.every((value, i) => i === at || value > own[at]!)) hits += 1;
  }
  return `${who}: the most negative value of a row is at the character that comes next in ${hits} of ${rows} rows`;
}

/** The rows of characters that occur in no context. */
function absentRows(who: string, x: Tensor, Xb: Tensor): string[] {
  const present = new Set<number>(Xb.toArray());
  const [rows, columns] = [x.size(0), x.size(1)];
  const absent = Array.from({ length: rows }, (_, row) => row).filter((row) => !present.has(row));
  if (absent.length === 0) return [];
  const values = x.toArray();
  const isZero = (row: number): boolean =>
    values.subarray(row * columns, (row + 1) * columns).every((value) => value === 0);
  const named = (some: readonly number[]): string => some.map((row) => lectureCharacters[row] ?? row).join(" ");
  const touched = absent.filter((row) => !isZero(row));
  if (touched.length > 0) return [`${who}: no context contains ${named(touched)}, but these rows are not 0`];
  return [`${who}: no context contains ${named(absent)}, and these rows are 0`];
}

/**
 * Whether rows (dim 1) or columns (dim 0) sum to zero, within rounding.
 *
 * @param dim the dimension that is summed over
 */
function sumsToZero(who: string, x: Tensor, dim: 0 | 1): string {
  const what = dim === 1 ? "row" : "column";
  const [rows, columns] = [x.size(0), x.size(1)];
  const values = x.toArray();
  const sums = new Float64Array(dim === 1 ? rows : columns);
  const magnitudes = new Float64Array(sums.length);
  for (let i = 0; i < values.length; i++) {
    const at = dim === 1 ? Math.floor(i / columns) : i % columns;
    sums[at]! += values[i]!;
    magnitudes[at]! += Math.abs(values[i]!);
  }
  const worst = sums.reduce((most, sum, i) => (Math.abs(sum) > Math.abs(sums[most]!) ? i : most), 0);
  const off = sums.filter((sum, i) => Math.abs(sum) > TOLERANCE * EPSILON * magnitudes[i]!).length;
  const found =
    off === 0 ? `every ${what} sums to 0, within rounding` : `${off} of ${sums.length} ${what}s do not sum to 0`;
  return `${who}: ${found}; the largest ${what} sum is ${significant(sums[worst]!)}, in ${what} ${worst}`;
}
