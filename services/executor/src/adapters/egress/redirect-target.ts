import type { ResponseHeaders } from '@action-mesh/egress';
import { parseUrl } from '@action-mesh/kernel';

/** More than an address that a person can use. */
const longestTarget = 500;

/** Where a `Location` points to, for people to read: without user information, query and fragment, which may hold secrets. */
export function redirectTarget(headers: ResponseHeaders, requestUrl: string): string | undefined {
  const { location } = headers;
  const value = typeof location === 'string' ? location : location?.[0];
  const url = value === undefined ? undefined : parseUrl(value, requestUrl);
  if (url === undefined) return undefined;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return url.protocol;
  return `${url.origin}${url.pathname}${url.search === '' ? '' : '?…'}`.slice(0, longestTarget);
}
