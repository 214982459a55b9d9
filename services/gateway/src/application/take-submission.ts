import type { CallRequest } from '@action-mesh/contracts/gateway';
import type { Clock, TraceContext } from '@action-mesh/kernel';

import { RequestRefusedError } from '../domain/gateway.errors.js';
import { refusedOutcome } from '../domain/refused-outcome.js';
import type { AcceptCall } from './accept-call.js';
import type { EventLog } from './event-log.port.js';

/** Takes a call that was published straight to Kafka. What is refused is answered on the log, where its publisher listens. */
export class TakeSubmission {
  readonly #accept: AcceptCall;
  readonly #log: EventLog;
  readonly #clock: Clock;
  readonly #tenantId: string;

  constructor(parts: {
    readonly accept: AcceptCall;
    readonly log: EventLog;
    readonly clock: Clock;
    readonly tenantId: string;
  }) {
    this.#accept = parts.accept;
    this.#log = parts.log;
    this.#clock = parts.clock;
    this.#tenantId = parts.tenantId;
  }

  /** Resolves when the call or its refusal is safe in the log. Throws `MeshUnavailableError`. */
  async execute(request: CallRequest & { readonly call_id: string }, trace: TraceContext): Promise<void> {
    try {
      await this.#accept.execute(request, trace);
    } catch (error) {
      if (!(error instanceof RequestRefusedError)) throw error;
      const about = { tenantId: this.#tenantId, nowMs: this.#clock.now() };
      await this.#log.callRefused(refusedOutcome(request, error, about), trace);
    }
  }
}
