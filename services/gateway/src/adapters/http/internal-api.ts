import { MeshUnavailableError, RequestRefusedError } from '../../domain/gateway.errors.js';

/** Another service, and what a caller is told when it does not answer. */
export interface InternalService {
  readonly url: string;
  readonly tenantId: string;
  /** How long an answer may take. */
  readonly timeoutMs: number;
  readonly unavailable: string;
  /** What to do about a change of which nobody knows whether it was made. */
  readonly fix: string;
  /** Gives up what is still asked when the gateway stops. */
  readonly stop?: AbortSignal;
}

/** What a service answered. */
export interface InternalAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** What a service is asked. */
export interface InternalRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The names below `/internal`, as they are. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
}

/** The internal HTTP API of another service. */
export class InternalApi {
  readonly #service: InternalService;

  constructor(service: InternalService) {
    this.#service = service;
  }

  /**
   * Asks, and reads the answer by `read`, which throws on what it does not know. Rejects with `MeshUnavailableError`
   * when there is no answer that can be read, and with `RequestRefusedError` for a name that no path can hold.
   */
  async ask<Result>(
    { method, path, query = {}, body }: InternalRequest,
    read: (answer: InternalAnswer) => Result,
  ): Promise<Result> {
    const { url, tenantId, timeoutMs, unavailable, fix, stop } = this.#service;
    const address = url + pathOf(path) + queryString(query);
    // Not `AbortSignal.any`, which leaves a little behind in a signal that lives as long as the process.
    const asking = new AbortController();
    const giveUp = (): void => asking.abort();
    const timer = setTimeout(giveUp, timeoutMs);
    stop?.addEventListener('abort', giveUp);
    if (stop?.aborted === true) giveUp();
    try {
      const response = await fetch(address, {
        method,
        headers: {
          'x-mesh-tenant': tenantId,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: asking.signal,
      });
      const text = await response.text();
      return read({ status: response.status, body: text === '' ? undefined : JSON.parse(text) });
    } catch (cause) {
      throw new MeshUnavailableError(unavailable, { cause, fix: method === 'GET' ? askAgain : fix });
    } finally {
      clearTimeout(timer);
      stop?.removeEventListener('abort', giveUp);
    }
  }
}

const askAgain = 'Send the same request again later.';

/** For an answer that the contract does not know. */
export function unexpected({ status }: InternalAnswer): never {
  throw new Error(`the service answered ${status}`);
}

/** A URL takes `.` and `..` as ways through the tree however they are encoded, so no name may be one. */
function pathOf(names: readonly string[]): string {
  if (names.some((name) => /^\.{0,2}$/.test(name))) {
    throw new RequestRefusedError(
      'invalid_request',
      'A name in the address is empty, "." or "..", which is no name.',
      'Check the names in the address.',
    );
  }
  return ['/internal', ...names.map(encodeURIComponent)].join('/');
}

/** `?name=value` of what is defined, or nothing. */
function queryString(query: NonNullable<InternalRequest['query']>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}
