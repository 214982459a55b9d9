import type { InterventionRefused } from '@action-mesh/contracts/executor';

import { transitions, type Command } from '../../domain/call.js';
import { CallSession, type MoveOptions } from '../call-session.js';
import type { CallAdministration, AdministeredCall } from './call-administration.port.js';

/** The result of a person's intervention on a call. */
export type InterventionResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly refusal: InterventionRefused };

/** The intended change of a call in its current state, or the reason against it. */
export type InterventionPlan =
  | { readonly commands: readonly Command[]; readonly options: MoveOptions }
  | { readonly refusal: Omit<InterventionRefused, 'state'> };

/** The number of looks at a call that keeps moving on. */
const maxLooks = 5;

/**
 * Decides about a call by its state in the ledger, and writes the decision if the state is unchanged. Otherwise it
 * looks again. The ledger refuses the next write of the call's former owner, and that run stops.
 */
export async function intervene(
  administration: CallAdministration,
  subject: { readonly tenantId: string; readonly callId: string },
  planFor: (known: AdministeredCall) => InterventionPlan,
): Promise<InterventionResult> {
  let known: AdministeredCall | undefined;
  for (let look = 0; look < maxLooks; look += 1) {
    known = await administration.find(subject.tenantId, subject.callId);
    if (known === undefined) return { kind: 'unknown' };
    const plan = planFor(known);
    if ('refusal' in plan) {
      return { kind: 'refused', refusal: { ...plan.refusal, state: known.state.state } };
    }
    if (!transitions(known.state, ...plan.commands).ok) return refusedBy(known);
    if (await new CallSession(known, administration).move(plan.commands, plan.options))
      return { kind: 'done' };
  }
  return known === undefined ? { kind: 'unknown' } : refusedBy(known);
}

const ended = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED', 'REHEARSED', 'DEAD', 'NEEDS_REVIEW']);

function refusedBy({ state: { state } }: AdministeredCall): InterventionResult {
  const refusal = ended.has(state)
    ? ({ code: 'call_already_ended', message: 'the call has come to its end' } as const)
    : ({
        code: 'call_already_sent',
        message: 'a request of the call is under way and can no longer be stopped',
      } as const);
  return { kind: 'refused', refusal: { ...refusal, state } };
}
