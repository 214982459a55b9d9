import { parseUrl } from '@action-mesh/kernel';

/** The most characters of an address. */
const mostCharacters = 500;

/** Hosts that no public network reaches: this machine, private networks, and names without a dot. */
const privateHost =
  /^(?:127\.\d+\.\d+\.\d+|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|\[::1\]|[a-z0-9-]+)$/;

/**
 * The parsed form of a whole address without user, query and fragment. Undefined: it is none, or it is plain http to a
 * public host, where a secret would travel without TLS.
 */
export function plainAddress(text: string): URL | undefined {
  // The parser repairs `https:host` and `https:///host`. A reader of the text would not.
  if (text.length > mostCharacters || !/^https?:\/\/[^/?#@\\\s{}]+(?:\/[^?#\\\s{}]*)?$/.test(text))
    return undefined;
  const url = parseUrl(text);
  if (url === undefined) return undefined;
  return url.protocol === 'https:' || privateHost.test(url.hostname) ? url : undefined;
}

/** An address without the slashes at its end. */
export function withoutSlash(address: string): string {
  let end = address.length;
  while (address[end - 1] === '/') end -= 1;
  return address.slice(0, end);
}
