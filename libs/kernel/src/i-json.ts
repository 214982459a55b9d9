import { isUtf8 } from 'node:buffer';
import { IJsonError } from './i-json.errors.js';
import type { IJsonErrorCode } from './i-json.errors.js';
import { IJsonReader, type ReaderOptions } from './i-json-reader.js';
import { jsonPointer } from './json-pointer.js';
import { isPlainObject } from './json-value.js';
import type { JsonValue } from './json-value.js';
import { unicodeFault } from './unicode-fault.js';

/*
 * I-JSON (RFC 7493), the subset of JSON that every party reads alike. `JSON.parse` would merge texts that other parsers
 * tell apart, and with them two different calls into one hash. Stricter than the RFC in three points:
 *
 * - J1: every number is within ±(2^53-1), however it is written: `1e16`, `9007199254740992.0` and `1e400` are refused
 *   like `9007199254740992`. Beyond that limit a double stands for several integers. The digits of a fraction may be
 *   more than a double holds; they are rounded, as RFC 8785 does.
 * - J2: no member is named `__proto__`, which assignment and merging elsewhere turn into a prototype. `constructor` and
 *   `prototype` are names like any other.
 * - J3: size and depth are bounded.
 */

/** Bounds of one JSON text or value. */
export interface JsonLimits {
  /**
   * Bytes of UTF-8.
   * @default 262144
   */
  readonly maxBytes?: number;
  /**
   * The most arrays and objects within each other, 512 at most. A scalar has depth 0, `[]` has depth 1.
   * @default 32
   */
  readonly maxDepth?: number;
}

/** Reading is recursive. The stack holds far more levels than this. */
const deepest = 512;

const wholeDocument = '';

/**
 * Reads strict I-JSON (J1-J3) and returns the same value as `JSON.parse`. Throws `IJsonError` for every other text.
 */
export function parseIJson(source: string | Uint8Array, limits?: JsonLimits): JsonValue {
  return readIJson(source, limits);
}

/**
 * Like `parseIJson`, but also refuses a number when a double cannot hold all its digits (`IJSON_NUMBER_PRECISION`).
 */
export function parseExactIJson(source: string | Uint8Array, limits?: JsonLimits): JsonValue {
  return readIJson(source, limits, { exactNumbers: true });
}

/**
 * Like `parseIJson`, but keeps the values of the outermost members named in `keep` as `JsonText`. They may hold any
 * JSON, including numbers of any size.
 */
export function parseIJsonKeeping(
  source: string | Uint8Array,
  keep: readonly string[],
  limits?: JsonLimits,
): unknown {
  return readIJson(source, limits, { keep });
}

function readIJson(source: string | Uint8Array, limits?: JsonLimits, options?: ReaderOptions): JsonValue {
  const { maxBytes, maxDepth } = resolveLimits(limits);
  if (source.length > maxBytes) throw new IJsonError('IJSON_TOO_LARGE', wholeDocument);
  const text = typeof source === 'string' ? source : decodeUtf8(source);
  // A UTF-16 code unit takes three bytes at most, so only texts near the limit need counting.
  if (typeof source === 'string' && source.length * 3 > maxBytes && Buffer.byteLength(source) > maxBytes) {
    throw new IJsonError('IJSON_TOO_LARGE', wholeDocument);
  }
  if (text.charCodeAt(0) === 0xfeff) throw new IJsonError('IJSON_BYTE_ORDER_MARK', wholeDocument, 0);
  return new IJsonReader(text, maxDepth, options).read();
}

/**
 * Asserts that a value from another parser or from code is I-JSON (J1-J3): plain objects and arrays at every level,
 * no `undefined`, no holes. It refuses a cycle as too deep. It bounds the size from below, by the characters of
 * strings and one byte for each value. That also bounds the work. Throws `IJsonError`.
 */
export function assertIJson(value: unknown, limits?: JsonLimits): asserts value is JsonValue {
  const { maxBytes, maxDepth } = resolveLimits(limits);
  const path: (string | number)[] = [];
  let size = 0;

  const refuse = (code: IJsonErrorCode): never => {
    throw new IJsonError(code, jsonPointer(path));
  };

  const spend = (bytes: number): void => {
    size += bytes;
    if (size > maxBytes) refuse('IJSON_TOO_LARGE');
  };

  const checkText = (text: string): void => {
    spend(text.length);
    const fault = unicodeFault(text);
    if (fault !== undefined) refuse(fault);
  };

  const check = (candidate: unknown): void => {
    spend(1);
    if (candidate === null || typeof candidate === 'boolean') return;
    if (typeof candidate === 'string') {
      checkText(candidate);
      return;
    }
    if (typeof candidate === 'number') {
      if (!Number.isFinite(candidate)) refuse('IJSON_NOT_JSON');
      if (Math.abs(candidate) > Number.MAX_SAFE_INTEGER) refuse('IJSON_NUMBER_RANGE');
      return;
    }
    if (typeof candidate !== 'object') return refuse('IJSON_NOT_JSON');
    if (path.length === maxDepth) refuse('IJSON_TOO_DEEP');
    if (Array.isArray(candidate)) {
      for (let index = 0; index < candidate.length; index += 1) {
        path.push(index);
        check(candidate[index]);
        path.pop();
      }
      return;
    }
    if (!isPlainObject(candidate) || Object.getOwnPropertySymbols(candidate).length > 0) {
      return refuse('IJSON_NOT_JSON');
    }
    for (const name of Object.keys(candidate)) {
      path.push(name);
      checkText(name);
      if (name === '__proto__') refuse('IJSON_FORBIDDEN_NAME');
      check(candidate[name]);
      path.pop();
    }
  };

  check(value);
}

function resolveLimits({ maxBytes = 256 * 1024, maxDepth = 32 }: JsonLimits = {}): Required<JsonLimits> {
  if (!Number.isSafeInteger(maxDepth) || maxDepth < 0 || maxDepth > deepest) {
    throw new RangeError(`maxDepth must be a whole number from 0 to ${deepest}`);
  }
  if (Number.isNaN(maxBytes) || maxBytes < 0) throw new RangeError('maxBytes must not be negative');
  return { maxBytes, maxDepth };
}

function decodeUtf8(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw new IJsonError('IJSON_INVALID_UTF8', wholeDocument);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
