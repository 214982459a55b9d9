import { isConnectToken, purposeKey, readConnectLink } from '@action-mesh/connections';
import { integrationIdSchema, tenantIdSchema } from '@action-mesh/contracts/auth-broker';
import type { Clock } from '@action-mesh/kernel';
import { Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { ConnectBroker, type ConnectPageAsk } from '../../application/connect-broker.port.js';
import { MeshUnavailableError } from '../../domain/gateway.errors.js';
import { connectCookies } from './connect-cookies.js';
import { sendConnectReply, sendGatewayPage, type GatewayPage } from './connect-page-reply.js';
import { Serves } from './serves.js';

/** The most browsers that one gateway serves at once. Others get a page that says to try again. */
const mostAtOnce = 64;

/** Tells an address of this mesh from an invented one. */
export class ConnectAddresses {
  readonly #tokenKey: Uint8Array;
  readonly #linkKey: Uint8Array;
  readonly #clock: Clock;

  constructor(serviceKey: string, clock: Clock) {
    this.#tokenKey = purposeKey(serviceKey, 'connect-token');
    this.#linkKey = purposeKey(serviceKey, 'connect-link');
    this.#clock = clock;
  }

  isSession(token: string): boolean {
    return isConnectToken(this.#tokenKey, 'session', token);
  }

  isLink(token: string): boolean {
    return readConnectLink(this.#linkKey, token, this.#clock.now()) !== 'invalid';
  }

  isState(query: string): boolean {
    const states = new URLSearchParams(query).getAll('state');
    return states.length > 0 && states.every((state) => isConnectToken(this.#tokenKey, 'state', state));
  }
}

/**
 * The connect pages, which browsers open without a key. The auth broker makes them.
 *
 * - CP2: an invented address costs a digest, and reaches no other service.
 */
@Controller()
export class ConnectPagesController {
  readonly #broker: ConnectBroker;
  readonly #addresses: ConnectAddresses;
  #open = 0;

  constructor(
    @Inject(ConnectBroker) broker: ConnectBroker,
    @Inject(ConnectAddresses) addresses: ConnectAddresses,
  ) {
    this.#broker = broker;
    this.#addresses = addresses;
  }

  @Serves('openConnectPage')
  show(
    @Param('session') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!this.#addresses.isSession(token)) return this.#refuse(reply, 'unknown');
    return this.#send(reply, { page: 'session/show', request: { token, cookies: cookiesOf(request) } });
  }

  @Serves('submitConnectPage')
  submit(
    @Param('session') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!this.#addresses.isSession(token)) return this.#refuse(reply, 'unknown');
    const [cookies, form] = [cookiesOf(request), formOf(request)];
    return this.#send(reply, { page: 'session/submit', request: { token, cookies, form } });
  }

  @Serves('openConnectLink')
  showLink(
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!this.#addresses.isLink(token)) return this.#refuse(reply, 'unknown');
    return this.#send(reply, { page: 'link/show', request: { token, cookies: cookiesOf(request) } });
  }

  @Serves('submitConnectLink')
  submitLink(
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!this.#addresses.isLink(token)) return this.#refuse(reply, 'unknown');
    const [cookies, form] = [cookiesOf(request), formOf(request)];
    return this.#send(reply, { page: 'link/submit', request: { token, cookies, form } });
  }

  /** A program that only looks (HEAD) does not use up the state. */
  @Serves('finishConsent')
  finish(
    @Param('tenant') tenant: string,
    @Param('integration') integration: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const at = request.raw.url?.indexOf('?') ?? -1;
    const query = at < 0 ? '' : (request.raw.url?.slice(at + 1) ?? '');
    const isNamed =
      tenantIdSchema.safeParse(tenant).success && integrationIdSchema.safeParse(integration).success;
    if (!isNamed || request.method === 'HEAD') return this.#refuse(reply, 'unknown');
    if (!this.#addresses.isState(query)) return this.#refuse(reply, 'incomplete');
    const cookies = cookiesOf(request);
    return this.#send(reply, { page: 'callback', request: { tenant, integration, query, cookies } });
  }

  #refuse(reply: FastifyReply, page: GatewayPage): Promise<void> {
    sendGatewayPage(reply, page);
    return Promise.resolve();
  }

  async #send(reply: FastifyReply, ask: ConnectPageAsk): Promise<void> {
    if (this.#open >= mostAtOnce) return this.#refuse(reply, 'unavailable');
    this.#open += 1;
    try {
      sendConnectReply(reply, await this.#broker.page(ask));
    } catch (error) {
      if (!(error instanceof MeshUnavailableError)) throw error;
      sendGatewayPage(reply, 'unavailable');
    } finally {
      this.#open -= 1;
    }
  }
}

function cookiesOf({ headers }: FastifyRequest) {
  return connectCookies(headers.cookie);
}

function formOf({ body }: FastifyRequest): string {
  return Buffer.isBuffer(body) ? body.toString('utf8') : '';
}
