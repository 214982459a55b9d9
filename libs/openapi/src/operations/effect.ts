import type { EffectDefinition } from '@action-mesh/tools';

import type { Findings } from '../finding.js';
import {
  ADDS,
  CHANGES,
  CLOSING,
  COMPOUNDS,
  DESTROYS,
  MOVING,
  OUTCOMES,
  READS,
  REPEATS,
  REPEATS_OR_STARTS,
  SETTLES,
  THINGS,
} from './effect-words.js';
import { operationWords, stems, type OperationWords } from './operation-words.js';
import type { Operation } from './operation.js';

/**
 * How long a provider is trusted to remember a key, where its document does not say: short, since a key that it has
 * forgotten does a thing twice.
 */
const KEY_TTL_MS = 60 * 60 * 1000;

/** After one of these, a name says what else is done. */
const JOINS: ReadonlySet<string> = new Set(['and', 'or', 'then']);
/** Before one of these, a word that is a thing as well is a verb: `Triggers a deployment`. */
const ARTICLES: ReadonlySet<string> = new Set(['a', 'all', 'an', 'any', 'one', 'the', 'this', 'your']);
/** Behind the name of a thing, these say that it is read: `runGet`, `transfer_list`. */
const LOOKS: ReadonlySet<string> = new Set(['get', 'index', 'list', 'retrieve', 'search']);

/**
 * The effect class that method and document speak for; `opaque` wherever they disagree, because a wrong class repeats what
 * must not be repeated.
 */
export function inferEffect(
  operation: Operation,
  keyHeader: string | undefined,
  findings: Findings,
): EffectDefinition {
  const { method, path, pointer } = operation;
  const doubt = (message: string): EffectDefinition => {
    findings.warn('effect_doubtful', pointer, `${message}; its effect was taken for unknown`);
    return { class: 'opaque' };
  };
  if (method === 'GET') {
    const word = changingWord(operationWords(operation));
    return word === undefined ? { class: 'read' } : doubt(`is a GET, and what it is called says "${word}"`);
  }
  if (keyHeader !== undefined) {
    const minutes = KEY_TTL_MS / 60_000;
    findings.warn(
      'key_ttl_assumed',
      pointer,
      `takes an idempotency key, which was taken to be remembered for ${minutes} minutes`,
    );
    return { class: 'keyed', header: keyHeader, ttlMs: KEY_TTL_MS };
  }
  if (method !== 'PUT' && method !== 'DELETE') return { class: 'opaque' };
  const last = path.split('/').findLast((segment) => segment !== '') ?? '';
  if (MOVING.has(last.toLowerCase()))
    return doubt(`is a ${method} of "${last}", which is another thing each time`);
  const words = operationWords(operation);
  const isNamed = last.includes('{');
  const word =
    repeatingWord(words, isNamed) ?? (method === 'PUT' && !isNamed ? addingWord(words) : undefined);
  return word === undefined
    ? { class: 'idempotent' }
    : doubt(`is a ${method}, and what it is called says "${word}"`);
}

/** The word that makes a reader doubt that nothing is changed. */
function changingWord({ id, action, segment, summary }: OperationWords): string | undefined {
  const reads = READS.has(action[0] ?? '');
  const inAction = reads
    ? (joined(action, (word) => DESTROYS.has(word) || CHANGES.has(word)) ?? lastVerb(action, DESTROYS))
    : (id.find((word) => DESTROYS.has(word) || (word.endsWith('s') && destroysEach(word))) ??
      // A path of one such word is more often that of a thing: `/block/{hash}`, `/repos/{name}/archive`.
      (id.length === 0 && action.length === 1 ? undefined : firstVerb(action, CHANGES)) ??
      lastVerb(action, CHANGES) ??
      (id.length === 0 ? undefined : closingWord(action)));
  if (inAction !== undefined) return inAction;
  const isReading = reads || READS.has(segment[0] ?? '');
  const inPath =
    (segment.length === 1 ? (lastVerb(segment, DESTROYS) ?? lastVerb(segment, CHANGES)) : undefined) ??
    (isReading ? undefined : segment.find((word) => DESTROYS.has(word)));
  return inPath ?? said(summary, reads && id.length > 0, (word) => DESTROYS.has(word) || CHANGES.has(word));
}

