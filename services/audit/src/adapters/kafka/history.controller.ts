import { AdministrationRecorded, type RecordedAdministration } from '@action-mesh/contracts/audit';
import { ConnectionChanged, type ChangedConnection } from '@action-mesh/contracts/auth-broker';
import { CallDead, CallOutcome, type OutcomeOfCall } from '@action-mesh/contracts/executor';
import {
  AwaitedCallAccepted,
  BulkCallAccepted,
  CallAccepted,
  TriggerFired,
  type AcceptedCall,
  type FiredTrigger,
} from '@action-mesh/contracts/gateway';
import { WebhookEndpointDisabled, type DisabledWebhookEndpoint } from '@action-mesh/contracts/webhooks';
import { ack, EventHandler, retry, type Outcome, type RecordContext } from '@action-mesh/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';

import { RecordEntries } from '../../application/record-entries.js';
import { HistoryUnavailableError } from '../../domain/audit.errors.js';
import type { NewEntry } from '../../domain/new-entry.js';
import { acceptedEntry } from './entries/accepted-entry.js';
import {
  administrationEntry,
  connectionEntry,
  endpointEntry,
  triggerEntry,
} from './entries/other-entries.js';
import { outcomeEntry } from './entries/outcome-entry.js';

/** Enough for full batches while one is under way. */
const many = { concurrency: 2_048, ordered: false } as const;
const few = { concurrency: 256, ordered: false } as const;

const pauseMs = 500;

/** Makes an entry of each record that tells a transition. A record keeps its offset until its entry is committed. */
@Controller()
export class HistoryRecordsController {
  readonly #recordEntries: RecordEntries;

  constructor(@Inject(RecordEntries) recordEntries: RecordEntries) {
    this.#recordEntries = recordEntries;
  }

  @EventHandler(CallAccepted, many)
  onAccepted(@Payload() call: AcceptedCall, @Ctx() { record }: RecordContext): Promise<Outcome> {
    return this.#record(acceptedEntry(call, record));
  }

  @EventHandler(AwaitedCallAccepted, many)
  onAwaited(@Payload() call: AcceptedCall, @Ctx() { record }: RecordContext): Promise<Outcome> {
    return this.#record(acceptedEntry(call, record));
  }

  @EventHandler(BulkCallAccepted, many)
  onBulk(@Payload() call: AcceptedCall, @Ctx() { record }: RecordContext): Promise<Outcome> {
    return this.#record(acceptedEntry(call, record));
  }

  @EventHandler(CallOutcome, many)
  onOutcome(@Payload() outcome: OutcomeOfCall, @Ctx() { record }: RecordContext): Promise<Outcome> {
    return this.#record(outcomeEntry(outcome, record));
  }

  /** The outcome with the same `seq` tells this transition already. Refused records of this topic become letters. */
  @EventHandler(CallDead, few)
  onDead(): Promise<Outcome> {
    return Promise.resolve(ack);
  }

  @EventHandler(ConnectionChanged, few)
  onConnection(@Payload() changed: ChangedConnection, @Ctx() { record }: RecordContext): Promise<Outcome> {
    return this.#record(connectionEntry(changed, record));
  }

  @EventHandler(TriggerFired, few)
  onTrigger(@Payload() fired: FiredTrigger, @Ctx() { record }: RecordContext): Promise<Outcome> {
    return this.#record(triggerEntry(fired, record));
  }

  @EventHandler(WebhookEndpointDisabled, few)
  onEndpoint(
    @Payload() disabled: DisabledWebhookEndpoint,
    @Ctx() { record }: RecordContext,
  ): Promise<Outcome> {
    return this.#record(endpointEntry(disabled, record));
  }

  @EventHandler(AdministrationRecorded, few)
  onAdministration(
    @Payload() act: RecordedAdministration,
    @Ctx() { record }: RecordContext,
  ): Promise<Outcome> {
    return this.#record(administrationEntry(act, record));
  }

  async #record(entry: NewEntry): Promise<Outcome> {
    try {
      await this.#recordEntries.run(entry);
      return ack;
    } catch (error) {
      if (error instanceof HistoryUnavailableError) return retry(Date.now() + pauseMs);
      throw error;
    }
  }
}
