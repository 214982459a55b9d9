import type { ConnectReply } from '@action-mesh/contracts/auth-broker';
import { Body, Controller, HttpCode, HttpStatus, Inject, Post } from '@nestjs/common';

import { noticeAnswer } from '../../../application/connect-sessions/connect-answer.js';
import { ConfirmConnection } from '../../../application/connect-sessions/confirm-connection.js';
import { EnterFields } from '../../../application/connect-sessions/enter-fields.js';
import { OpenConnectPage } from '../../../application/connect-sessions/open-connect-page.js';
import { StartConsent } from '../../../application/connect-sessions/start-consent.js';
import { ConnectAddress } from './connect-address.js';
import { connectReply } from './connect-reply.js';
import { cookieIn, readConnectForm, readConnectRequest } from './connect-request.js';

import type { PublicAddress } from '../../../domain/connect-sessions/public-address.js';

/** The pages of connect sessions, for the gateway. A browser's secrets come in the body, so no log of addresses has them. */
@Controller('internal/connect/session')
export class InternalConnectPagesController {
  readonly #openPage: OpenConnectPage;
  readonly #startConsent: StartConsent;
  readonly #enterFields: EnterFields;
  readonly #confirm: ConfirmConnection;
  readonly #address: PublicAddress;

  constructor(
    @Inject(OpenConnectPage) openPage: OpenConnectPage,
    @Inject(StartConsent) startConsent: StartConsent,
    @Inject(EnterFields) enterFields: EnterFields,
    @Inject(ConfirmConnection) confirm: ConfirmConnection,
    @Inject(ConnectAddress) address: PublicAddress,
  ) {
    this.#openPage = openPage;
    this.#startConsent = startConsent;
    this.#enterFields = enterFields;
    this.#confirm = confirm;
    this.#address = address;
  }

  @Post('show')
  @HttpCode(HttpStatus.OK)
  async show(@Body() body: unknown): Promise<ConnectReply> {
    const request = readConnectRequest(body);
    const answer = await this.#openPage.run(request.token, cookieIn(request, this.#address));
    return connectReply(answer, this.#address);
  }

  @Post('submit')
  @HttpCode(HttpStatus.OK)
  async submit(@Body() body: unknown): Promise<ConnectReply> {
    const request = readConnectRequest(body);
    const browser = cookieIn(request, this.#address);
    const { step, formToken, fields } = readConnectForm(request.form ?? '');
    const { token } = request;
    const answer = await (() => {
      switch (step) {
        case 'start':
          return this.#startConsent.run(token, browser, formToken);
        case 'fields':
          return this.#enterFields.run(token, browser, formToken, fields);
        case 'confirm':
          return this.#confirm.run(token, browser, formToken);
        case 'cancel':
          return this.#confirm.cancel(token, browser, formToken);
        default:
          return noticeAnswer('stale_form', { again: `/connect/${encodeURIComponent(token)}` });
      }
    })();
    return connectReply(answer, this.#address);
  }
}
