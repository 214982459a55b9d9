import { stringAt } from '../json-object.js';
import type { Operation } from './operation.js';
import { snakeCase } from './snake-case.js';

const longestLook = 200;
/**
 * Divides an id: `issues/lock`, `Issues.lock`, `Issues_Lock`, `IssuesController_lock`. The last part is the action.
 */
const divider = /[/.:#]|(?<=[A-Za-z0-9])_(?=[A-Z])|(?<=^[A-Z][A-Za-z0-9]*)_/;
const phrasal: readonly (readonly [pattern: RegExp, word: string])[] = [
  [/(^|_)logs?_out(?=_|$)/g, '$1logout'],
  [/(^|_)signs?_out(?=_|$)/g, '$1signout'],
  [/(^|_)shuts?_down(?=_|$)/g, '$1shutdown'],
];
/** A label in front of a summary: `CRUD: Update a refund`, `[Beta] Unlinks a repository`. */
const label = /^(?:\[[^\]]{1,40}\]|[A-Za-z-]{1,30}:)\s+/;
/** Words of an id that only join a placeholder to it. They name no action. */
const glue: ReadonlySet<string> = new Set(['and', 'by', 'id']);

/** The words of an operation, in lower case. */
export interface OperationWords {
  /** Words of the whole id. Empty if the id only repeats method and path: `put_users_id_charge`. */
  readonly id: readonly string[];
  /**
   * Words of the last part of the id, the action: `lock`, `issue` for `repos/lockIssue`. Without an id they equal
   * `segment`: `send`, `message` for `/sendMessage`.
   */
  readonly action: readonly string[];
  /** Words of the last part of the path that is no placeholder: `uninstall` for `/apps.uninstall`. */
  readonly segment: readonly string[];
  /** Words at the beginning of the summary, or of the description if there is no summary. */
  readonly summary: readonly string[];
  /** Words of the whole path, including placeholders. */
  readonly path: readonly string[];
}

/**
 * The words of an operation's id, path and summary. Only a bounded part of each is read, because their length is
 * unknown.
 */
export function operationWords({ id = '', method, path, source }: Operation): OperationWords {
  const end = id.slice(-longestLook);
  const literals = path
    .split('/')
    .map((segment) => segment.replace(/\{[^{}]*\}/g, ''))
    .filter((segment) => wordsOf(segment).length > 0);
  const text = stringAt(source, 'summary')?.trim() ?? '';
  const said = text === '' ? (stringAt(source, 'description') ?? '') : text;
  const ofPath = wordsOf(path.slice(0, longestLook));
  const verb = method.toLowerCase();
  // In `getRequest` the method is the action's verb. In `get_users_id_charge` it hides another verb.
  const isPath = (verb !== 'get' || /^get[_-]/i.test(end)) && repeatsPath(wordsOf(end), verb, ofPath);
  const ofId = isPath ? [] : wordsOf(end);
  const segment = wordsOf(literals.at(-1)?.slice(-longestLook).split(divider).at(-1) ?? '');
  const ofAction = ofId.length === 0 ? segment : wordsOf(end.split(divider).at(-1) ?? '');
  return {
    id: ofId,
    // "put" only repeats the method. "get" and "delete" are the action.
    action: verb === 'put' && ofAction.length > 1 && ofAction[0] === 'put' ? ofAction.slice(1) : ofAction,
    segment,
    summary: wordsOf(said.trim().replace(label, '').slice(0, longestLook)),
    path: ofPath,
  };
}

/** The possible plain forms of an inflected word: `delete` for `deletes`, `deleted` and `deleting`. */
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
  const snake = phrasal.reduce((name, [pattern, word]) => name.replace(pattern, word), snakeCase(text));
  return snake === '' ? [] : snake.split('_');
}

/** Whether an id holds only the method and the words of the path, in their order. */
export function repeatsPath(id: readonly string[], method: string, path: readonly string[]): boolean {
  const at = id.indexOf(method);
  if (at === -1) return false;
  const rest = id.filter((word, index) => index !== at && !glue.has(word));
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
