import type { Egress, GuardedAgents } from '@action-mesh/egress';
import { AuthorizationCode, ClientCredentials, type ModuleOptions } from 'simple-oauth2';

import { providerDeadlineMs } from '../../application/connections/oauth-client.port.js';
import type { TokenFailure } from '../../domain/connections/token-failure.js';
import type { OAuthClientSecret } from './client-authentication.js';
import { retryAfterMs } from './retry-after.js';
import type { TokenEndpointAnswer } from './token-answer.js';
import { uncertain, unsent, unsentFailure } from './token-failures.js';

/** The most bytes of an answer. */
const mostBytes = 262_144;

/** One request to a token endpoint. */
export interface TokenGrantRequest {
  readonly url: string;
  readonly client: OAuthClientSecret;
  readonly clientAuth: 'basic' | 'body' | 'none';
  readonly bodyFormat: 'form' | 'json';
  readonly headers: Readonly<Record<string, string>>;
  readonly grant:
    | { readonly kind: 'code'; readonly code: string; readonly redirectUri: string }
    | { readonly kind: 'refresh'; readonly refreshToken: string }
    | { readonly kind: 'client_credentials' };
  /** The other parameters. None of them is one that `grant` sets. */
  readonly parameters: Readonly<Record<string, string>>;
}

export type TokenGrantResult =
  | { readonly kind: 'answer'; readonly answer: TokenEndpointAnswer }
  | { readonly kind: 'failure'; readonly failure: TokenFailure };

/**
 * Requests for tokens by `simple-oauth2`, within bounds.
 *
 * - TE1: a request ends within 10 s and 256 kB, follows no redirect, and reaches only addresses of the egress policy.
 * - TE2: no object and no error of the library leaves this file: they hold tokens, client secrets and texts of the
 *   provider.
 */
export class TokenEndpoint {
  readonly #egress: Egress;
  readonly #deadlineMs: number;

  constructor(egress: Egress, deadlineMs: number = providerDeadlineMs) {
    this.#egress = egress;
    this.#deadlineMs = deadlineMs;
  }

