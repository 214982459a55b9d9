import { CallSubmitted, publisherTokenHeader, type CallRequest } from '@action-mesh/contracts/gateway';
import { IJsonError, parseIJson } from '@action-mesh/kernel';
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

import { TakeSubmission } from '../../application/take-submission.js';
import { MeshUnavailableError } from '../../domain/gateway.errors.js';
import { ApiKey } from '../api-key.js';

/** How long a submission rests that the log does not take now. */
const pauseMs = 1_000;

/** Calls that agents publish straight to Kafka. They are independent of each other, so that none waits for another. */
@Controller()
export class IngressController {
  readonly #takeSubmission: TakeSubmission;
  readonly #apiKey: ApiKey;

  constructor(@Inject(TakeSubmission) takeSubmission: TakeSubmission, @Inject(ApiKey) apiKey: ApiKey) {
    this.#takeSubmission = takeSubmission;
    this.#apiKey = apiKey;
  }

  @EventHandler(CallSubmitted, { concurrency: 1_024, ordered: false })
  async onSubmitted(
    @Payload() request: CallRequest & { readonly call_id: string },
    @Ctx() context: RecordContext,
  ): Promise<Outcome> {
    const { headers, value } = context.record;
    if (!this.#apiKey.matches(headers[publisherTokenHeader])) {
      return deadLetter('PUBLISHER_TOKEN_INVALID', `the header ${publisherTokenHeader} is missing or wrong`);
    }
    const fault = iJsonFault(value);
    if (fault !== undefined) return deadLetter(fault.code, `${fault.message}, at "${fault.pointer}"`);
    try {
      await this.#takeSubmission.execute(request, context.trace);
      return ack;
    } catch (error) {
      if (error instanceof MeshUnavailableError) return retry(Date.now() + pauseMs);
      throw error;
    }
  }
}

/**
 * The runtime has read the value with `JSON.parse`, which merges what other readers tell apart; here it is read again,
 * strictly, and what passes is the same in both.
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
