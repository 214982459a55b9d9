import { isExactNumber } from './exact-number.js';
import { IJsonError } from './i-json.errors.js';
import type { IJsonErrorCode } from './i-json.errors.js';
import { endOfValue } from './json-at.js';
import { jsonPointer } from './json-pointer.js';
import { JsonText } from './json-text.js';
import type { JsonObject, JsonValue } from './json-value.js';
import { endOfNumber } from './number-end.js';
import { unicodeFault } from './unicode-fault.js';

const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const digit0 = 0x30;
const digit9 = 0x39;
const colon = 0x3a;
const openArray = 0x5b;
const backslash = 0x5c;
const closeArray = 0x5d;
const letterU = 0x75;
const openObject = 0x7b;
const closeObject = 0x7d;
const firstSurrogate = 0xd800;

const hexDigits = /[0-9a-fA-F]{4}/y;
const simpleEscapes: ReadonlySet<number> = new Set(Array.from('"\\/bfnrt', (letter) => letter.charCodeAt(0)));

/** Rules of a reader in addition to those of I-JSON. */
export interface ReaderOptions {
  /** Refuses a number with more digits than a double keeps. */
  readonly exactNumbers?: boolean;
  /** Members of the outermost object to keep as `JsonText`. Their values may hold any JSON. */
  readonly keep?: readonly string[];
}

/** The greatest depth of the value of a kept member. */
const keptDepth = 64;

/**
 * Reads one text in one pass. It builds exactly the values that it checks, so no unchecked part gets through, and
 * every refusal knows its place. `maxDepth` bounds the recursion. Time is linear in the length of the text.
 */
export class IJsonReader {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #exactNumbers: boolean;
  readonly #keep: readonly string[];
  /** The position of the next code unit. */
  #at = 0;
  /** Names and positions that lead to the current value. Only the first `#level` of them count. */
  readonly #path: (string | number)[] = [];
  #level = 0;
  /** Whether the last string has a character that may break the Unicode rules. This is rare. */
  #suspect = false;

  constructor(text: string, maxDepth: number, { exactNumbers = false, keep = [] }: ReaderOptions = {}) {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#exactNumbers = exactNumbers;
    this.#keep = keep;
  }

