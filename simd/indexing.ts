/** Rows and single elements by index. */

/** out row i = a row index[i]; rows are `width` long. */
export function gatherRows(a: usize, index: usize, out: usize, count: u32, width: u32): void {
  const row = (<usize>width) << 2;
  for (let i: u32 = 0; i < count; i++, index += 4) {
    let from = a + <usize>load<u32>(index) * row;
    const end = out + row;
    for (; out + 16 <= end; from += 16, out += 16) v128.store(out, v128.load(from));
    for (; out < end; from += 4, out += 4) store<f32>(out, load<f32>(from));
  }
}

/** out row index[i] += source row i, in order. */
export function addRows(out: usize, index: usize, source: usize, count: u32, width: u32): void {
  const row = (<usize>width) << 2;
  for (let i: u32 = 0; i < count; i++, index += 4) {
    let to = out + <usize>load<u32>(index) * row;
    const end = source + row;
    for (; source + 16 <= end; source += 16, to += 16) {
      v128.store(to, f32x4.add(v128.load(to), v128.load(source)));
    }
    for (; source < end; source += 4, to += 4) store<f32>(to, load<f32>(to) + load<f32>(source));
  }
}

/** out[i, j] = a[i, index[i, j]], a being [rows, columns] and index [rows, perRow]. */
export function gather(a: usize, index: usize, out: usize, rows: u32, columns: u32, perRow: u32): void {
  for (let i: u32 = 0; i < rows; i++, a += (<usize>columns) << 2) {
    for (let j: u32 = 0; j < perRow; j++, index += 4, out += 4) {
      store<f32>(out, load<f32>(a + ((<usize>load<u32>(index)) << 2)));
    }
  }
}

/** out[i, index[i, j]] += source[i, j], in order. */
export function scatterAdd(out: usize, index: usize, source: usize, rows: u32, columns: u32, perRow: u32): void {
  for (let i: u32 = 0; i < rows; i++, out += (<usize>columns) << 2) {
    for (let j: u32 = 0; j < perRow; j++, index += 4, source += 4) {
      const at = out + ((<usize>load<u32>(index)) << 2);
      store<f32>(at, load<f32>(at) + load<f32>(source));
    }
  }
}
