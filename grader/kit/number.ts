/** A number with three significant digits, as many as a reader compares, or more. */
export function significant(x: number, digits = 3): string {
  const rounded = Number(x.toPrecision(digits));
  return Math.abs(rounded) < 1e7 ? String(rounded) : rounded.toExponential().replace("e+", "e");
}

/** Seconds as a player shows them: 26:22, 1:13:58. */
export function clock(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = String(seconds % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}
