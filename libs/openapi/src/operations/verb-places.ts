import { compoundNouns, thingWords } from './effect-words.js';
import { stems } from './operation-words.js';

/** Words before a second action in a name. */
export const joins: ReadonlySet<string> = new Set(['and', 'or', 'then']);
/**
 * Before one of these, a word that can name a thing is a verb: `Triggers a
 * deployment`.
 */
export const articles: ReadonlySet<string> = new Set(['a', 'all', 'an', 'any', 'one', 'the', 'this', 'your']);
/** Words of reading after the name of a thing: `runGet`, `transfer_list`. */
const looks: ReadonlySet<string> = new Set(['get', 'index', 'list', 'retrieve', 'search']);

/** The word after an "and", "or" or "then" that `isMeant` accepts. */
export function joined(words: readonly string[], isMeant: (word: string) => boolean): string | undefined {
  return words.find((word, index) => joins.has(words[index - 1] ?? '') && isMeant(word));
}

/** The first word, if it is a verb. */
export function firstVerb(words: readonly string[], verbs: ReadonlySet<string>): string | undefined {
  const [word = '', next = ''] = words;
  if (
    !verbs.has(word) ||
    compoundNouns.has(`${word} ${next}`) ||
    (thingWords.has(word) && looks.has(words.at(-1) ?? ''))
  )
    return undefined;
  return word;
}

/** The last word, if it is a verb and no thing. */
export function lastVerb(words: readonly string[], verbs: ReadonlySet<string>): string | undefined {
  const word = words.at(-1) ?? '';
  return verbs.has(word) && !thingWords.has(word) ? word : undefined;
}

/**
 * The first word of a summary, in any form. If the id is already clear, only a plain verb counts against it: "Deleted
 * users" and "Runs" are things there, and "Charge the user" is an action.
 */
export function said(
  [first = '', next = '']: readonly string[],
  isClear: boolean,
  isMeant: (word: string) => boolean,
): string | undefined {
  if (isClear) return isMeant(first) && (!thingWords.has(first) || articles.has(next)) ? first : undefined;
  if (compoundNouns.has(`${first} ${next}`)) return undefined;
  const meant = stems(first).find(isMeant);
  if (meant === undefined || meant === first) return meant;
  return thingWords.has(meant) && !articles.has(next) ? undefined : meant;
}
