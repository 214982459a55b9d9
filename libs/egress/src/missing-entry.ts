import { parseUrl } from '@action-mesh/kernel';

import type { NotSentCode } from './attempt.js';
import { EgressFilter } from './egress-filter.js';

/** Refusals that an entry of the allow list ends. */
const endedByEntry: ReadonlySet<NotSentCode> = new Set([
  'EGRESS_DENIED_ADDRESS',
  'EGRESS_DENIED_HOST',
  'EGRESS_DENIED_PORT',
  'EGRESS_DENIED_SCHEME',
] as const);

/**
 * The entry that `allow` lacks for requests to a URL, such as `localhost:3000`. Absent: requests may leave, as far as
 * the URL shows before its name is resolved, or no entry would help.
 */
export function missingEntry(url: string, allow: readonly string[] = []): string | undefined {
  const checked = new EgressFilter({ allow }).check(url);
  return checked.kind === 'destination' ? undefined : entryAgainst(checked.code, url);
}

/** The entry that would end the refusal of a request to a URL. Absent: no entry would. */
export function entryAgainst(code: string, url: string): string | undefined {
  const parsed = parseUrl(url);
  if (parsed === undefined || !endedByEntry.has(code as NotSentCode)) return undefined;
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return undefined;
  const port = parsed.port === '' ? (parsed.protocol === 'https:' ? '443' : '80') : parsed.port;
  return `${parsed.hostname}:${port}`;
}
