import { randomBytes } from './random-pool.js';

/** A position in a W3C trace (https://www.w3.org/TR/trace-context/, version 00). */
export interface TraceContext {
  /** 32 lower-case hex digits, never all zero. */
  readonly traceId: string;
  /** 16 lower-case hex digits, never all zero. */
  readonly spanId: string;
  readonly sampled: boolean;
  /** Vendor data (`tracestate`). It travels unread. */
  readonly state?: string;
}

const traceparent = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
/** No version of the standard needs a longer header. A longer one is malformed. */
const longestTraceparent = 512;
/**
 * The standard asks every system to carry this much. A longer state, or one with bytes that no header may hold, would
 * travel with every record.
 */
const tracestate = /^[\t\x20-\x7e]{1,512}$/;

/**
 * Reads a `traceparent`. Returns `undefined` when it is absent or malformed, as the standard asks. Drops a `state`
 * that cannot travel, and keeps the rest.
 */
export function parseTraceparent(text: string | undefined, state?: string): TraceContext | undefined {
  const match = text === undefined || text.length > longestTraceparent ? null : traceparent.exec(text);
  if (match === null) return undefined;
  const [, version, traceId = '', spanId = '', flags = '00', rest] = match;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  const sampled = (Number.parseInt(flags, 16) & 1) === 1;
  const carried = state !== undefined && tracestate.test(state);
  return carried ? { traceId, spanId, sampled, state } : { traceId, spanId, sampled };
}

export function formatTraceparent(context: TraceContext): string {
  return `00-${context.traceId}-${context.spanId}-${context.sampled ? '01' : '00'}`;
}

/** A span below `parent`. Without a parent, the root of a new sampled trace. */
export function childSpan(parent?: TraceContext): TraceContext {
  const spanId = randomHex(8);
  return parent === undefined ? { traceId: randomHex(16), spanId, sampled: true } : { ...parent, spanId };
}

function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
