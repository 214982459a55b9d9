import { ADDS, ASKS, CHANGES, CLOSING, DESTROYS, OUTCOMES, READS, THINGS } from './effect-words.js';
import { stems, type OperationWords } from './operation-words.js';
import { firstVerb, joined, lastVerb, said } from './verb-places.js';

/** RPC method names in a path: `/apps.permissions.request`, unlike `/posts.json`. */
const REMOTE_CALL = /\.(?!json$|xml$|csv$|html?$|txt$|pdf$)[A-Za-z]+$/;

/** The word that raises a doubt that a GET changes nothing. */
export function changingWord(words: OperationWords, path: string): string | undefined {
  const { id, action, segment, summary } = words;
  const reads = READS.has(action[0] ?? '');
  const inAction = reads
    ? (joined(action, changes) ?? lastVerb(action, DESTROYS))
    : (id.find((word) => DESTROYS.has(word) || (word.endsWith('s') && destroysEach(word))) ??
      // A path of one such word more often names a thing: `/block/{hash}`, `/repos/{name}/archive`. A path of two
      // words names one if its summary begins with a reading word: `/deploy-keys` of "Get a deploy key".
      (id.length === 0 && (action.length === 1 || isSaidToRead(summary))
        ? undefined
        : firstVerb(action, CHANGES)) ??
      lastVerb(action, CHANGES) ??
      (id.length === 0 ? undefined : closingWord(action)));
  if (inAction !== undefined) return inAction;
  if (REMOTE_CALL.test(path) && CHANGES.has(segment.at(-1) ?? '')) return segment.at(-1);
  const isReading = reads || READS.has(segment[0] ?? '');
  const inPath =
    (segment.length === 1 ? (lastVerb(segment, DESTROYS) ?? lastVerb(segment, CHANGES)) : undefined) ??
    (isReading ? undefined : segment.find((word) => DESTROYS.has(word)));
  return inPath ?? said(summary, reads && id.length > 0, changes);
}

/**
 * Whether a POST may be a question. Its id, or the last part of its path, begins or ends with a word of questions,
 * and no word of change is among them. The result is only a proposal to a person.
 */
export function mayRead({ id, action, segment, summary }: OperationWords): boolean {
  const asks = [action[0], action.at(-1), segment[0], segment.at(-1)].some((word) => ASKS.has(word ?? ''));
  const acts = [...id, ...segment, ...summary.slice(0, 2)].some(
    (word) => ADDS.has(word) || stems(word).some((stem) => changes(stem) && !THINGS.has(stem)),
  );
  return asks && !acts;
}

function isSaidToRead([first = '']: readonly string[]): boolean {
  return stems(first).some((stem) => READS.has(stem));
}

function changes(word: string): boolean {
  return DESTROYS.has(word) || CHANGES.has(word);
}

function closingWord(words: readonly string[]): string | undefined {
  const [before, word = ''] = words.length === 1 ? [undefined, ...words] : words.slice(-2);
  const isReport = OUTCOMES.has(word) && before !== undefined && !before.endsWith('s');
  return CLOSING.has(word) || isReport ? word : undefined;
}

function destroysEach(word: string): boolean {
  return stems(word).some((stem) => DESTROYS.has(stem) && !THINGS.has(stem));
}
