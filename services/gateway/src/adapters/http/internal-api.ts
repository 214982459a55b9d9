import { callerHeaders, type InternalCaller } from '@action-mesh/contracts';
import { serviceKeyHeader } from '@action-mesh/platform';

import { MeshUnavailableError, RequestRefusedError } from '../../domain/gateway.errors.js';

/** The address of another service, and the key that it asks for. */
export interface ServiceAddress {
  readonly url: string;
  readonly serviceKey: string;
}

/** Another service, and the error for callers when it does not answer. */
export interface InternalService extends ServiceAddress {
  /** The time limit for an answer. */
  readonly timeoutMs: number;
  readonly unavailable: string;
  /** The fix for a change that may or may not have been made. */
  readonly fix: string;
  /** Aborts open requests when the gateway stops. */
  readonly stop?: AbortSignal;
}

/** The answer of a service. */
export interface InternalAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A request to a service. */
export interface InternalRequest {
  /** The service answers for the tenant of this caller. Absent: the request concerns no tenant. */
  readonly caller?: InternalCaller;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The path segments below `/internal`, not encoded. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** A value becomes JSON. Bytes are JSON already and go unchanged. */
  readonly body?: unknown;
}

/** An answer that arrives while it is read. */
export interface InternalStream {
  readonly contentType: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** The internal HTTP API of another service. */
export class InternalApi {
  readonly #service: InternalService;

  constructor(service: InternalService) {
    this.#service = service;
  }

  /**
   * Sends a request and reads the answer by `read`, which throws on an unknown answer. Rejects with
   * `MeshUnavailableError` without a readable answer. Rejects with `RequestRefusedError` for a name that no path can
   * hold.
   */
  async ask<Result>(request: InternalRequest, read: (answer: InternalAnswer) => Result): Promise<Result> {
    return await this.#fetch(request, async (response) => {
      const text = await response.text();
      if (response.status === 401) throw new WrongServiceKeyError();
      return read({ status: response.status, body: text === '' ? undefined : JSON.parse(text) });
    });
  }

  /**
   * Opens an answer that is read while it arrives. The time limit is for its begin. Rejects as `ask` does. An answer that
   * breaks off rejects its reader.
   */
  open(request: InternalRequest): Promise<InternalStream> {
    return this.#fetch(request, (response) => {
      if (response.status === 401) throw new WrongServiceKeyError();
      const { status, headers, body } = response;
      if (status !== 200 || body === null) return unexpected({ status, body: undefined });
      return { contentType: headers.get('content-type') ?? 'application/octet-stream', bytes: body };
    });
  }

  async #fetch<Result>(
    { caller, method, path, query = {}, body }: InternalRequest,
    read: (response: Response) => Result | Promise<Result>,
  ): Promise<Result> {
    const { url, serviceKey, timeoutMs, unavailable, fix, stop } = this.#service;
    const address = url + pathOf(path) + queryString(query);
    // `AbortSignal.any` would leave a small object in a signal that lives as long as the process.
    const asking = new AbortController();
    const giveUp = (): void => asking.abort();
    const timer = setTimeout(giveUp, timeoutMs);
    stop?.addEventListener('abort', giveUp);
    if (stop?.aborted === true) giveUp();
    try {
      const response = await fetch(address, {
        method,
        headers: {
          [serviceKeyHeader]: serviceKey,
          ...(caller === undefined ? {} : callerHeaders(caller)),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: body instanceof Uint8Array ? body : JSON.stringify(body) }),
        redirect: 'error',
        signal: asking.signal,
      });
      return await read(response);
    } catch (cause) {
      const next = method === 'GET' ? askAgain : fix;
      throw new MeshUnavailableError(unavailable, {
        cause,
        fix: cause instanceof WrongServiceKeyError ? cause.message : next,
      });
    } finally {
      clearTimeout(timer);
      stop?.removeEventListener('abort', giveUp);
    }
  }
}

/** The service did nothing, because its `MESH_SERVICE_KEY` is another. */
class WrongServiceKeyError extends Error {
  constructor() {
    super('Give every service of this mesh the same MESH_SERVICE_KEY.');
  }
}

const askAgain = 'Send the same request again later.';

/** Throws for an answer that the contract does not define. */
export function unexpected({ status }: InternalAnswer): never {
  throw new Error(`the service answered ${status}`);
}

/** A URL treats `.` and `..` as steps through the tree in every encoding, so no name may be one of them. */
function pathOf(names: readonly string[]): string {
  if (names.some((name) => /^\.{0,2}$/.test(name))) {
    throw new RequestRefusedError(
      'invalid_request',
      'A name in the address is empty, "." or "..". None of these can be a name.',
      'Check the names in the address.',
    );
  }
  return ['/internal', ...names.map(encodeURIComponent)].join('/');
}

/** `?name=value` of the defined values, or an empty text. */
function queryString(query: NonNullable<InternalRequest['query']>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}
