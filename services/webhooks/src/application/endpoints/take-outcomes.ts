import { NaturalBatcher, newId } from '@action-mesh/kernel';

import {
  smallWebhookBody,
  webhookBody,
  webhookType,
  type ReportedOutcome,
} from '../../domain/endpoints/webhook-body.js';
import { DeliveryRecordUnavailableError } from '../../domain/webhooks.errors.js';
import type { NewDelivery, WebhookRecord, SelectableOutcome } from './webhook-record.port.js';

/** An outcome from the topic. */
export interface OutcomeToReport {
  readonly selectable: SelectableOutcome;
  /** The members that every webhook about it has, also without its result. */
  readonly reported: ReportedOutcome;
  /** The exact text of the record. */
  readonly text: () => string;
}

/** The most characters of bodies in one statement. A tenant's outcomes can be large, and go to many endpoints. */
const mostAtOnce = 8 * 1_048_576;

/** The reason why one outcome was not recorded. */
type Refusal = { readonly error: unknown } | undefined;

/**
 * Records a delivery for each endpoint that selects an outcome. Outcomes that arrive together share two statements.
 *
 * - WH6: an outcome that cannot be recorded prevents no other one.
 */
export class TakeOutcomes {
  readonly #record: WebhookRecord;
  readonly #onRecorded: () => void;
  readonly #batcher: NaturalBatcher<OutcomeToReport, Refusal>;

  constructor(record: WebhookRecord, onRecorded: () => void) {
    this.#record = record;
    this.#onRecorded = onRecorded;
    this.#batcher = new NaturalBatcher({ maxItems: 500, concurrency: 2 }, (outcomes) => this.#take(outcomes));
  }

  /** Resolves after the deliveries are committed. Rejects with `DeliveryRecordUnavailableError`, or with a defect. */
  async run(outcome: OutcomeToReport): Promise<void> {
    const refusal = await this.#batcher.add(outcome);
    if (refusal !== undefined) throw refusal.error;
  }

  async #take(outcomes: readonly OutcomeToReport[]): Promise<Refusal[]> {
    try {
      await this.#write(outcomes);
      return outcomes.map(() => undefined);
    } catch (error) {
      if (error instanceof DeliveryRecordUnavailableError) throw error;
      if (outcomes.length <= 1) return [{ error }];
      const refusals: Refusal[] = [];
      for (const outcome of outcomes) refusals.push(...(await this.#take([outcome])));
      return refusals;
    }
  }

  async #write(outcomes: readonly OutcomeToReport[]): Promise<void> {
    const selected = await this.#record.select(outcomes.map(({ selectable }) => selectable));
    if (selected.length === 0) return;
    let deliveries: NewDelivery[] = [];
    let bytes = 0;
    let last: { readonly at: number; readonly body: string } | undefined;
    for (const { outcome: at, endpointId } of selected) {
      const outcome = outcomes[at];
      if (outcome === undefined) continue;
      const { selectable, reported, text } = outcome;
      const { tenantId, callId, seq } = selectable;
      // The endpoints of one outcome follow each other, and share its body.
      if (last?.at !== at) last = { at, body: webhookBody(reported, text()) ?? smallWebhookBody(reported) };
      const { body } = last;
      if (bytes > 0 && bytes + body.length > mostAtOnce) {
        await this.#record.record(deliveries);
        deliveries = [];
        bytes = 0;
      }
      deliveries.push({ id: newId(), tenantId, endpointId, callId, seq, type: webhookType(reported), body });
      bytes += body.length;
    }
    await this.#record.record(deliveries);
    this.#onRecorded();
  }
}
