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

/** Words for which others stand wherever they are, in the singular: in what a tool says of itself as in what is looked for. */
const SHORT_FORMS: ReadonlyMap<string, readonly string[]> = new Map([
  ['mine', ['authenticated', 'user']],
  ['my', ['authenticated', 'user']],
  ['org', ['organization']],
  ['pr', ['pull', 'request']],
  ['prs', ['pull', 'request']],
  ['repo', ['repository']],
]);

/**
 * What people and models say, in the singular, and what APIs call it. Only who looks for a tool means the one by the other: in
 * the title of a tool, "views" are a noun and no way to get something.
 */
const SYNONYMS: ReadonlyMap<string, readonly string[]> = new Map([
  ['add', ['create']],
  ['make', ['create']],
  ['schedule', ['create']],
  ['book', ['create']],
  ['remove', ['delete']],
  ['cancel', ['delete']],
  ['fetch', ['get']],
  ['show', ['get']],
  ['view', ['get']],
  ['change', ['update']],
  ['edit', ['update']],
  ['modify', ['update']],
  ['reschedule', ['update']],
  ['post', ['send']],
  ['reply', ['send']],
  ['ticket', ['issue']],
  ['meeting', ['event']],
  ['appointment', ['event']],
  ['charge', ['payment']],
  // Not the other way round: most messages are no e-mails.
  ['email', ['message', 'mail']],
  ['mail', ['message', 'email']],
]);

/** The terms under which a word of a tool stands in the index; none for a stop word. */
export function indexTerms(word: string): string[] {
  const lower = word.toLowerCase();
  if (lower === '' || STOP_WORDS.has(lower)) return [];
  // Paths speak of issues, and people of an issue.
  const singular = lower.replace(/(?<=\w{2}[^s])s$/, '');
  return (SHORT_FORMS.get(singular) ?? [singular]).map(stem);
}

/** A term that is looked for, and the terms that will do as well. */
export type Alternatives = readonly [term: string, ...synonyms: string[]];

/** What a word of whoever looks for a tool means; nothing for a stop word. */
export function queryTerms(word: string): Alternatives[] {
  return indexTerms(word).map((term) => [term, ...(synonymsByTerm.get(term) ?? [])]);
}

/** One ending for `repository` and `repositorie`, `cookie` and `cooky`. */
function stem(singular: string): string {
  return singular.replace(/(?<=\w{2})(?:ie|y)$/, 'i');
}

const synonymsByTerm: ReadonlyMap<string, readonly string[]> = new Map(
  [...SYNONYMS].map(([word, synonyms]) => [stem(word), synonyms.map(stem)]),
);