  /** Sends one request, once. */
  async request(request: TokenGrantRequest): Promise<TokenGrantResult> {
    const agents = this.#egress.agents();
    const deadline = new AbortController();
    // The timeout of the library covers the head and the body one after the other. This one covers both together.
    const timer = setTimeout(() => {
      deadline.abort();
      agents.destroy();
    }, this.#deadlineMs);
    try {
      const body = await granted(request, moduleOptions(request, agents, this.#deadlineMs));
      return { kind: 'answer', answer: { status: 200, body } };
    } catch (error) {
      const isLate = deadline.signal.aborted;
      const answer = isLate ? undefined : answerIn(error);
      return answer === undefined
        ? { kind: 'failure', failure: failureOf(error, agents, isLate) }
        : { kind: 'answer', answer };
    } finally {
      clearTimeout(timer);
      agents.destroy();
    }
  }
}

/** The members of the answer. `simple-oauth2` gives every 2xx answer the form of a token. */
async function granted(
  { grant, parameters }: TokenGrantRequest,
  options: ModuleOptions,
): Promise<Readonly<Record<string, unknown>>> {
  switch (grant.kind) {
    case 'code': {
      const asked = { ...parameters, code: grant.code, redirect_uri: grant.redirectUri };
      return (await new AuthorizationCode(options).getToken(asked)).token;
    }
    case 'refresh': {
      const former = new AuthorizationCode(options).createToken({ refresh_token: grant.refreshToken });
      return (await former.refresh(parameters)).token;
    }
    case 'client_credentials':
      return (await new ClientCredentials(options).getToken(parameters)).token;
  }
}

function moduleOptions(
  { url, client, clientAuth, bodyFormat, headers }: TokenGrantRequest,
  agents: GuardedAgents,
  timeout: number,
): ModuleOptions {
  const isPublic = clientAuth === 'none';
  return {
    client: {
      id: client.clientId,
      // The library always sends two parameters. For a public client both are the id, so no empty secret is sent.
      secret: isPublic ? client.clientId : client.clientSecret,
      ...(isPublic ? { secretParamName: 'client_id' } : {}),
    },
    auth: { tokenHost: new URL(url).origin, tokenPath: url, refreshPath: url },
    http: httpOptions(headers, agents, timeout),
    options: {
      authorizationMethod: clientAuth === 'basic' ? 'header' : 'body',
      bodyFormat,
      credentialsEncodingMode: 'strict',
    },
  };
}

/** The options of the HTTP library. The types of `simple-oauth2` lack `agents`, so the result has no annotation. */
function httpOptions(headers: Readonly<Record<string, string>>, agents: GuardedAgents, timeout: number) {
  return {
    headers: { accept: 'application/json', 'accept-encoding': 'identity', ...headers },
    timeout,
    maxBytes: mostBytes,
    gunzip: true,
    // Parses every answer. One that is no JSON comes as an error with its bytes, which `answerIn` reads.
    json: 'force' as const,
    // Zero makes a redirect an error. False would make it a token.
    redirects: 0,
    redirect303: true,
    // The library copies its options deeply, agents included. It leaves getters as they are.
    agents: {
      get http() {
        return agents.http;
      },
      get https() {
        return agents.https;
      },
      get httpsAllowUnauthorized() {
        return agents.https;
      },
    },
  };
}

/** The members of a Boom error of the HTTP library, as far as they are read. */
interface HttpLibraryError {
  readonly data?: {
    readonly res?: { readonly statusCode?: number; readonly headers?: Readonly<Record<string, unknown>> };
    /** Parsed JSON, or the bytes of another body. Absent: the body did not arrive whole. */
    readonly payload?: unknown;
  };
  readonly output?: { readonly statusCode?: number };
  readonly message?: string;
}

/** The whole answer in an error. Undefined: there is none. */
function answerIn(error: unknown): TokenEndpointAnswer | undefined {
  const { data } = error as HttpLibraryError;
  const { statusCode: status, headers = {} } = data?.res ?? {};
  if (status === undefined || data?.payload === undefined) return undefined;
  const { payload } = data;
  const wait = retryAfterMs(headers['retry-after'], Date.now());
  return {
    status,
    body: Buffer.isBuffer(payload) ? formIn(payload, headers['content-type']) : payload,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  };
}

/** The members of a form. Some providers answer with a form to every request. Undefined: it is none. */
function formIn(bytes: Buffer, contentType: unknown): Readonly<Record<string, string>> | undefined {
  const isForm =
    typeof contentType === 'string' &&
    /^(application\/x-www-form-urlencoded|text\/plain)\b/i.test(contentType);
  return isForm ? Object.fromEntries(new URLSearchParams(bytes.toString('utf8'))) : undefined;
}

function failureOf(error: unknown, agents: GuardedAgents, isLate: boolean): TokenFailure {
  if (!agents.isConnected) {
    if (agents.failure !== undefined) return unsentFailure(agents.failure);
    // Without a connection or its failure, the library did not accept the options.
    return isLate ? unsent('transient', 'connect_timeout') : unsent('client', 'invalid_client_settings');
  }
  if (isLate) return uncertain('timeout');
  const { data, output, message } = error as HttpLibraryError;
  if (message === 'Maximum redirections reached') return uncertain('redirect', 'unknown');
  // The library breaks the connection at the bound, and reports it as broken.
  if (agents.receivedBytes > mostBytes) return uncertain('answer_too_large');
  if (output?.statusCode === 504 || output?.statusCode === 408) return uncertain('timeout');
  if (data?.res !== undefined || output !== undefined) return uncertain('connection_lost');
  // An empty answer, a text or a list is no token, and the library stumbles over it.
  return uncertain('malformed_answer');
}
