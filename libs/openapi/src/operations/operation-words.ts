import { textAt } from '../json-object.js';
import type { Operation } from './operation.js';
import { snakeCase } from './snake-case.js';

const LONGEST_LOOK = 200;
/** What divides an id: `issues/lock`, `Issues.lock`, `Issues_Lock`, `IssuesController_lock`; what comes last says what is done. */
const DIVIDER = /[/.:#]|(?<=[A-Za-z0-9])_(?=[A-Z])|(?<=^[A-Z][A-Za-z0-9]*)_/;
const PHRASAL: readonly (readonly [pattern: RegExp, word: string])[] = [
  [/(^|_)logs?_out(?=_|$)/g, '$1logout'],
  [/(^|_)signs?_out(?=_|$)/g, '$1signout'],
  [/(^|_)shuts?_down(?=_|$)/g, '$1shutdown'],
];
/** Stands before a summary: `CRUD: Update a refund`, `[Beta] Unlinks a repository`. */
const LABEL = /^(?:\[[^\]]{1,40}\]|[A-Za-z-]{1,30}:)\s+/;
/** Words of an id that only join a placeholder to it. They name no action. */
const GLUE: ReadonlySet<string> = new Set(['and', 'by', 'id']);

/** What an operation is called, in words in lower case. */
export interface OperationWords {
  /** Of the whole id; none where it is the method and the path once more: `put_users_id_charge`. */
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
  /** Of the whole path, placeholders included. */
  readonly path: readonly string[];
}

/** The words of an operation's id, path and summary; of each a bounded part, since nobody knows how long they are. */
export function operationWords({ id = '', method, path, source }: Operation): OperationWords {
  const end = id.slice(-LONGEST_LOOK);
  const literals = path
    .split('/')
    .map((segment) => segment.replace(/\{[^{}]*\}/g, ''))
    .filter((segment) => wordsOf(segment).length > 0);
  const text = textAt(source, 'summary')?.trim() ?? '';
  const said = text === '' ? (textAt(source, 'description') ?? '') : text;
  const ofPath = wordsOf(path.slice(0, LONGEST_LOOK));
  const verb = method.toLowerCase();
  // In `getRequest` the method is the verb that is meant; in `get_users_id_charge` it hides another one.
  const isPath = (verb !== 'get' || /^get[_-]/i.test(end)) && repeatsPath(wordsOf(end), verb, ofPath);
  const ofId = isPath ? [] : wordsOf(end);
  const segment = wordsOf(literals.at(-1)?.slice(-LONGEST_LOOK).split(DIVIDER).at(-1) ?? '');
  const ofAction = ofId.length === 0 ? segment : wordsOf(end.split(DIVIDER).at(-1) ?? '');
  return {
    id: ofId,
    // "Put" is the method once more; "get" and "delete" are the action.
    action: verb === 'put' && ofAction.length > 1 && ofAction[0] === 'put' ? ofAction.slice(1) : ofAction,
    segment,
    summary: wordsOf(said.trim().replace(LABEL, '').slice(0, LONGEST_LOOK)),
    path: ofPath,
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

/** The words of a text. Two words with one meaning count as one. */
export function wordsOf(text: string): string[] {
  const snake = PHRASAL.reduce((name, [pattern, word]) => name.replace(pattern, word), snakeCase(text));
  return snake === '' ? [] : snake.split('_');
}

/** Whether an id holds only the method and the words of the path, in their order. */
export function repeatsPath(id: readonly string[], method: string, path: readonly string[]): boolean {
  const at = id.indexOf(method);
  if (at === -1) return false;
  const rest = id.filter((word, index) => index !== at && !GLUE.has(word));
  let next = 0;
  for (const word of rest) {
    const found = path.findIndex((part, index) => index >= next && isSameThing(part, word));
    if (found === -1) return false;
    next = found + 1;
  }
  return true;
}

function isSameThing(left: string, right: string): boolean {
  return left === right || `${left}s` === right || left === `${right}s`;
}
