/** out [outer, second, middle, first, inner] = a [outer, first, middle, second, inner], of any elements of four bytes. */
export function swap(a: usize, out: usize, outer: u32, first: u32, middle: u32, second: u32, inner: u32): void {
  const run = <usize>inner << 2;
  const step = run * middle * first;
  for (let o: u32 = 0; o < outer; o++, out += step * second) {
    for (let i: u32 = 0; i < first; i++) {
      for (let m: u32 = 0; m < middle; m++) {
        let to = out + (<usize>m * first + i) * run;
        for (let j: u32 = 0; j < second; j++, a += run, to += step) copy(a, to, run);
      }
    }
  }
}

@inline
function copy(a: usize, out: usize, bytes: usize): void {
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) v128.store(out + at, v128.load(a + at));
  for (; at < bytes; at += 4) store<u32>(out + at, load<u32>(a + at));
}
