/** The mean of some numbers; NaN of none. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** The largest absolute value of those that are finite; 0 if none is. */
export function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i]!)) most = Math.max(most, Math.abs(values[i]!));
  }
  return most;
}
