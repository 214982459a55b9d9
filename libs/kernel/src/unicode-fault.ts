import type { IJsonErrorCode } from './i-json.errors.js';

const LONE_SURROGATE = /\p{Surrogate}/u;
const LONE_SURROGATE_OR_NONCHARACTER = /[\p{Surrogate}\p{Noncharacter_Code_Point}]/u;

/**
 * The code of the first fault under RFC 7493 section 2.1 in a string or member name. Undefined for a text without a
 * fault.
 */
export function unicodeFault(text: string): IJsonErrorCode | undefined {
  if (!LONE_SURROGATE_OR_NONCHARACTER.test(text)) return undefined;
  return LONE_SURROGATE.test(text) ? 'IJSON_LONE_SURROGATE' : 'IJSON_NONCHARACTER';
}
