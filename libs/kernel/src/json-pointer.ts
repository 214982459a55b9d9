/**
 * An RFC 6901 JSON pointer for a path of member names and array positions. `''` is the whole document. A lone
 * surrogate in a name becomes U+FFFD, because a pointer itself must be writable as JSON.
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
