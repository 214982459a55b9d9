import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { OAuthFaults, type OAuthEndpoint, type OAuthFault } from './oauth-fault.js';
import { bearerOf, bodyOf, OAuthRecord, parametersOf } from './oauth-record.js';
import { errorReply, jsonReply, tokenReply, type QuirkReply } from './quirk-answers.js';
import { separatorOf, type QuirkBehaviour } from './quirk-behaviour.js';
import { quirkMetadata } from './quirk-metadata.js';
import { QuirkGrants, type QuirkTokens } from './quirk-grants.js';

interface Incoming {
  readonly endpoint: OAuthEndpoint | 'other';
  readonly message: IncomingMessage;
  readonly url: URL;
  readonly body: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * An OAuth provider with the oddities of real ones, in this process. `/authorize` consents at once. `/me` and `/api`
 * accept only live access tokens and name their account.
 *
 * - QS1: every request is recorded before its answer, or the fault in its place, leaves.
 * - QS2: only this server decides whether a token is live. The decision never depends on the client's view.
 */
export class QuirkServer implements AsyncDisposable {
  /** The issuer, and the beginning of each address. It has no slash at the end. */
  readonly url: string;
  readonly record = new OAuthRecord();
  readonly grants = new QuirkGrants();
  /** The secret of each client. An empty secret: a public client. */
  readonly clients: Map<string, string>;
  #behaviour: QuirkBehaviour;
  readonly #server: Server;
  readonly #faults = new OAuthFaults();

