/** No tool has a longer name. */
const LONGEST = 64;

/**
 * The name that was probably meant, or `undefined` where none is near: an edit away for up to four characters, two for up to
 * eight, three beyond. Of names that are equally near, the first in their order.
 */
export function nearestName(given: string, names: Iterable<string>): string | undefined {
  if (given.length > LONGEST) return undefined;
  let most = given.length <= 4 ? 1 : given.length <= 8 ? 2 : 3;
  let nearest: string | undefined;
  for (const name of names) {
    const distance = distanceWithin(most, given, name);
    if (distance === undefined) continue;
    if (nearest !== undefined && distance === most && nearest < name) continue;
    nearest = name;
    most = distance;
  }
  return nearest;
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
