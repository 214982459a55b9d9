import type { ComparedPlace } from '@action-mesh/contracts/executor';
import { isSameDecimal, jsonPointer } from '@action-mesh/kernel';

import { masked, maskedJson, maskedRequest, type PlainRequest } from './masked-request.js';

/** The longest shown text of one place. */
const longestShown = 200;

/** Marks a number of a body. No text of a JSON document begins with this character unescaped. */
const numberMark = '\u0001';

/**
 * The places in which two requests differ. The comparison covers everything, and the shown texts are masked. Bodies of
 * JSON are compared by their values, with every digit of their numbers; other bodies as a whole.
 */
export function requestDifferences(first: PlainRequest, second: PlainRequest): ComparedPlace[] {
  const [shown, other] = [maskedRequest(first), maskedRequest(second)];
  const found: ComparedPlace[] = [];
  if (first.method !== second.method)
    found.push({ part: 'method', first: first.method, second: second.method });
  if (first.url !== second.url)
    found.push({ part: 'url', first: shorten(shown.url ?? ''), second: shorten(other.url ?? '') });
  for (const name of new Set([...Object.keys(first.headers), ...Object.keys(second.headers)].sort())) {
    if (first.headers[name] === second.headers[name]) continue;
    found.push({ part: 'header', at: name, ...pair(shown.headers?.[name], other.headers?.[name]) });
  }
  return [...found, ...bodyDifferences(first, second)];
}

function bodyDifferences(first: PlainRequest, second: PlainRequest): ComparedPlace[] {
  const { body: left } = first;
  const { body: right } = second;
  if (isSameBody(left, right)) return [];
  if (typeof left === 'string' && typeof right === 'string' && isJson(first) && isJson(second)) {
    const [a, b] = [readExact(left), readExact(right)];
    if (a !== undefined && b !== undefined) {
      const [shownA, shownB] = [readExact(maskedJson(left)), readExact(maskedJson(right))];
      const found: ComparedPlace[] = [];
      compare([a.value, b.value], [shownA?.value, shownB?.value], [], found);
      return found;
    }
  }
  const [shown, other] = [maskedRequest(first).body, maskedRequest(second).body];
  return [{ part: 'body', ...pair(shown, other) }];
}

/** Compares two values. `shown` holds the same values in their masked form. */
function compare(
  [left, right]: readonly [unknown, unknown],
  shown: readonly [unknown, unknown],
  path: readonly (string | number)[],
  found: ComparedPlace[],
): void {
  if (isSameLeaf(left, right)) return;
  const keys = keysOf(left, right);
  if (keys === undefined || shown.some((value) => value === masked)) {
    found.push({ part: 'body', at: jsonPointer(path), ...pair(written(shown[0]), written(shown[1])) });
    return;
  }
  for (const key of keys) {
    compare(
      [member(left, key), member(right, key)],
      [member(shown[0], key), member(shown[1], key)],
      [...path, key],
      found,
    );
  }
}

/** The places inside of two values of the same kind. Undefined: the values have no common form. */
function keysOf(left: unknown, right: unknown): readonly (string | number)[] | undefined {
  if (!isObject(left) || !isObject(right) || Array.isArray(left) !== Array.isArray(right)) return undefined;
  if (Array.isArray(left) && Array.isArray(right))
    return Array.from({ length: Math.max(left.length, right.length) }, (_, place) => place);
  return [...new Set([...Object.keys(left), ...Object.keys(right)])];
}

function member(value: unknown, key: string | number): unknown {
  return isObject(value) && Object.hasOwn(value, key)
    ? (value as Record<string | number, unknown>)[key]
    : undefined;
}

function isSameLeaf(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  const isPair = typeof left === 'string' && typeof right === 'string';
  return isPair && left.startsWith(numberMark) && right.startsWith(numberMark)
    ? isSameDecimal(left.slice(1), right.slice(1))
    : false;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The value of a JSON text. Its numbers become marked texts, which keep every digit. */
function readExact(json: string): { readonly value: unknown } | undefined {
  // A string, or a number outside of strings.
  const marked = json.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') ? token : `"\\u0001${token}"`,
  );
  try {
    return { value: JSON.parse(marked) as unknown };
  } catch {
    return undefined;
  }
}

/** The JSON text of a value of `readExact`. Undefined: the place does not exist. */
function written(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return JSON.stringify(value).replace(/"\\u0001([^"]*)"/g, '$1');
}

function isJson({ headers }: PlainRequest): boolean {
  return (headers['content-type'] ?? '').includes('json');
}

function isSameBody(left: PlainRequest['body'], right: PlainRequest['body']): boolean {
  if (typeof left === 'object' && typeof right === 'object') return Buffer.compare(left, right) === 0;
  return left === right;
}

function pair(
  first: string | undefined,
  second: string | undefined,
): Pick<ComparedPlace, 'first' | 'second'> {
  return {
    ...(first === undefined ? {} : { first: shorten(first) }),
    ...(second === undefined ? {} : { second: shorten(second) }),
  };
}

function shorten(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}
