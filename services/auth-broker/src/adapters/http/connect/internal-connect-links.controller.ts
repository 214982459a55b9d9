import { connectCallbackRequestSchema, type ConnectReply } from '@action-mesh/contracts/auth-broker';
import { Body, Controller, HttpCode, HttpStatus, Inject, Post } from '@nestjs/common';

import { noticeAnswer } from '../../../application/connect-sessions/connect-answer.js';
import { FinishConsent } from '../../../application/connect-sessions/finish-consent.js';
import { FollowConnectLink } from '../../../application/connect-sessions/follow-connect-link.js';
import type { PublicAddress } from '../../../domain/connect-sessions/public-address.js';
import { ConnectAddress } from './connect-address.js';
import { connectReply } from './connect-reply.js';
import { cookieIn, readConnectForm, readConnectRequest } from './connect-request.js';

/** The durable links of waiting calls, and the addresses to which providers send browsers back. */
@Controller('internal/connect')
export class InternalConnectLinksController {
  readonly #followLink: FollowConnectLink;
  readonly #finishConsent: FinishConsent;
  readonly #address: PublicAddress;

  constructor(
    @Inject(FollowConnectLink) followLink: FollowConnectLink,
    @Inject(FinishConsent) finishConsent: FinishConsent,
    @Inject(ConnectAddress) address: PublicAddress,
  ) {
    this.#followLink = followLink;
    this.#finishConsent = finishConsent;
    this.#address = address;
  }

  @Post('link/show')
  @HttpCode(HttpStatus.OK)
  async show(@Body() body: unknown): Promise<ConnectReply> {
    const request = readConnectRequest(body);
    const answer = await this.#followLink.show(request.token, cookieIn(request, this.#address));
    return connectReply(answer, this.#address);
  }

  @Post('link/submit')
  @HttpCode(HttpStatus.OK)
  async submit(@Body() body: unknown): Promise<ConnectReply> {
    const request = readConnectRequest(body);
    const { step, formToken } = readConnectForm(request.form ?? '');
    const browser = cookieIn(request, this.#address);
    const answer =
      step === 'cancel'
        ? noticeAnswer('cancelled', { again: `/connect/link/${encodeURIComponent(request.token)}` })
        : await this.#followLink.start(request.token, browser, formToken);
    return connectReply(answer, this.#address);
  }

  @Post('callback')
  @HttpCode(HttpStatus.OK)
  async callback(@Body() body: unknown): Promise<ConnectReply> {
    const { tenant, integration, query, cookies } = connectCallbackRequestSchema.parse(body);
    const browser = cookieIn({ cookies }, this.#address);
    const answer = await this.#finishConsent.run({ tenantId: tenant, integration, query, ...browser });
    return connectReply(answer, this.#address);
  }
}
