/**
 * The wait that `Retry-After` asks for, in milliseconds (RFC 9110, section 10.2.3): seconds, or a date. Undefined: there is
 * none, or it cannot be read. A date in the past is no wait.
 */
export function readRetryAfter(header: unknown, nowMs: number): number | undefined {
  const text = typeof header === 'string' ? header.trim() : '';
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1_000;
  // `Date.parse` reads other texts too, such as "7 days".
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(at - nowMs, 0);
}
