import { TokenRequested } from '@action-mesh/contracts/auth-broker';
import type { EventData } from '@action-mesh/kernel';
import { ack, EventHandler, type Outcome, type RecordContext } from '@action-mesh/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';

import { AnswerTokenRequest } from './answer-token-request.js';

/**
 * Takes requests for credentials from `mesh.tokens.requests`. Requests do not wait for each other, not even those of one
 * user: a refresh may take seconds.
 */
@Controller()
export class TokenRequestsController {
  readonly #answer: AnswerTokenRequest;

  constructor(@Inject(AnswerTokenRequest) answer: AnswerTokenRequest) {
    this.#answer = answer;
  }

  @EventHandler(TokenRequested, { concurrency: 1_024, ordered: false, takesHandover: true })
  async onRequest(
    @Payload() { request }: EventData<typeof TokenRequested>,
    @Ctx() context: RecordContext,
  ): Promise<Outcome> {
    await this.#answer.run(request, context);
    return ack;
  }
}
