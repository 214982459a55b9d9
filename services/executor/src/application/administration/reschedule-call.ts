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
    return intervene(this.#administration, { tenantId, callId }, ({ waiting }) => {
      if (waiting === undefined) {
        return { refusal: { code: 'call_not_waiting', message: 'the call does not wait for a time' } };
      }
      if (waiting.reason === 'switched_off') {
        const message = 'the call waits until a kill switch is lifted, and not for a time';
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
