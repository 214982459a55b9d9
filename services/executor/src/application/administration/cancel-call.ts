import { mayHaveActed } from '../../domain/attempt-history.js';
import type { CallAdministration } from './call-administration.port.js';
import { intervene, type InterventionResult } from './intervene.js';

/** Ends a call that has not left, or that waits for its next attempt. */
export class CancelCall {
  readonly #administration: CallAdministration;

  constructor(administration: CallAdministration) {
    this.#administration = administration;
  }

  execute(tenantId: string, callId: string, by: string): Promise<InterventionResult> {
    return intervene(this.#administration, { tenantId, callId }, ({ tried }) => ({
      commands: [{ type: 'cancel' }],
      options: {
        ending: {
          status: 'cancelled',
          resolvedBy: by,
          failure: mayHaveActed(tried)
            ? {
                code: 'cancelled',
                category: 'unknown_effect',
                message: 'the call was cancelled; an attempt before that may have taken effect',
              }
            : { code: 'cancelled', category: 'request', message: 'the call was cancelled; nothing was done' },
        },
      },
    }));
  }
}
