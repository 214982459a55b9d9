import { CallSubmitted, publisherTokenHeader, type CallRequest } from '@action-mesh/contracts/gateway';
import { IdentityDirectory } from '@action-mesh/identity';
import { IJsonError, parseIJson } from '@action-mesh/kernel';
import { deadLetter, EventHandler, retry, type Outcome, type RecordContext } from '@action-mesh/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';

import { TakeSubmission } from '../../application/take-submission.js';
import { tokenRefusal } from './publisher-token.js';
import { pauseMs, settledRecord } from './settled-record.js';

/** Calls that agents publish directly to Kafka. They are independent, so none waits for another. */
@Controller()
export class IngressController {
  readonly #takeSubmission: TakeSubmission;
  readonly #directory: IdentityDirectory;

  constructor(
    @Inject(TakeSubmission) takeSubmission: TakeSubmission,
    @Inject(IdentityDirectory) directory: IdentityDirectory,
  ) {
    this.#takeSubmission = takeSubmission;
    this.#directory = directory;
  }

  /** The token of the record gives tenant and rights. No member of the call can. */
  @EventHandler(CallSubmitted, { concurrency: 4_096, ordered: false })
  async onSubmitted(
    @Payload() request: CallRequest & { readonly call_id: string },
    @Ctx() context: RecordContext,
  ): Promise<Outcome> {
    const { record, trace } = context;
    const publisher = this.#directory.authenticate(
      record.headers[publisherTokenHeader],
      'publisher',
      Date.now(),
    );
    if (!publisher.ok) {
      if (publisher.fault === 'not_ready') return retry(Date.now() + pauseMs);
      const { code, message } = tokenRefusal(publisher.fault);
      return deadLetter(code, message);
    }
    context.tenantId = publisher.principal.tenantId;
    const { topic, partition, offset, timestampMs, value } = record;
    const fault = iJsonFault(value);
    if (fault !== undefined) return deadLetter(fault.code, `${fault.message}, at "${fault.pointer}"`);
    return settledRecord(
      this.#takeSubmission.execute({
        request,
        publisher: publisher.principal,
        trace,
        arrivedAtMs: timestampMs,
        place: { topic, partition, offset },
      }),
    );
  }
}

/**
 * Parses the value again, strictly. The runtime uses `JSON.parse`, which merges duplicate members that other readers
 * keep apart. A value that passes here is the same for all readers.
 */
function iJsonFault(value: Buffer | null): IJsonError | undefined {
  try {
    parseIJson(value ?? '');
    return undefined;
  } catch (error) {
    if (error instanceof IJsonError) return error;
    throw error;
  }
}
