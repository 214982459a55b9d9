import { defined } from '@action-mesh/kernel';

import { conform } from './conformity.js';
import { apiKey } from './gateway-harness.js';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/**
 * Sends HTTP requests to a gateway with a key. An object becomes JSON; text and bytes go unchanged. Every answer must
 * conform to the OpenAPI document.
 */
export class HttpClient {
  readonly url: string;
  readonly #key: string;

  constructor(url: string, key = apiKey) {
    this.url = url;
    this.#key = key;
  }

  get(path: string, options: RequestOptions = {}): Promise<HttpAnswer> {
    return this.request('GET', path, undefined, options);
  }

  post(path: string, body: unknown, options: RequestOptions = {}): Promise<HttpAnswer> {
    return this.request('POST', path, body, options);
  }

  async request(
    method: string,
    path: string,
    body: unknown,
    options: RequestOptions = {},
  ): Promise<HttpAnswer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body) }),
      ...defined({ signal: options.signal }),
    });
    const text = await response.text();
    conform({ method, path, status: response.status, headers: response.headers, text });
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
    };
  }
}
