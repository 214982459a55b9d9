import { IJsonError } from './i-json.errors.js';
import type { IJsonErrorCode } from './i-json.errors.js';
import { jsonPointer } from './json-pointer.js';
import { isPlainObject } from './json-value.js';
import type { JsonValue } from './json-value.js';

/** The stack holds far more levels, and no value read from outside is as deep. */
const deepest = 1024;

const loneSurrogate = /\p{Surrogate}/u;
/** Characters that need an escape. Lone surrogates are among them: the writer refuses them. */
const needsCare = /["\\\u0000-\u001f\ud800-\udfff]/;

/**
 * The RFC 8785 canonical form. Equal values have equal texts and different values have different texts, however
 * members are ordered and numbers are written. Throws `IJsonError` for a value without a JSON form: `undefined`, NaN,
 * a class instance, a lone surrogate, a cycle. If the form left such values out, different values would share it. The
 * narrower rules of `parseIJson` on numbers and names do not apply here.
 */
export function canonicalize(value: JsonValue): string {
  return write(value, []);
}

function write(value: unknown, path: (string | number)[]): string {
  switch (typeof value) {
    case 'string':
      return writeText(value, path);
    case 'number':
      // The RFC prescribes ECMAScript's own form of a double. It writes -0 as 0.
      if (Number.isFinite(value)) return String(value);
      break;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (path.length === deepest) throw refusal('IJSON_TOO_DEEP', path);
      if (Array.isArray(value)) return writeArray(value, path);
      if (isPlainObject(value)) return writeObject(value, path);
      break;
  }
  throw refusal('IJSON_NOT_JSON', path);
}

function writeArray(array: readonly unknown[], path: (string | number)[]): string {
  let text = '[';
  for (let index = 0; index < array.length; index += 1) {
    path.push(index);
    text += (index === 0 ? '' : ',') + write(array[index], path);
    path.pop();
  }
  return text + ']';
}

function writeObject(object: Record<string, unknown>, path: (string | number)[]): string {
  let text = '{';
  // The order of `sort` is the RFC's: by UTF-16 code units.
  for (const name of Object.keys(object).sort()) {
    path.push(name);
    text += `${text === '{' ? '' : ','}${writeText(name, path)}:${write(object[name], path)}`;
    path.pop();
  }
  return text + '}';
}

function writeText(text: string, path: readonly (string | number)[]): string {
  if (!needsCare.test(text)) return `"${text}"`;
  if (loneSurrogate.test(text)) throw refusal('IJSON_LONE_SURROGATE', path);
  return JSON.stringify(text);
}

function refusal(code: IJsonErrorCode, path: readonly (string | number)[]): IJsonError {
  return new IJsonError(code, jsonPointer(path));
}
