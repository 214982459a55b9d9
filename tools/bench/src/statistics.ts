/** The middle value of an odd number of values, or the lower of the two middle values. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? NaN;
}

/** Rounded to two decimals. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** `value` as a multiple of `floor`, rounded. */
export function ratio(value: number, floor: number): number {
  return rounded(value / floor);
}
