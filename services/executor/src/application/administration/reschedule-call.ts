import type { CallState, WaitReason } from '@action-mesh/contracts/executor';
import type { Clock } from '@action-mesh/kernel';

import type { CallAdministration } from './call-administration.port.js';
import { intervene, type InterventionResult } from './intervene.js';

/** Changes the due time of a waiting call. A limit or block in force still applies. */
export class RescheduleCall {
  readonly #administration: CallAdministration;
  readonly #clock: Clock;

  constructor(administration: CallAdministration, clock: Clock) {
    this.#administration = administration;
    this.#clock = clock;
  }

  execute(tenantId: string, callId: string, notBeforeMs: number, by: string): Promise<InterventionResult> {
    return intervene(this.#administration, { tenantId, callId }, ({ waiting, state }) => {
      if (waiting === undefined) {
        return { refusal: { code: 'call_not_waiting', message: 'the call does not wait for a time' } };
      }
      // A call that is compared again waits for its turn for a moment.
      const end = ends[waiting.reason] ?? endsOfStates[state.state];
      if (end !== undefined) {
        const message = `the call waits until ${end}, and not for a time`;
        return { refusal: { code: 'call_not_waiting', message } };
      }
      const until = new Date(notBeforeMs).toISOString();
      return {
        commands: [{ type: 'reschedule' }],
        options: {
          park: { delayMs: Math.max(0, notBeforeMs - this.#clock.now()), ...waiting },
          ending: {
            status: waiting.reason === 'probe' ? 'indeterminate' : 'waiting',
            waiting: { ...waiting, until },
            resolvedBy: by,
          },
        },
      };
    });
  }
}

const connected = 'an account is connected';
const decided = 'a person has decided about its approval';

/** The ends of waits that do not end at a time. */
const ends: Readonly<Partial<Record<WaitReason, string>>> = {
  switched_off: 'a kill switch is lifted',
  awaiting_auth: connected,
  awaiting_approval: decided,
};
const endsOfStates: Readonly<Partial<Record<CallState, string>>> = {
  AWAITING_AUTH: connected,
  AWAITING_APPROVAL: decided,
};
