import { CallOutcome, refusalSource, type OutcomeOfCall } from '@action-mesh/contracts/executor';
import type { TraceContext } from '@action-mesh/kernel';
import { encodeEvent, type RecordProducer } from '@action-mesh/messaging';

import type { RefusalLog } from '../../application/refusal-log.port.js';

/** Publishes refusals as outcomes. The id of each follows from its content, so subscribers recognize a repetition. */
export class RefusalProducer implements RefusalLog {
  readonly #producer: Pick<RecordProducer, 'send'>;

  constructor(producer: Pick<RecordProducer, 'send'>) {
    this.#producer = producer;
  }

  async refused(outcome: OutcomeOfCall, trace: TraceContext): Promise<void> {
    const id = `${outcome.call_id}/${outcome.seq}`;
    await this.#producer.send(encodeEvent(CallOutcome, outcome, { source: refusalSource, id, trace }));
  }
}
