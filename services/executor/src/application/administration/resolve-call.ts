import type { VerdictRequest } from '@action-mesh/contracts/executor';
import type { Clock } from '@action-mesh/kernel';

import { withTried } from '../../domain/attempt-history.js';
import type { CallAdministration, AdministeredCall } from './call-administration.port.js';
import { intervene, type InterventionResult, type InterventionPlan } from './intervene.js';

const awaitingVerdict = ['INDETERMINATE', 'NEEDS_REVIEW', 'DEAD'];

/** Takes a person's verdict on the effect of a call. */
export class ResolveCall {
  readonly #administration: CallAdministration;
  readonly #clock: Clock;

  constructor(administration: CallAdministration, clock: Clock) {
    this.#administration = administration;
    this.#clock = clock;
  }

  execute(
    tenantId: string,
    callId: string,
    request: VerdictRequest,
    by: string,
  ): Promise<InterventionResult> {
    return intervene(this.#administration, { tenantId, callId }, (known) =>
      awaitingVerdict.includes(known.state.state)
        ? this.#plan(known, request, by)
        : {
            refusal: {
              code: 'verdict_not_needed',
              message: 'the call is not dead, and its effect is not unknown',
            },
          },
    );
  }

  #plan(known: AdministeredCall, { verdict, result, note }: VerdictRequest, by: string): InterventionPlan {
    const at = new Date(this.#clock.now()).toISOString();
    switch (verdict) {
      case 'happened':
        return {
          commands: [{ type: 'attest' }],
          options: {
            ending: {
              status: 'succeeded',
              resolvedBy: by,
              ...(result === undefined ? {} : { result: result.text }),
            },
          },
        };
      case 'did_not_happen': {
        const message = `${by} says that it did not happen${note === undefined ? '' : `: ${note}`}`;
        const entry = {
          attempt: known.state.attempt,
          at,
          kind: 'person',
          evidence: 'absent',
          message,
        } as const;
        return {
          commands: [{ type: 'redrive' }],
          options: {
            tried: withTried(known.tried, entry),
            park: { delayMs: 0, reason: 'redrive' },
            ending: { status: 'waiting', waiting: { reason: 'redrive', until: at }, resolvedBy: by },
          },
        };
      }
      case 'give_up':
        return {
          commands: [{ type: 'giveUp' }],
          options: {
            ending: {
              status: 'failed',
              resolvedBy: by,
              failure: {
                code: 'given_up',
                category: 'request',
                message: `${by} gave the call up${note === undefined ? '' : `: ${note}`}`,
              },
            },
          },
        };
    }
  }
}
