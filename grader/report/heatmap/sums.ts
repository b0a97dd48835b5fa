import type { Matrix } from "./matrix.ts";

/** The sum of each row, in float64. */
export function rowSums({ rows, columns, values }: Matrix): Float64Array {
  const sums = new Float64Array(rows.size);
  for (let i = 0; i < values.length; i++) sums[Math.floor(i / columns.size)]! += values[i]!;
  return sums;
}

/** The sum of each column, in float64. */
export function columnSums({ columns, values }: Matrix): Float64Array {
  const sums = new Float64Array(columns.size);
  for (let i = 0; i < values.length; i++) sums[i % columns.size]! += values[i]!;
  return sums;
}
