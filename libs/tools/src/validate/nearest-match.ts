/** Longer texts are not misspelt names; measuring them would cost more than the hint is worth. */
const LONGEST = 64;
const MOST_CANDIDATES = 1_000;

/**
 * The candidate that was probably meant, or `undefined` when none is near: equal but for case and separators,
 * or few edits away for the length of the shorter (one in up to four characters, two in up to eight, three
 * beyond).
 */
export function nearestMatch(given: string, candidates: readonly string[]): string | undefined {
  if (given.length > LONGEST) return undefined;
  const folded = fold(given);
  let nearest: string | undefined;
  let nearestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates.slice(0, MOST_CANDIDATES)) {
    if (candidate.length > LONGEST) continue;
    const target = fold(candidate);
    if (target === folded) return candidate;
    const shorter = Math.min(target.length, folded.length);
    const allowed = Math.min(shorter <= 4 ? 1 : shorter <= 8 ? 2 : 3, nearestDistance - 1);
    if (Math.abs(target.length - folded.length) > allowed) continue;
    const distance = editDistance(folded, target);
    if (distance > allowed) continue;
    nearest = candidate;
    nearestDistance = distance;
  }
  return nearest;
}

/** `firstName`, `first_name` and `First-Name` are the same name to whoever mistyped it. */
function fold(text: string): string {
  return text.toLowerCase().replace(/[\s_-]/g, '');
}

/**
 * Insertions, deletions, substitutions and swaps of neighbours between the two (optimal string alignment).
 */
function editDistance(left: string, right: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      let cost = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (same ? 0 : 1),
      );
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (row > 1 && column > 1 && swapped) cost = Math.min(cost, at(beforePrevious, column - 2) + 1);
      current.push(cost);
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, right.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
