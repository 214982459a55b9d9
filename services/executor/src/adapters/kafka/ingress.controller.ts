import { ApiKey } from '@action-mesh/admission';
import { CallSubmitted, publisherTokenHeader, type CallRequest } from '@action-mesh/contracts/gateway';
import { defined, IJsonError, parseIJson } from '@action-mesh/kernel';
import { deadLetter, EventHandler, type Outcome, type RecordContext } from '@action-mesh/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';

import { TakeSubmission } from '../../application/take-submission.js';
import { originOf, settledRecord } from './settled-record.js';

/** Calls that agents publish directly to Kafka. They are independent, so none waits for another. */
@Controller()
export class IngressController {
  readonly #takeSubmission: TakeSubmission;
  readonly #publisherKey: ApiKey;

  constructor(@Inject(TakeSubmission) takeSubmission: TakeSubmission, @Inject(ApiKey) publisherKey: ApiKey) {
    this.#takeSubmission = takeSubmission;
    this.#publisherKey = publisherKey;
  }

  @EventHandler(CallSubmitted, { concurrency: 4_096, ordered: false })
  async onSubmitted(
    @Payload() request: CallRequest & { readonly call_id: string },
    @Ctx() { record, trace }: RecordContext,
  ): Promise<Outcome> {
    if (!this.#publisherKey.matches(record.headers[publisherTokenHeader])) {
      return deadLetter('PUBLISHER_TOKEN_INVALID', `the header ${publisherTokenHeader} is missing or wrong`);
    }
    const fault = iJsonFault(record.value);
    if (fault !== undefined) return deadLetter(fault.code, `${fault.message}, at "${fault.pointer}"`);
    const origin = originOf(record);
    return settledRecord(
      this.#takeSubmission.execute({
        request,
        trace,
        arrivedAtMs: record.timestampMs,
        ...defined({ origin }),
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
