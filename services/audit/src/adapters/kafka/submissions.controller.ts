import { CallSubmitted, publisherTokenHeader, type CallRequest } from '@action-mesh/contracts/gateway';
import { IdentityDirectory } from '@action-mesh/identity';
import {
  ack,
  deadLetter,
  EventHandler,
  retry,
  type Outcome,
  type RecordContext,
} from '@action-mesh/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';

import { RecordEntries } from '../../application/record-entries.js';
import { HistoryUnavailableError } from '../../domain/audit.errors.js';
import { submittedEntry } from './entries/submitted-entry.js';

const pauseMs = 500;

/** The code of a submission whose token is not valid when audit reads it. */
const tokenInvalid = 'PUBLISHER_TOKEN_INVALID';

/**
 * Calls that agents publish straight to Kafka. The token of a record gives its tenant. The executor may have accepted the
 * call with a token that was revoked before audit read the record, so each such record becomes an unreadable one (I13).
 */
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
    if (!publisher.ok) {
      if (publisher.fault === 'not_ready') return retry(Date.now() + pauseMs);
      const fault = publisher.fault.replaceAll('_', ' ');
      return deadLetter(tokenInvalid, `the publisher token gives no tenant when audit reads it: ${fault}`);
    }
    try {
      await this.#recordEntries.run(submittedEntry(call, publisher.principal, record));
      return ack;
    } catch (error) {
      if (error instanceof HistoryUnavailableError) return retry(Date.now() + pauseMs);
      throw error;
    }
  }
}
