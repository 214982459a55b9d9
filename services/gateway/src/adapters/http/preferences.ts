import { RequestRefusedError } from '../../domain/gateway.errors.js';

export interface WaitLimits {
  /** For a caller who does not say, milliseconds. */
  readonly waitMs: number;
  /** The most a caller may ask for, milliseconds. */
  readonly maxWaitMs: number;
}

export interface Preferences {
  readonly waitMs: number;
  /** The value of `Preference-Applied`; absent where the caller preferred nothing that we know. */
  readonly applied?: string;
}

/**
 * How long the caller waits, by `Prefer` (RFC 7240): `wait=10` for up to ten seconds, `respond-async` not at all,
 * `respond-async, wait=10` for up to ten seconds. A longer wait than allowed is shortened, as the standard lets us;
 * preferences that we do not know are passed over, as it asks.
 */
export function readPreferences(header: string | undefined, limits: WaitLimits): Preferences {
  let wait: string | undefined;
  let async = false;
  for (const preference of (header ?? '').split(',')) {
    const [, name, value] = PREFERENCE.exec(preference) ?? [];
    // The first of two equal preferences counts (RFC 7240, section 2).
    if (name?.toLowerCase() === 'wait') wait ??= value ?? '';
    else if (name?.toLowerCase() === 'respond-async') async = true;
  }
  if (wait !== undefined) {
    const waitMs = Math.min(seconds(wait) * 1_000, limits.maxWaitMs);
    return { waitMs, applied: `${async ? 'respond-async, ' : ''}wait=${Math.floor(waitMs / 1_000)}` };
  }
  return async ? { waitMs: 0, applied: 'respond-async' } : { waitMs: limits.waitMs };
}

const PREFERENCE = /^\s*([\w!#$%&'*+.^`|~-]+)\s*(?:=\s*"?([^";]*?)"?\s*)?(?:;.*)?$/;

function seconds(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new RequestRefusedError(
    'preference_invalid',
    'The preference "wait" in the header Prefer is not a number of seconds.',
    'Send a whole number of seconds, such as "Prefer: wait=10".',
  );
}
