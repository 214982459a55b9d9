import { textAt } from '../json-object.js';
import type { Operation } from './operation.js';
import { snakeCase } from './slug.js';

const LONGEST_LOOK = 200;
/** What divides an id: `issues/lock`, `Issues.lock`, `Issues_Lock`, `IssuesController_lock`; what comes last says what is done. */
const DIVIDER = /[/.:#]|(?<=[A-Za-z0-9])_(?=[A-Z])|(?<=^[A-Z][A-Za-z0-9]*)_/;
const PHRASAL: readonly (readonly [pattern: RegExp, word: string])[] = [
  [/(^|_)logs?_out(?=_|$)/g, '$1logout'],
  [/(^|_)signs?_out(?=_|$)/g, '$1signout'],
  [/(^|_)shuts?_down(?=_|$)/g, '$1shutdown'],
];

/** What an operation is called, in words in lower case. */
export interface OperationWords {
  /** Of the whole id. */
  readonly id: readonly string[];
  /**
   * Of the part of the id that says what is done: `lock`, `issue` for `repos/lockIssue`. Without an id the same as `segment`:
   * `send`, `message` for `/sendMessage`.
   */
  readonly action: readonly string[];
  /** Of the last part of the path that is no placeholder; `uninstall` for `/apps.uninstall`. */
  readonly segment: readonly string[];
  /** Of the beginning of the summary, or of the description where there is none. */
  readonly summary: readonly string[];
}

/** The words of an operation's id, path and summary; of each a bounded part, since nobody knows how long they are. */
export function operationWords({ id = '', path, source }: Operation): OperationWords {
  const end = id.slice(-LONGEST_LOOK);
  const literals = path
    .split('/')
    .map((segment) => segment.replace(/\{[^{}]*\}/g, ''))
    .filter((segment) => wordsOf(segment).length > 0);
  const text = textAt(source, 'summary')?.trim() ?? '';
  const said = text === '' ? (textAt(source, 'description') ?? '') : text;
  const ofId = wordsOf(end);
  const segment = wordsOf(literals.at(-1)?.slice(-LONGEST_LOOK).split(DIVIDER).at(-1) ?? '');
  return {
    id: ofId,
    action: ofId.length === 0 ? segment : wordsOf(end.split(DIVIDER).at(-1) ?? ''),
    segment,
    summary: wordsOf(said.trim().slice(0, LONGEST_LOOK)),
  };
}

/** The plain forms that a word may be an inflection of: `deletes`, `deleted` and `deleting` of `delete`. */
export function stems(word: string): string[] {
  const forms = [word];
  for (const ending of ['s', 'es', 'd', 'ed', 'ing']) {
    if (word.endsWith(ending)) forms.push(word.slice(0, -ending.length));
  }
  const bare = forms.at(-1) ?? word;
  const undoubled = bare.replace(/([b-df-hj-np-tv-z])\1$/, '$1');
  return [...forms, `${bare}e`, undoubled, word.replace(/ie[sd]$/, 'y')];
}

function wordsOf(text: string): string[] {
  const snake = PHRASAL.reduce((name, [pattern, word]) => name.replace(pattern, word), snakeCase(text));
  return snake === '' ? [] : snake.split('_');
}
