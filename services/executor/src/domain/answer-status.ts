import { responseSize } from '@action-mesh/contracts/catalog';

import type { AnsweredEvidence, Failure } from './attempt-evidence.js';

/** Redirects from an address that did not process the request: it has nothing new, or the request belongs elsewhere. */
const unprocessed = new Set([304, 307, 308]);

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

export function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/**
 * Whether an answer leaves open whether the provider acted. A server error may come after the effect, or from a proxy.
 * A 303 usually means that a POST was done, and 301 and 302 are used in its place (RFC 9110, section 15.4).
 */
export function leavesOpen({ status, means }: Pick<AnsweredEvidence, 'status' | 'means'>): boolean {
  if (means === 'unknown' || status >= 500 || status === 408) return true;
  return isRedirect(status) && !unprocessed.has(status);
}

/** The status by which the governor recognizes a limit or an error. */
export function governedStatus({ status, means }: Pick<AnsweredEvidence, 'status' | 'means'>): number {
  if (means === 'limited') return 429;
  return means === 'unknown' ? 500 : status;
}

/** Describes an answer that leaves open whether the provider acted. */
export function describeOpenAnswer({ status, location, unread }: AnsweredEvidence): string {
  if (unread !== undefined) return `the provider answered ${status}, and its body cannot be read: ${unread}`;
  if (!isRedirect(status)) return `the provider answered ${status}`;
  return `the provider answered with a redirect (${status}${pointingTo(location)}) that is not followed`;
}

/** Why a request was rejected for good. */
export function rejection({ status, location }: AnsweredEvidence): Failure {
  if (status === 304 || !isRedirect(status)) {
    const message = `the provider rejected the request (${status})`;
    return { code: 'provider_rejected', category: 'provider', message };
  }
  return {
    code: 'provider_redirected',
    category: 'provider',
    message: `the provider answered with a redirect (${status}${pointingTo(location)}) and did nothing; redirects are not followed`,
    fix: 'Set base_url or path of the tool to the address that answers.',
  };
}

function pointingTo(location: string | undefined): string {
  return location === undefined ? '' : ` to ${location}`;
}

/** Why the caller of a read gets no result: a part of the result would look like all of it. */
export function resultTooLarge(loss: NonNullable<AnsweredEvidence['loss']>): Failure {
  const limitBytes = loss.kind === 'cut' ? loss.limitBytes : responseSize.mostBytes;
  const ask = 'Ask for less, by filters or pages';
  return {
    code: 'result_too_large',
    category: 'request',
    message: `the result is larger than ${limitBytes} bytes, so it is not kept`,
    fix:
      loss.kind === 'cut' && limitBytes < responseSize.mostBytes
        ? `${ask}, or raise max_response_bytes of the tool (maxResponseBytes in code, an override of an imported one), to ${responseSize.mostBytes} at most.`
        : `${ask}.`,
  };
}
