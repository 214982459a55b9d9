import type { Move, NewCall, OwnedCall } from '../../application/ledger.port.js';
import type { PointCall, PointCalls } from '../../diagnostics.js';
import type { Call } from '../../domain/call.js';

/** New calls, as a diagnostic point shows them. */
export function recordedCalls(entries: readonly NewCall[]): PointCalls {
  return { calls: entries.map(({ call }) => ({ callId: call.call_id })) };
}

/** Calls of a transition, as a diagnostic point shows them. */
export function movedCalls(moves: readonly Move[]): PointCalls {
  return { calls: moves.map(({ known, from }) => pointCall(known, from)) };
}

/** Calls of this instance, as a diagnostic point shows them. */
export function ownedCalls(owned: readonly OwnedCall[]): PointCalls {
  return { calls: owned.map((call) => pointCall(call, call.state)) };
}

function pointCall({ call }: Pick<OwnedCall, 'call'>, { fence, attempt }: Call): PointCall {
  return { callId: call.call_id, fence, attempt };
}