  read(): JsonValue {
    this.#skipWhitespace();
    const value = this.#readValue();
    this.#skipWhitespace();
    if (this.#at < this.#text.length) throw this.#fault('IJSON_SYNTAX');
    return value;
  }

  #readValue(): JsonValue {
    const start = this.#at;
    const code = this.#text.charCodeAt(start);
    if (code === quote) {
      const value = this.#readString();
      this.#checkUnicode(value, start);
      return value;
    }
    if (code === openObject) return this.#readObject();
    if (code === openArray) return this.#readArray();
    if (code === minus || isDigit(code)) return this.#readNumber();
    if (this.#skipWord('true')) return true;
    if (this.#skipWord('false')) return false;
    if (this.#skipWord('null')) return null;
    throw this.#fault('IJSON_SYNTAX');
  }

  #readObject(): JsonObject {
    const object: JsonObject = {};
    const level = this.#enter();
    if (this.#skip(closeObject)) return object;
    do {
      this.#skipWhitespace();
      this.#level = level;
      const start = this.#at;
      if (this.#text.charCodeAt(start) !== quote) throw this.#fault('IJSON_SYNTAX');
      const name = this.#readString();
      this.#path[level] = name;
      this.#level = level + 1;
      this.#checkUnicode(name, start);
      if (name === '__proto__') throw this.#fault('IJSON_FORBIDDEN_NAME', start);
      if (Object.hasOwn(object, name)) throw this.#fault('IJSON_DUPLICATE_NAME', start);
      this.#skipWhitespace();
      if (!this.#skip(colon)) throw this.#fault('IJSON_SYNTAX');
      this.#skipWhitespace();
      object[name] =
        level === 0 && this.#keep.includes(name)
          ? // Only a caller that names members gets texts, and its return type says so.
            (this.#keepValue() as unknown as JsonValue)
          : this.#readValue();
      this.#skipWhitespace();
    } while (this.#skip(comma));
    this.#leave(level, closeObject);
    return object;
  }

  #keepValue(): JsonText {
    const start = this.#at;
    try {
      this.#at = endOfValue(this.#text, start, keptDepth);
      const kept = this.#text.slice(start, this.#at);
      JSON.parse(kept);
      return new JsonText(kept);
    } catch (error) {
      throw this.#fault(error instanceof IJsonError ? error.code : 'IJSON_SYNTAX', start);
    }
  }

  #readArray(): JsonValue[] {
    const array: JsonValue[] = [];
    const level = this.#enter();
    if (this.#skip(closeArray)) return array;
    do {
      this.#skipWhitespace();
      this.#path[level] = array.length;
      this.#level = level + 1;
      array.push(this.#readValue());
      this.#skipWhitespace();
    } while (this.#skip(comma));
    this.#leave(level, closeArray);
    return array;
  }

  /** Steps over the opening bracket and returns the level of the array or object that begins there. */
  #enter(): number {
    if (this.#level === this.#maxDepth) throw this.#fault('IJSON_TOO_DEEP');
    this.#at += 1;
    this.#skipWhitespace();
    return this.#level;
  }

  #leave(level: number, closing: number): void {
    this.#level = level;
    if (!this.#skip(closing)) throw this.#fault('IJSON_SYNTAX');
  }

  #readString(): string {
    const text = this.#text;
    const start = this.#at;
    let escaped = false;
    this.#suspect = false;
    let at = start + 1;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === quote) break;
      if (code === backslash) {
        escaped = true;
        at = this.#endOfEscape(at);
        continue;
      }
      // The comparison is false for NaN, which stands for the end of the text.
      if (!(code >= space)) throw this.#fault('IJSON_SYNTAX', at);
      if (code >= firstSurrogate) this.#suspect = true;
      at += 1;
    }
    this.#at = at + 1;
    // Checked text cannot fail, and JSON.parse is fast on a long text with many escapes.
    return escaped ? (JSON.parse(text.slice(start, at + 1)) as string) : text.slice(start + 1, at);
  }

  #endOfEscape(backslash: number): number {
    const text = this.#text;
    const code = text.charCodeAt(backslash + 1);
    if (code !== letterU) {
      if (!simpleEscapes.has(code)) throw this.#fault('IJSON_SYNTAX', backslash);
      return backslash + 2;
    }
    hexDigits.lastIndex = backslash + 2;
    if (!hexDigits.test(text)) throw this.#fault('IJSON_SYNTAX', backslash);
    this.#suspect = true;
    return backslash + 6;
  }

  #checkUnicode(text: string, start: number): void {
    if (!this.#suspect) return;
    const code = unicodeFault(text);
    if (code !== undefined) throw this.#fault(code, start);
  }

  #readNumber(): number {
    const text = this.#text;
    const start = this.#at;
    const end = endOfNumber(text, start);
    if (end < 0) throw this.#fault('IJSON_SYNTAX');
    const value = Number(text.slice(start, end));
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER) throw this.#fault('IJSON_NUMBER_RANGE');
    if (this.#exactNumbers && !isExactNumber(text.slice(start, end)))
      throw this.#fault('IJSON_NUMBER_PRECISION');
    this.#at = end;
    return value;
  }

  #skipWhitespace(): void {
    const text = this.#text;
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (code !== space && code !== lineFeed && code !== carriageReturn && code !== tab) return;
      this.#at += 1;
    }
  }

  #skip(code: number): boolean {
    if (this.#text.charCodeAt(this.#at) !== code) return false;
    this.#at += 1;
    return true;
  }

  #skipWord(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  #fault(code: IJsonErrorCode, at = this.#at): IJsonError {
    return new IJsonError(code, jsonPointer(this.#path.slice(0, this.#level)), at);
  }
}

function isDigit(code: number): boolean {
  return code >= digit0 && code <= digit9;
}
