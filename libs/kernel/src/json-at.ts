import { IJsonError } from './i-json.errors.js';

const whitespace = ' \t\n\r';
const index = /^(?:0|[1-9][0-9]*)$/;

/**
 * The text of the value at a JSON pointer (RFC 6901), cut out of the text of a JSON value. Undefined when no value is
 * there. The text is never converted, so each digit survives. Time is linear in the text for each part of the
 * pointer. Throws `IJsonError` when two members of one name lie on the way, because readers resolve such a name
 * differently. A text that is not JSON is read only as far as the pointer leads, and may be refused or not.
 */
export function jsonAt(text: string, pointer: string): string | undefined {
  let at: number | undefined = skipWhitespace(text, 0);
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    at = text[at] === '{' ? memberOf(text, at, name) : itemOf(text, at, name);
    if (at === undefined) return undefined;
  }
  return text.slice(at, endOfValue(text, at));
}

/**
 * The end of the JSON value that begins at `at`. Looks only at brackets and strings. Throws `IJsonError` when the
 * text ends first.
 */
export function endOfValue(text: string, at: number, maxDepth = Infinity): number {
  let depth = 0;
  let place = at;
  do {
    const unit = text[place];
    if (unit === '"') place = endOfString(text, place);
    else if (unit === '{' || unit === '[') {
      depth += 1;
      if (depth > maxDepth) throw new IJsonError('IJSON_TOO_DEEP', '', place);
      place += 1;
    } else if (unit === '}' || unit === ']') {
      depth -= 1;
      place += 1;
    } else if (unit === undefined) throw syntaxError(place);
    else if (depth > 0) place += 1;
    else place = endOfScalar(text, place);
  } while (depth > 0);
  if (place === at) throw syntaxError(at);
  return place;
}

function memberOf(text: string, object: number, wanted: string): number | undefined {
  let found: number | undefined;
  let at = skipWhitespace(text, object + 1);
  while (text[at] !== '}') {
    if (text[at] !== '"') throw syntaxError(at);
    const end = endOfString(text, at);
    const name = text.slice(at, end);
    at = skipWhitespace(text, end);
    if (text[at] !== ':') throw syntaxError(at);
    at = skipWhitespace(text, at + 1);
    if (isName(name, wanted)) {
      if (found !== undefined) throw new IJsonError('IJSON_DUPLICATE_NAME', '', at);
      found = at;
    }
    at = afterItem(text, endOfValue(text, at), '}');
  }
  return found;
}

function itemOf(text: string, array: number, token: string): number | undefined {
  if (text[array] !== '[' || !index.test(token)) return undefined;
  let at = skipWhitespace(text, array + 1);
  for (let left = Number(token); text[at] !== ']'; left -= 1) {
    if (left === 0) return at;
    at = afterItem(text, endOfValue(text, at), ']');
  }
  return undefined;
}

/** The start of the next item, or the position of the closing bracket. */
function afterItem(text: string, end: number, closing: '}' | ']'): number {
  const at = skipWhitespace(text, end);
  if (text[at] === closing) return at;
  if (text[at] !== ',') throw syntaxError(at);
  return skipWhitespace(text, at + 1);
}

function isName(quoted: string, wanted: string): boolean {
  return quoted.includes('\\')
    ? (JSON.parse(quoted) as string) === wanted
    : quoted.length === wanted.length + 2 && quoted.slice(1, -1) === wanted;
}

function endOfString(text: string, quote: number): number {
  for (let at = quote + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  throw syntaxError(text.length);
}

function endOfScalar(text: string, start: number): number {
  let at = start;
  while (at < text.length && !`,:]}${whitespace}`.includes(text.charAt(at))) at += 1;
  return at;
}

/** The position of the first character at `start` or later that is not whitespace. */
export function skipWhitespace(text: string, start: number): number {
  let at = start;
  while (at < text.length && whitespace.includes(text.charAt(at))) at += 1;
  return at;
}

function syntaxError(at: number): IJsonError {
  return new IJsonError('IJSON_SYNTAX', '', at);
}