  private constructor(server: Server, behaviour: QuirkBehaviour, clients: Readonly<Record<string, string>>) {
    this.#server = server;
    this.#behaviour = behaviour;
    this.clients = new Map(Object.entries(clients));
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(
    behaviour: QuirkBehaviour = {},
    clients: Readonly<Record<string, string>> = { 'quirk-client': 'quirk-secret' },
  ): Promise<QuirkServer> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const started = new QuirkServer(server, behaviour, clients);
    server.on('request', (message, response) => void started.#serve(message, response));
    return started;
  }

  /** The host of every address, for allow lists. */
  get host(): string {
    return new URL(this.url).host;
  }

  get endpoints(): Readonly<Record<'authorization' | 'token' | 'revocation' | 'me' | 'api', string>> {
    return {
      authorization: `${this.url}/authorize`,
      token: `${this.url}/token`,
      revocation: `${this.url}/revoke`,
      me: `${this.url}/me`,
      api: `${this.url}/api`,
    };
  }

  /** Replaces the behaviour. */
  behave(behaviour: QuirkBehaviour): void {
    this.#behaviour = behaviour;
  }

  /** Lets the next requests of an endpoint fail. */
  fail(fault: OAuthFault): void {
    this.#faults.add(fault);
  }

  /** Removes all faults. */
  heal(): void {
    this.#faults.heal();
  }

  /** A grant without a consent, for tests of refreshes. */
  grant(
    account = 'ada',
    scopes: readonly string[] = ['read'],
    clientId = 'quirk-client',
  ): QuirkTokens & { readonly refreshToken: string } {
    return this.grants.newGrant(account, clientId, scopes, this.#behaviour);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#faults.close();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(message.url ?? '/', this.url);
    const endpoint = endpointOf(url.pathname);
    const body = await bodyOf(message).catch(() => '');
    const parameters =
      body === ''
        ? Object.fromEntries(url.searchParams)
        : parametersOrNone(body, message.headers['content-type']);
    const incoming: Incoming = { endpoint, message, url, body, parameters };
    this.record.requests.push({
      endpoint,
      method: message.method ?? '',
      path: url.pathname + url.search,
      headers: message.headers,
      parameters,
    });
    const fault = endpoint === 'other' ? undefined : this.#faults.take(endpoint);
    if (fault?.when !== 'after') await this.#faults.wait(fault?.delayMs);
    const isUnprocessed = fault?.answer !== undefined && fault.when !== 'after';
    const reply = isUnprocessed ? undefined : this.#reply(incoming);
    if (fault?.when === 'after') await this.#faults.wait(fault.delayMs);
    const { answer } = fault ?? {};
    const accept = message.headers.accept ?? '';
    if (answer !== undefined)
      await this.#faults.spoil(
        response,
        typeof answer === 'object' && 'error' in answer
          ? errorReply(answer.error, this.#behaviour, accept)
          : answer,
      );
    else if (reply !== undefined) {
      response.writeHead(reply.status, reply.headers);
      response.end(reply.body);
    }
  }

  #reply(incoming: Incoming): QuirkReply {
    switch (incoming.endpoint) {
      case 'authorize':
        return this.#authorize(incoming.url.searchParams);
      case 'token':
        return this.#token(incoming);
      case 'revocation':
        this.grants.revoke(incoming.parameters['token'] ?? '');
        return { status: 200 };
      case 'metadata':
        return jsonReply(200, quirkMetadata(this.url, this.endpoints, this.#behaviour));
      case 'me':
      case 'api':
        return this.#call(incoming);
      case 'other':
        return { status: 404 };
    }
  }

  #authorize(asked: URLSearchParams): QuirkReply {
    const { account = 'ada', deniesConsent = false, iss = 'right' } = this.#behaviour;
    const redirectUri = asked.get('redirect_uri') ?? '';
    const clientId = asked.get('client_id') ?? '';
    if (!this.clients.has(clientId) || !URL.canParse(redirectUri))
      return {
        status: 400,
        headers: { 'content-type': 'text/plain' },
        body: 'unknown client or redirect_uri',
      };
    const back = new URL(redirectUri);
    const challenge = asked.get('code_challenge');
    const scopes = (asked.get('scope') ?? asked.get('user_scope') ?? '').split(separatorOf(this.#behaviour));
    if (deniesConsent) back.searchParams.set('error', 'access_denied');
    else
      back.searchParams.set(
        'code',
        this.grants.newCode({
          clientId,
          redirectUri,
          account: asked.get('login_hint') ?? account,
          scopes: scopes.filter((scope) => scope !== ''),
          ...(challenge === null ? {} : { challenge }),
        }),
      );
    const state = asked.get('state');
    if (state !== null) back.searchParams.set('state', state);
    if (iss !== 'absent')
      back.searchParams.set('iss', iss === 'right' ? this.url : 'https://attacker.example');
    return { status: 302, headers: { location: back.href } };
  }

  #token({ message, parameters }: Incoming): QuirkReply {
    const accept = message.headers.accept ?? '';
    const clientId = this.#clientOf(message, parameters);
    const issued = clientId === undefined ? 'invalid_client' : this.#issue(parameters, clientId);
    const refreshToken = parameters['refresh_token'];
    if (refreshToken !== undefined) this.record.presented(refreshToken, typeof issued !== 'string');
    if (typeof issued !== 'string') return tokenReply(issued, this.#behaviour, { url: this.url, accept });
    return errorReply(this.#nameOf(issued, refreshToken !== undefined), this.#behaviour, accept);
  }

  #issue(parameters: Readonly<Record<string, string>>, clientId: string): QuirkTokens | string {
    switch (parameters['grant_type']) {
      case 'authorization_code':
        return this.grants.redeemCode(parameters, clientId, this.#behaviour);
      case 'refresh_token':
        return this.grants.redeemRefreshToken(parameters['refresh_token'] ?? '', clientId, this.#behaviour);
      case 'client_credentials':
        return this.grants.clientCredentials(clientId, parameters['scope'], this.#behaviour);
      default:
        return 'unsupported_grant_type';
    }
  }

  /** The provider's own names of errors. */
  #nameOf(code: string, isRefresh: boolean): string {
    const { shape } = this.#behaviour;
    if (shape === 'slack') {
      if (code === 'invalid_client') return 'bad_client_secret';
      return code === 'invalid_grant' ? (isRefresh ? 'invalid_refresh_token' : 'invalid_code') : code;
    }
    if (shape !== 'github') return code;
    if (code === 'invalid_client') return 'incorrect_client_credentials';
    return code === 'invalid_grant' ? (isRefresh ? 'bad_refresh_token' : 'bad_verification_code') : code;
  }

  /** The client that proves itself with Basic (RFC 6749, section 2.3.1) or in the body. */
  #clientOf(message: IncomingMessage, form: Readonly<Record<string, string>>): string | undefined {
    const basic = /^basic (.+)$/i.exec(message.headers.authorization ?? '')?.[1];
    const [id = '', secret = ''] =
      basic === undefined
        ? [form['client_id'], form['client_secret']]
        : Buffer.from(basic, 'base64').toString('utf8').split(':').map(formDecoded);
    return this.clients.get(id) === secret ? id : undefined;
  }

  #call({ endpoint, message, url, body }: Incoming): QuirkReply {
    const account = this.grants.accountOf(bearerOf(message.headers));
    const method = message.method ?? '';
    const path = url.pathname + url.search;
    this.record.calls.push({ method, path, body, ...(account === undefined ? {} : { account }) });
    if (account === undefined) return jsonReply(401, { error: 'invalid_token' });
    return endpoint === 'me'
      ? jsonReply(200, {
          id: account,
          sub: account,
          name: `User ${account}`,
          email: `${account}@example.test`,
        })
      : jsonReply(200, { account, method, path, body });
  }
}

/** Starts a quirk server on a free port of the loopback interface. */
export function startQuirkServer(
  behaviour?: QuirkBehaviour,
  clients?: Readonly<Record<string, string>>,
): Promise<QuirkServer> {
  return QuirkServer.start(behaviour, clients);
}

function endpointOf(path: string): OAuthEndpoint | 'other' {
  if (path.startsWith('/.well-known/')) return 'metadata';
  if (path === '/api' || path.startsWith('/api/')) return 'api';
  if (path === '/authorize' || path === '/token' || path === '/me') return path.slice(1) as OAuthEndpoint;
  return path === '/revoke' ? 'revocation' : 'other';
}

function parametersOrNone(body: string, contentType?: string): Readonly<Record<string, string>> {
  try {
    return parametersOf(body, contentType);
  } catch {
    return {};
  }
}

function formDecoded(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
