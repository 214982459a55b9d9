/** A longer text is no misspelt name. */
const longest = 64;

/**
 * The nearest candidate, or `undefined` if none is near. A candidate that is equal but for case and
 * separators is near. So is one that is few edits away for the length of the shorter: one edit in up to four characters,
 * two in up to eight, three beyond. Of candidates that are equally near, the first in alphabetical order.
 */
export function nearestMatch(given: string, candidates: Iterable<string>): string | undefined {
  if (given.length > longest) return undefined;
  const folded = fold(given);
  let most = mostEdits(folded);
  let nearest: string | undefined;
  for (const candidate of candidates) {
    if (candidate.length > longest || folded.length - candidate.length > most) continue;
    const target = fold(candidate);
    const distance = distanceWithin(Math.min(most, mostEdits(target)), folded, target);
    if (distance === undefined) continue;
    if (nearest !== undefined && distance === most && nearest < candidate) continue;
    nearest = candidate;
    most = distance;
  }
  return nearest;
}

function mostEdits({ length }: string): number {
  return length <= 4 ? 1 : length <= 8 ? 2 : 3;
}

/** `firstName`, `first_name` and `First-Name` are one name with three spellings. */
function fold(text: string): string {
  return text.toLowerCase().replace(/[\s_-]/g, '');
}

/**
 * Insertions, deletions, substitutions and swaps of neighbours between the two; `undefined` where there are more than `most`.
 * Wherever the two differ, one of the four was made: tried in turn, they end after `most` of them. A table of all distances
 * would cost far more, and one request may name hundreds of tools that there are not among thousands.
 */
function distanceWithin(most: number, left: string, right: string, from = 0, to = 0): number | undefined {
  const rest = Math.abs(left.length - from - (right.length - to));
  if (rest > most) return undefined;
  let [at, other] = [from, to];
  while (at < left.length && other < right.length && left[at] === right[other]) {
    at += 1;
    other += 1;
  }
  if (at === left.length || other === right.length) return rest;
  let nearest: number | undefined;
  const attempt = (distance: number | undefined): void => {
    if (distance !== undefined && (nearest === undefined || distance + 1 < nearest)) nearest = distance + 1;
  };
  attempt(distanceWithin(most - 1, left, right, at + 1, other + 1));
  attempt(distanceWithin(most - 1, left, right, at + 1, other));
  attempt(distanceWithin(most - 1, left, right, at, other + 1));
  if (left[at] === right[other + 1] && left[at + 1] === right[other]) {
    attempt(distanceWithin(most - 1, left, right, at + 2, other + 2));
  }
  return nearest;
}
