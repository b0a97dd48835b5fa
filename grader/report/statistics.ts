/** The mean of some numbers; NaN of none. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The largest absolute value of those that are finite; 0 if none is. */
export function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i]!)) most = Math.max(most, Math.abs(values[i]!));
  }
  return most;
}
