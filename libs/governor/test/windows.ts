/** The most events in any half-open window of this length. */
export function busiestWindow(times: readonly number[], windowLength: number): number {
  const sorted = [...times].sort((left, right) => left - right);
  let most = 0;
  let first = 0;
  for (let last = 0; last < sorted.length; last += 1) {
    while ((sorted[last] ?? 0) - (sorted[first] ?? 0) >= windowLength) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
