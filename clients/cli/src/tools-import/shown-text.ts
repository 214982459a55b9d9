import { parseUrl } from '@action-mesh/kernel';

/** A terminal obeys control characters. A bidirectional control makes it show text in another order. */
const unprintable = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;
/**
 * The scheme has at least two letters, because `C:/` is a file. The parser of URLs accepts one slash and leading
 * spaces, so this pattern does too.
 */
const address = /^\s*[a-z][a-z0-9+.-]+:\//i;

/** One line without characters that control a terminal, from any author. */
export function printable(line: string): string {
  return line.replace(unprintable, '\ufffd');
}

/** The same value as JSON text that is safe to show in a terminal. */
export function printableJson(value: object): string {
  return JSON.stringify(value).replace(
    unprintable,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * A file name or an address without secrets, to show and to store. An address loses its user info, query and
 * fragment, because each may hold a secret.
 */
export function withoutCredentials(source: string): string {
  if (!address.test(source)) return source;
  const url = parseUrl(source);
  if (url === undefined) return 'an address that is no URL';
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  return url.href;
}

/** Whether a source is an address and not a file. */
export function isUrl(source: string): boolean {
  return /^https?:\/\//i.test(source);
}
