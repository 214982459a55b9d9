import { questionVerbs, changeVerbs, destroyVerbs, repeatVerbs } from './effect-words.js';
import { repeatsPath, wordsOf } from './operation-words.js';
import type { Operation } from './operation.js';

/** Parts at the beginning of a path without a meaning: `/api/v1`. */
const prefix = /^(?:api|rest|v\d+(?:\.\d+)*)$/i;
const longestPath = 500;

/**
 * The action of an operation, in words, if its id only repeats method and path. `PostCustomersCustomer` becomes
 * `update_customer`, and `put_users_id_charge` becomes `charge_user`. `undefined` if the id is a name of its own, or
 * the path has no words.
 */
export function deedName({ id, method, path }: Operation): string | undefined {
  const verb = method.toLowerCase();
  const ofId = wordsOf(id ?? '');
  const bounded = path.slice(0, longestPath);
  const segments = bounded.split('/').filter((segment) => segment !== '');
  while (prefix.test(segments[0] ?? '')) segments.shift();
  const literals = segments.filter((segment) => !segment.includes('{')).flatMap(wordsOf);
  if (ofId.length > 0) {
    if (ofId.length === 1 || !repeatsPath(ofId, verb, wordsOf(bounded))) return undefined;
    // People choose ids such as `getOrder` and `putOrder`. Placeholders in an id come from a program.
    const isGenerated = ofId.length > literals.length + 1 || /^[a-z]+_/.test(id ?? '') || verb === 'post';
    if (!isGenerated) return undefined;
  }
  const isNamed = segments.at(-1)?.includes('{') ?? false;
  const last = isNamed ? [] : wordsOf(segments.at(-1) ?? '');
  const acts = last.length > 0 && isVerb(last[0] ?? '') && (segments.length > 1 || last.length > 1);
  const nouns = nounsOf(acts ? segments.slice(0, -1) : segments, !acts && verb === 'post');
  const words = acts ? [...last, ...nouns] : [verbOf(verb, isNamed, last.at(-1) ?? ''), ...nouns];
  return nouns.length === 0 && !acts ? undefined : words.join('_');
}

function nounsOf(segments: readonly string[], isOne: boolean): string[] {
  return segments.flatMap((segment, index) => {
    if (/^\{[^{}]*\}$/.test(segment)) return [];
    const words = wordsOf(segment);
    const next = segments[index + 1];
    const isSingular = next === undefined ? isOne : next.includes('{');
    return isSingular ? [...words.slice(0, -1), ...words.slice(-1).map(singular)] : words;
  });
}

function verbOf(method: string, isNamed: boolean, last: string): string {
  switch (method) {
    case 'get':
      return !isNamed && last.endsWith('s') ? 'list' : 'get';
    case 'post':
      return isNamed ? 'update' : 'create';
    case 'put':
      return isNamed ? 'update' : 'set';
    case 'patch':
      return 'update';
    default:
      return method;
  }
}

function isVerb(word: string): boolean {
  return changeVerbs.has(word) || destroyVerbs.has(word) || repeatVerbs.has(word) || questionVerbs.has(word);
}

function singular(word: string): string {
  if (/(?:ss|us|is)$/.test(word)) return word;
  return word
    .replace(/ies$/, 'y')
    .replace(/(ch|sh|x|ss)es$/, '$1')
    .replace(/s$/, '');
}
