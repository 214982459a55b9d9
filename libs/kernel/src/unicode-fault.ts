import type { IJsonErrorCode } from './i-json.errors.js';

const loneSurrogate = /\p{Surrogate}/u;
const loneSurrogateOrNoncharacter = /[\p{Surrogate}\p{Noncharacter_Code_Point}]/u;

/**
 * The code of the first fault under RFC 7493 section 2.1 in a string or member name. Undefined for a text without a
 * fault.
 */
export function unicodeFault(text: string): IJsonErrorCode | undefined {
  if (!loneSurrogateOrNoncharacter.test(text)) return undefined;
  return loneSurrogate.test(text) ? 'IJSON_LONE_SURROGATE' : 'IJSON_NONCHARACTER';
}
