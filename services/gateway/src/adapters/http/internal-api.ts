import { MeshUnavailableError } from '../../domain/gateway.errors.js';

const TIMEOUT_MS = 5_000;

export interface InternalAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface InternalRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its parameters encoded. */
  readonly path: string;
  readonly body?: unknown;
}

/** The internal HTTP API of another service. */
export class InternalApi {
  readonly #url: string;
  readonly #tenantId: string;
  readonly #unavailable: string;

  /** `unavailable` is what a caller is told when the service does not answer. */
  constructor(url: string, tenantId: string, unavailable: string) {
    this.#url = url;
    this.#tenantId = tenantId;
    this.#unavailable = unavailable;
  }

  /**
   * Asks, and reads the answer by `read`, which throws on what it does not know. Rejects with `MeshUnavailableError`
   * when there is no answer that can be read.
   */
  async ask<Result>(
    { method, path, body }: InternalRequest,
    read: (answer: InternalAnswer) => Result,
  ): Promise<Result> {
    try {
      const response = await fetch(`${this.#url}${path}`, {
        method,
        headers: {
          'x-mesh-tenant': this.#tenantId,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await response.text();
      return read({ status: response.status, body: text === '' ? undefined : JSON.parse(text) });
    } catch (cause) {
      throw new MeshUnavailableError(this.#unavailable, { cause });
    }
  }
}

/** For an answer that the contract does not know. */
export function unexpected({ status }: InternalAnswer): never {
  throw new Error(`the service answered ${status}`);
}

/** `?name=value` of what is defined, or nothing. */
export function queryString(query: Readonly<Record<string, string | number | undefined>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}
