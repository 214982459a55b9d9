import { CallSubmitted, publisherTokenHeader, type CallRequest } from '@action-mesh/contracts/gateway';
import { IdentityDirectory } from '@action-mesh/identity';
import { ack, EventHandler, retry, type Outcome, type RecordContext } from '@action-mesh/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';

import { RecordEntries } from '../../application/record-entries.js';
import { HistoryUnavailableError } from '../../domain/audit.errors.js';
import { submittedEntry } from './entries/submitted-entry.js';

const pauseMs = 500;

/** Calls that agents publish straight to Kafka. The token of a record gives its tenant; without one, its refusal is told elsewhere. */
@Controller()
export class SubmissionsController {
  readonly #recordEntries: RecordEntries;
  readonly #directory: IdentityDirectory;

  constructor(
    @Inject(RecordEntries) recordEntries: RecordEntries,
    @Inject(IdentityDirectory) directory: IdentityDirectory,
  ) {
    this.#recordEntries = recordEntries;
    this.#directory = directory;
  }

  @EventHandler(CallSubmitted, { concurrency: 2_048, ordered: false })
  async onSubmitted(
    @Payload() call: CallRequest & { readonly call_id: string },
    @Ctx() { record }: RecordContext,
  ): Promise<Outcome> {
    const token = record.headers[publisherTokenHeader];
    const publisher = this.#directory.authenticate(token, 'publisher', record.timestampMs);
    if (!publisher.ok) return publisher.fault === 'not_ready' ? retry(Date.now() + pauseMs) : ack;
    try {
      await this.#recordEntries.run(submittedEntry(call, publisher.principal, record));
      return ack;
    } catch (error) {
      if (error instanceof HistoryUnavailableError) return retry(Date.now() + pauseMs);
      throw error;
    }
  }
}
