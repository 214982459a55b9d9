import type { ResponseHeaders } from '@action-mesh/egress';
import { parseUrl } from '@action-mesh/kernel';

/** Longer than any address that a person can use. */
const longestTarget = 500;

/**
 * The target of a `Location` header, for people. User information, query and fragment may hold secrets and are left
 * out.
 */
export function redirectTarget(headers: ResponseHeaders, requestUrl: string): string | undefined {
  const { location } = headers;
  const value = typeof location === 'string' ? location : location?.[0];
  const url = value === undefined ? undefined : parseUrl(value, requestUrl);
  if (url === undefined) return undefined;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return url.protocol;
  return `${url.origin}${url.pathname}${url.search === '' ? '' : '?…'}`.slice(0, longestTarget);
}
