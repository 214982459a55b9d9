import {
  addVerbs,
  questionVerbs,
  changeVerbs,
  closingWords,
  destroyVerbs,
  outcomeWords,
  readVerbs,
  thingWords,
} from './effect-words.js';
import { stems, type OperationWords } from './operation-words.js';
import { firstVerb, joined, lastVerb, said } from './verb-places.js';

/** RPC method names in a path: `/apps.permissions.request`, unlike `/posts.json`. */
const remoteCall = /\.(?!json$|xml$|csv$|html?$|txt$|pdf$)[A-Za-z]+$/;

/** The word that raises a doubt that a GET changes nothing. */
export function changingWord(words: OperationWords, path: string): string | undefined {
  const { id, action, segment, summary } = words;
  const reads = readVerbs.has(action[0] ?? '');
  const inAction = reads
    ? (joined(action, changes) ?? lastVerb(action, destroyVerbs))
    : (id.find((word) => destroyVerbs.has(word) || (word.endsWith('s') && destroysEach(word))) ??
      // A path of one such word more often names a thing: `/block/{hash}`, `/repos/{name}/archive`. A path of two
      // words names one if its summary begins with a reading word: `/deploy-keys` of "Get a deploy key".
      (id.length === 0 && (action.length === 1 || isSaidToRead(summary))
        ? undefined
        : firstVerb(action, changeVerbs)) ??
      lastVerb(action, changeVerbs) ??
      (id.length === 0 ? undefined : closingWord(action)));
  if (inAction !== undefined) return inAction;
  if (remoteCall.test(path) && changeVerbs.has(segment.at(-1) ?? '')) return segment.at(-1);
  const isReading = reads || readVerbs.has(segment[0] ?? '');
  const inPath =
    (segment.length === 1
      ? (lastVerb(segment, destroyVerbs) ?? lastVerb(segment, changeVerbs))
      : undefined) ?? (isReading ? undefined : segment.find((word) => destroyVerbs.has(word)));
  return inPath ?? said(summary, reads && id.length > 0, changes);
}

/**
 * Whether a POST may be a question. Its id, or the last part of its path, begins or ends with a word of questions,
 * and no word of change is among them. The result is only a proposal to a person.
 */
export function mayRead({ id, action, segment, summary }: OperationWords): boolean {
  const asks = [action[0], action.at(-1), segment[0], segment.at(-1)].some((word) =>
    questionVerbs.has(word ?? ''),
  );
  const acts = [...id, ...segment, ...summary.slice(0, 2)].some(
    (word) => addVerbs.has(word) || stems(word).some((stem) => changes(stem) && !thingWords.has(stem)),
  );
  return asks && !acts;
}

function isSaidToRead([first = '']: readonly string[]): boolean {
  return stems(first).some((stem) => readVerbs.has(stem));
}

function changes(word: string): boolean {
  return destroyVerbs.has(word) || changeVerbs.has(word);
}

function closingWord(words: readonly string[]): string | undefined {
  const [before, word = ''] = words.length === 1 ? [undefined, ...words] : words.slice(-2);
  const isReport = outcomeWords.has(word) && before !== undefined && !before.endsWith('s');
  return closingWords.has(word) || isReport ? word : undefined;
}

function destroysEach(word: string): boolean {
  return stems(word).some((stem) => destroyVerbs.has(stem) && !thingWords.has(stem));
}
