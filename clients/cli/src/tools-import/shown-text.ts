import { parseUrl } from '@action-mesh/kernel';

/** A terminal obeys control characters, and shows text in another order than it has where a bidirectional control says so. */
const UNPRINTABLE = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;
/** Two letters and more: `C:/` is a file. One slash and spaces before it are enough for the parser of URLs, and for a slip. */
const ADDRESS = /^\s*[a-z][a-z0-9+.-]+:\//i;

/** One line as a terminal may show it, whoever wrote it. */
export function printable(line: string): string {
  return line.replace(UNPRINTABLE, '\ufffd');
}

/** The same value as JSON text that a terminal may show. */
export function printableJson(value: object): string {
  return JSON.stringify(value).replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * A file or an address as it may be shown and written down: of an address neither user info nor query nor fragment, any of
 * which may be a secret.
 */
export function withoutCredentials(source: string): string {
  if (!ADDRESS.test(source)) return source;
  const url = parseUrl(source);
  if (url === undefined) return 'an address that is no URL';
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  return url.href;
}

/** Whether a source is an address and no file. */
export function isUrl(source: string): boolean {
  return /^https?:\/\//i.test(source);
}
