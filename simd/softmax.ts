/** softmax of rows: the exponentials of what each element lacks to the row's largest, divided by their sum. */
import { exp } from "./functions";
import { largestOfRow, sumOfRow } from "./reductions";

/** Rows of `length` elements, at least one. */
export function softmax(a: usize, out: usize, rows: u32, length: u32): void {
  const row = <usize>length << 2;
  const end = out + row * rows;
  // whether the largest is 0 or -0 makes no difference to an exponential
  for (let to = out; to < end; to += row, a += row) lessened(a, to, row, largestOfRow(a, a + row));
  exp(out, out, rows * length);
  for (let to = out; to < end; to += row) divided(to, row, sumOfRow(to, to + row));
}

/** A row minus a number. */
@inline
function lessened(a: usize, out: usize, row: usize, by: f32): void {
  const four = f32x4.splat(by);
  let at: usize = 0;
  for (; at + 16 <= row; at += 16) v128.store(out + at, f32x4.sub(v128.load(a + at), four));
  for (; at < row; at += 4) store<f32>(out + at, load<f32>(a + at) - by);
}

/** A row divided by a number, in place. */
@inline
function divided(out: usize, row: usize, by: f32): void {
  const four = f32x4.splat(by);
  let at: usize = 0;
  for (; at + 16 <= row; at += 16) v128.store(out + at, f32x4.div(v128.load(out + at), four));
  for (; at < row; at += 4) store<f32>(out + at, load<f32>(out + at) / by);
}
