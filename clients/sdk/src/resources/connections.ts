import type { ApiAnswers, ApiBodies, ApiQueries, ApiSchemas } from '../generated/api.js';
import type { ApiClient } from '../http/api-client.js';
import type { MeshRequestOptions } from '../http/api-request.js';
import { ConnectFailedError, RequestTimeoutError } from '../mesh.errors.js';
import { wireNames, type CamelNames } from '../wire-names.js';
import { iteratePages } from './pages.js';

/** An account of a user that calls can use. */
export type UserConnection = ApiSchemas['Connection'];

/** Conditions on connections. */
export type ConnectionFilters = Partial<CamelNames<Omit<ApiQueries['listConnections'], 'cursor'>>>;

/** Options of a link that connects an account. */
export type LinkOptions = Partial<
  CamelNames<Omit<ApiBodies['createConnectSession'], 'user_id' | 'integration'>>
>;

/** The longest wait of one request, seconds. */
const mostWaitSeconds = 30;

/** The accounts of users. */
export class ConnectionsApi {
  readonly #api: ApiClient;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  /** Begins to connect an account of a user. Send the user's browser to `url` of the link. */
  async link(
    userId: string,
    integration: string,
    options: LinkOptions = {},
    request: MeshRequestOptions = {},
  ): Promise<ConnectLink> {
    const body = { ...wireNames(options), user_id: userId, integration };
    return new ConnectLink(this.#api, await this.#api.call('createConnectSession', { ...request, body }));
  }

  /** Finishes a link with a `returnUrl`, with the text that the user's browser brought to it. */
  complete(
    linkId: string,
    completion: string,
    options: MeshRequestOptions = {},
  ): Promise<ApiSchemas['ConnectSession']> {
    return this.#api.call('completeConnectSession', {
      ...options,
      path: { id: linkId },
      body: { completion },
    });
  }

  /** A page of connections. */
  list(
    filters: ConnectionFilters & { readonly cursor?: string } = {},
    options: MeshRequestOptions = {},
  ): Promise<ApiAnswers['listConnections']> {
    return this.#api.call('listConnections', { ...options, query: wireNames(filters) });
  }

  /** All connections that fit. */
  iterate(filters: ConnectionFilters = {}, options: MeshRequestOptions = {}): AsyncIterable<UserConnection> {
    return iteratePages(
      (cursor) => this.list({ ...filters, ...(cursor === undefined ? {} : { cursor }) }, options),
      ({ connections }) => connections,
    );
  }

  get(connectionId: string, options: MeshRequestOptions = {}): Promise<UserConnection> {
    return this.#api.call('findConnection', { ...options, path: { id: connectionId } });
  }

  /** Ends a connection at its provider. No call uses it any more. */
  async remove(connectionId: string, options: MeshRequestOptions = {}): Promise<void> {
    await this.#api.call('disconnect', { ...options, path: { id: connectionId } });
  }

  /** Makes a connection the default of its user, for calls without a `connectionId`. */
  setDefault(connectionId: string, options: MeshRequestOptions = {}): Promise<UserConnection> {
    return this.#api.call('setDefaultConnection', { ...options, path: { id: connectionId } });
  }
}

/** A link by which a user connects an account. */
export class ConnectLink {
  readonly id: string;
  /** The page for the user's browser. */
  readonly url: string;
  readonly expiresAt: string;
  readonly #api: ApiClient;

  constructor(api: ApiClient, session: ApiSchemas['ConnectSession']) {
    this.#api = api;
    this.id = session.id;
    this.url = session.url ?? '';
    this.expiresAt = session.expires_at;
  }

  /**
   * Waits until the user has connected the account. Throws `ConnectFailedError` when that failed or the link expired,
   * and `RequestTimeoutError` after `timeoutMs`.
   */
  async waitForConnection({
    timeoutMs = 300_000,
    signal,
  }: Pick<MeshRequestOptions, 'timeoutMs' | 'signal'> = {}): Promise<UserConnection> {
    const endsAtMs = performance.now() + timeoutMs;
    for (;;) {
      const leftMs = endsAtMs - performance.now();
      if (leftMs <= 0) throw tooLate(timeoutMs);
      const wait = Math.max(1, Math.min(mostWaitSeconds, Math.floor(leftMs / 1_000)));
      const session = await this.#api.call('findConnectSession', {
        signal,
        timeoutMs: this.#api.timeoutMs + wait * 1_000,
        path: { id: this.id },
        query: { wait: String(wait) },
      });
      if (session.status === 'completed' && session.connection_id !== undefined) {
        return this.#api.call('findConnection', { signal, path: { id: session.connection_id } });
      }
      if (session.status === 'failed' || session.status === 'expired') throw notConnected(session);
    }
  }
}

function tooLate(timeoutMs: number): RequestTimeoutError {
  return new RequestTimeoutError(
    'connect_timeout',
    `The user did not connect the account within ${timeoutMs} ms.`,
    {
      fixes: ['Wait again: the link is valid until its `expiresAt`.', 'Make another link.'],
    },
  );
}

function notConnected({ status, error }: ApiSchemas['ConnectSession']): ConnectFailedError {
  const message =
    status === 'expired'
      ? 'The link expired before the user connected.'
      : `The account was not connected: ${error ?? 'the provider gave no reason'}.`;
  return new ConnectFailedError(`connect_${status}`, message, {
    fixes: ['Make another link by `mesh.connections.link`, and send the user to it.'],
  });
}
