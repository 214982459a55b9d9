import {
  addVerbs,
  movingWords,
  removeVerbs,
  repeatVerbs,
  repeatOrStartVerbs,
  settleVerbs,
  stateWords,
  undoVerbs,
} from './effect-words.js';
import { stems, type OperationWords } from './operation-words.js';
import { firstVerb, joined, joins, lastVerb, said } from './verb-places.js';

/** The most words of a description that are searched for its verb. */
const longestSentence = 6;

/** Facts about the target of a PUT or a DELETE. */
export interface ResourceTarget {
  /** Whether the path ends in a placeholder. */
  readonly isNamed: boolean;
  /** Whether a GET of the same path reads it. */
  readonly isRead: boolean;
}

/**
 * The reason that two equal PUTs may have more effect than one. `undefined` if path and words show that both set the
 * same state.
 */
export function putDoubt(words: OperationWords, target: ResourceTarget): string | undefined {
  const word = repeatingWord(words, target.isNamed);
  if (word !== undefined) return `its name or description has the word "${word}"`;
  const { id, action, segment, summary } = words;
  const isSettling = proves(words, settles);
  const adds = proves(words, (each) => addVerbs.has(each));
  // A path proves less than a sentence: "Adds an item" counts before `/set-items`. A create or a replacement needs a
  // named target.
  if (adds && !target.isNamed && (!isSettling || id.length === 0 || isUpsert(action) || isUpsert(summary)))
    return 'it adds something to a target that its path does not name';
  if (!isSettling && !adds && !isNeutral(words))
    return 'no word of its name or description sets the state of its target';
  if (target.isNamed || target.isRead) return undefined;
  const [verb = ''] = segment;
  // A last path part of a verb and its object names an action, not a resource: `/update-branch`, unlike `/lock` or
  // `/unlink-repo`.
  if (segment.length > 1 && settleVerbs.has(verb)) return 'its path ends in an action';
  return isSettling ? undefined : 'its path names no resource that could be read';
}

/** The reason that two equal DELETEs may have more effect than one. `undefined` if both remove the same target. */
export function deleteDoubt(words: OperationWords, target: ResourceTarget): string | undefined {
  const moving = movingWord(words);
  if (moving !== undefined) return `its name or description has the word "${moving}"`;
  const word = repeatingWord(words, target.isNamed);
  if (word !== undefined) return `its name or description has the word "${word}"`;
  const removes = (each: string): boolean => removeVerbs.has(each);
  // A description without a summary may have its verb later: "You can also delete …".
  const saysSo = words.summary.slice(0, longestSentence).some((each) => stems(each).some(removes));
  return saysSo || proves(words, removes) || isNeutral(words)
    ? undefined
    : 'no word of its name or description removes its target';
}

function settles(word: string): boolean {
  return settleVerbs.has(word) || stateWords.has(word) || undoVerbs.has(word);
}

/** The word that raises a doubt that two requests equal one. */
function repeatingWord(
  { id, action, segment, summary }: OperationWords,
  isNamed: boolean,
): string | undefined {
  const settles = settleVerbs.has(action[0] ?? '') || removeVerbs.has(action[0] ?? '');
  const isItself = id.length > 0 && action.slice(1).join('_') === segment.join('_');
  const verbs = isItself ? repeatVerbs : repeatOrStartVerbs;
  const repeats = (word: string): boolean => verbs.has(word);
  // A path that ends in a placeholder names one such thing: `/transfer/{id}`, unlike `/accounts/{id}/transfer`.
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

/**
 * Whether `isMeant` accepts the first word of an id, the first or last of its action, or the first of a summary. In a
 * path an inflected word is the name of things: `/uploads`.
 */
function proves({ id, action, summary }: OperationWords, isMeant: (word: string) => boolean): boolean {
  const inflected = id.length === 0 ? [summary[0]] : [id[0], action[0], summary[0]];
  const plain = [action[0], action.at(-1)];
  return (
    plain.some((word) => isMeant(word ?? '')) || inflected.some((word) => stems(word ?? '').some(isMeant))
  );
}

/** Whether id and summary add no word to the path's words. Then the method alone names the action. */
function isNeutral({ id, summary, path }: OperationWords): boolean {
  const known = new Set(path.flatMap((word) => [word, `${word}s`, word.replace(/s$/, ''), ...stems(word)]));
  return [...id, ...summary].every((word) => word === 'put' || word === 'delete' || known.has(word));
}

function isUpsert([, join = '', next = '']: readonly string[]): boolean {
  return joins.has(join) && stems(next).some((stem) => settleVerbs.has(stem));
}

/** The second to fourth word of a name, if it refers to another thing each time: `deleteOldestJob`. */
function movingWord({ id, action, summary }: OperationWords): string | undefined {
  const near = [...(id.length === 0 ? [] : action.slice(1, 3)), ...summary.slice(1, 4)];
  return near.find((word) => movingWords.has(word) && !/^(any|current|front|head|top)$/.test(word));
}
