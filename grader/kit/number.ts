/** A number with three significant digits, as many as a reader compares, or more. */
export function significant(x: number, digits = 3): string {
  const rounded = Number(x.toPrecision(digits));
  return Math.abs(rounded) < 1e7 ? String(rounded) : rounded.toExponential().replace("e+", "e");
}
