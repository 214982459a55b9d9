/**
 * An RFC 6901 JSON pointer to the place that member names and array positions lead to; `''` is the whole document. A
 * lone surrogate in a name becomes U+FFFD, so that a pointer can itself be written into JSON anywhere.
 */
export function jsonPointer(path: readonly (string | number)[]): string {
  return path.map((token) => `/${typeof token === 'number' ? token : escapeName(token)}`).join('');
}

function escapeName(name: string): string {
  return name
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replaceAll('~', '~0')
    .replaceAll('/', '~1');
}
