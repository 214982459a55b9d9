import type { CallAttempts, CallView } from '@action-mesh/contracts/executor';
import { Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { callAttempts } from '../../application/call-attempts.js';
import { callResult } from '../../application/call-result.js';
import { FindCall } from '../../application/find-call.js';
import { RequestRefusedError } from '../../domain/gateway.errors.js';
import { callNotFound } from '../../domain/intervention-refusals.js';
import { principalOf } from './caller-guard.js';
import { readMediaType } from './media-type.js';
import { Serves } from './serves.js';

/** Routes that show one part of a call. */
@Controller()
export class CallDetailsController {
  readonly #findCall: FindCall;

  constructor(@Inject(FindCall) findCall: FindCall) {
    this.#findCall = findCall;
  }

  @Serves('findAttempts')
  async attempts(@Param('id') id: string, @Req() request: FastifyRequest): Promise<CallAttempts> {
    return callAttempts(await this.#recorded(request, id, 'has no attempts yet'));
  }

  /** The bytes come from a provider. No browser may guess their type or run them under the address of the mesh. */
  @Serves('findResult')
  async result(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { contentType, bytes } = callResult(await this.#recorded(request, id, 'has no result yet'));
    void reply
      .headers({
        'content-type': safeType(contentType),
        'content-disposition': `attachment; filename="${id}"`,
        'content-security-policy': "sandbox; default-src 'none'",
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      })
      .send(bytes);
  }

  async #recorded(request: FastifyRequest, id: string, missing: string): Promise<CallView> {
    const found = await this.#findCall.execute(principalOf(request), id);
    switch (found.kind) {
      case 'recorded':
        return found.view;
      case 'accepted':
        throw new RequestRefusedError(
          'result_not_ready',
          `The call was accepted and ${missing}.`,
          'Send the same request again later.',
        );
      case 'unknown':
        throw callNotFound();
    }
  }
}

/** The media type of a provider without its parameters, except for the charset. */
function safeType(given: string): string {
  const type = readMediaType(given);
  if (type === undefined) return 'application/octet-stream';
  const charset =
    type.charset !== undefined && /^[\w.:-]{1,40}$/.test(type.charset) ? type.charset : undefined;
  return charset === undefined ? type.essence : `${type.essence}; charset=${charset}`;
}
