/** Words of which every description is full. */
const STOP_WORDS = new Set([
  'a',
  'an',
  'and',
  'as',
  'at',
  'by',
  'for',
  'in',
  'is',
  'of',
  'on',
  'or',
  'the',
  'to',
  'with',
]);

/** What people and models say, in the singular, and what APIs call it. */
const SYNONYMS: ReadonlyMap<string, readonly string[]> = new Map([
  ['add', ['create']],
  ['make', ['create']],
  ['remove', ['delete']],
  ['fetch', ['get']],
  ['show', ['get']],
  ['view', ['get']],
  ['change', ['update']],
  ['edit', ['update']],
  ['modify', ['update']],
  ['mine', ['authenticated', 'user']],
  ['my', ['authenticated', 'user']],
  ['org', ['organization']],
  ['pr', ['pull', 'request']],
  ['prs', ['pull', 'request']],
  ['repo', ['repository']],
]);

/** The terms under which a word of a tool, or of whoever looks for one, stands in the index; none for a stop word. */
export function searchTerms(word: string): string[] {
  const lower = word.toLowerCase();
  if (STOP_WORDS.has(lower)) return [];
  // Paths speak of issues, and people of an issue.
  const singular = lower.replace(/(?<=\w{2}[^s])s$/, '');
  return (SYNONYMS.get(singular) ?? [singular]).map(stem);
}

/** One ending for `repository` and `repositorie`, `cookie` and `cooky`. */
function stem(singular: string): string {
  return singular.replace(/(?<=\w{2})(?:ie|y)$/, 'i');
}
