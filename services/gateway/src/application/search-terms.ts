/** Words that nearly every description contains. */
const stopWords = new Set([
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

/**
 * Short forms and their long forms, in the singular. They apply to the words of a tool and to the words of a search.
 */
const shortForms: ReadonlyMap<string, readonly string[]> = new Map([
  ['mine', ['authenticated', 'user']],
  ['my', ['authenticated', 'user']],
  ['org', ['organization']],
  ['pr', ['pull', 'request']],
  ['prs', ['pull', 'request']],
  ['repo', ['repository']],
]);

/**
 * Words of people and models with the words of APIs, in the singular. Only searches use them: in a title, "views" is a
 * noun and does not mean get.
 */
const synonymsByWord: ReadonlyMap<string, readonly string[]> = new Map([
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
  // One direction only: most messages are no e-mails.
  ['email', ['message', 'mail']],
  ['mail', ['message', 'email']],
]);

/** The index terms of a word in a tool; none for a stop word. */
export function indexTerms(word: string): string[] {
  const lower = word.toLowerCase();
  if (lower === '' || stopWords.has(lower)) return [];
  // Paths say `issues`, and people say `issue`.
  const singular = lower.replace(/(?<=\w{2}[^s])s$/, '');
  return (shortForms.get(singular) ?? [singular]).map(stem);
}

/** A search term with its synonyms. */
export type Alternatives = readonly [term: string, ...synonyms: string[]];

/** The search terms of a word in a query, with their synonyms; none for a stop word. */
export function queryTerms(word: string): Alternatives[] {
  return indexTerms(word).map((term) => [term, ...(synonymsByTerm.get(term) ?? [])]);
}

/** Gives `repository` and `repositorie`, `cookie` and `cooky` the same ending. */
function stem(singular: string): string {
  return singular.replace(/(?<=\w{2})(?:ie|y)$/, 'i');
}

const synonymsByTerm: ReadonlyMap<string, readonly string[]> = new Map(
  [...synonymsByWord].map(([word, synonyms]) => [stem(word), synonyms.map(stem)]),
);
