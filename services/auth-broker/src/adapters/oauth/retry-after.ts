/** A longer wait than a day is a mistake of the provider. */
const mostMs = 86_400_000;

/**
 * The wait that `Retry-After` asks for, in milliseconds (RFC 9110, section 10.2.3): seconds, or a date. Undefined: there is
 * none, or it cannot be read. A date in the past is no wait.
 */
export function retryAfterMs(header: unknown, nowMs: number): number | undefined {
  const text = typeof header === 'string' ? header.trim() : '';
  if (text === '') return undefined;
  if (/^\d{1,10}$/.test(text)) return Math.min(Number(text) * 1_000, mostMs);
  // `Date.parse` reads other texts too, such as "7 days".
  if (!/^[A-Z][a-z]{2,8},? \d{2}[ -][A-Z][a-z]{2}/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.min(Math.max(at - nowMs, 0), mostMs);
}