/** The word that makes a reader doubt that twice is as good as once. */
function repeatingWord(
  { id, action, segment, summary }: OperationWords,
  isNamed: boolean,
): string | undefined {
  const settles = SETTLES.has(action[0] ?? '');
  const isItself = id.length > 0 && action.slice(1).join('_') === segment.join('_');
  const verbs = isItself ? REPEATS : REPEATS_OR_STARTS;
  const repeats = (word: string): boolean => verbs.has(word);
  // What ends in a name is one of those things: `/transfer/{id}`, unlike `/accounts/{id}/transfer`.
  const isThing = id.length === 0 && action.length === 1 && isNamed;
  const inAction = settles
    ? joined(action, repeats)
    : (id.find(repeats) ?? (isThing ? undefined : firstVerb(action, verbs)) ?? lastVerb(action, verbs));
  return (
    inAction ??
    (segment.length === 1 ? lastVerb(segment, verbs) : undefined) ??
    said(summary, settles && id.length > 0, repeats)
  );
}

/** The word that makes a reader think of one thing more; `create-or-update` names one thing, however often. */
function addingWord({ id, action, summary }: OperationWords): string | undefined {
  const [verb = ''] = action;
  if (ADDS.has(verb)) return isUpsert(action) ? undefined : verb;
  if ((id.length > 0 && SETTLES.has(verb)) || isUpsert(summary)) return undefined;
  const [first = '', next = ''] = summary;
  const added = stems(first).find((stem) => ADDS.has(stem));
  return added === first || ARTICLES.has(next) ? added : undefined;
}

function isUpsert([, join = '', next = '']: readonly string[]): boolean {
  return JOINS.has(join) && stems(next).some((stem) => SETTLES.has(stem));
}

function joined(words: readonly string[], isMeant: (word: string) => boolean): string | undefined {
  return words.find((word, index) => JOINS.has(words[index - 1] ?? '') && isMeant(word));
}

function firstVerb(words: readonly string[], verbs: ReadonlySet<string>): string | undefined {
  const [word = '', next = ''] = words;
  if (
    !verbs.has(word) ||
    COMPOUNDS.has(`${word} ${next}`) ||
    (THINGS.has(word) && LOOKS.has(words.at(-1) ?? ''))
  )
    return undefined;
  return word;
}

function lastVerb(words: readonly string[], verbs: ReadonlySet<string>): string | undefined {
  const word = words.at(-1) ?? '';
  return verbs.has(word) && !THINGS.has(word) ? word : undefined;
}

function closingWord(words: readonly string[]): string | undefined {
  const [before, word = ''] = words.length === 1 ? [undefined, ...words] : words.slice(-2);
  const isReport = OUTCOMES.has(word) && before !== undefined && !before.endsWith('s');
  return CLOSING.has(word) || isReport ? word : undefined;
}

function destroysEach(word: string): boolean {
  return stems(word).some((stem) => DESTROYS.has(stem) && !THINGS.has(stem));
}

/**
 * The first word of a summary, in whatever form. Where the id is clear already, only a plain verb counts against it: "Deleted
 * users" and "Runs" are things there.
 */
function said(
  [first = '', next = '']: readonly string[],
  isClear: boolean,
  isMeant: (word: string) => boolean,
): string | undefined {
  if (isClear) return isMeant(first) && !THINGS.has(first) ? first : undefined;
  if (COMPOUNDS.has(`${first} ${next}`)) return undefined;
  const meant = stems(first).find(isMeant);
  if (meant === undefined || meant === first) return meant;
  return THINGS.has(meant) && !ARTICLES.has(next) ? undefined : meant;
}
