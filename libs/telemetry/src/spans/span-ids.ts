import { hash } from 'node:crypto';

/**
 * Ids of spans that several processes need: each derives the id from the call, so an attempt in one process is a child
 * of the span that another process exports at the end.
 */

/** The id of the `execute_tool` span of a call: the second half of its UUIDv7, which is random and never zero. */
export function callSpanId(callId: string): string {
  return callId.slice(19, 23) + callId.slice(24);
}

/** The id of a part of a call. The same part has the same id in every process. */
export function partSpanId(callId: string, part: string): string {
  return hash('sha256', `${callId}/${part}`, 'hex').slice(0, 16);
}

/** The span above the attempts of a call: the call itself, or its newest redrive. */
export function runSpanId(callId: string, redrives: number): string {
  return redrives === 0 ? callSpanId(callId) : partSpanId(callId, `redrive/${redrives}`);
}
