import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const largestKeptBody = 16 * 1024;

/** A received request. It computes costly properties on first use. */
export class ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly pathname: string;
  #bodyDigest: string | undefined;
  #json: { readonly value: unknown } | undefined;

  readonly message: IncomingMessage;
  readonly bytes: Buffer;

  constructor(message: IncomingMessage, bytes: Buffer) {
    this.message = message;
    this.bytes = bytes;

    this.method = message.method ?? 'GET';
    this.path = message.url ?? '/';
    const query = this.path.indexOf('?');
    this.pathname = query === -1 ? this.path : this.path.slice(0, query);
  }

  header(name: string): string | undefined {
    const value = this.message.headers[name];
    return Array.isArray(value) ? value[0] : value;
  }

  get query(): URLSearchParams {
    return new URLSearchParams(this.path.slice(this.pathname.length));
  }

  get bodyDigest(): string {
    return (this.#bodyDigest ??= hash('sha256', this.bytes, 'hex'));
  }

  /** The key that groups effects. */
  get key(): string {
    return (
      this.header('x-mesh-call-hash') ??
      this.header('idempotency-key') ??
      `${this.method} ${this.path} ${this.bodyDigest}`
    );
  }

  /** The JSON body. Undefined when it is not JSON, or larger than 16 KB. */
  get json(): unknown {
    if (this.#json === undefined) this.#json = { value: this.#parse() };
    return this.#json.value;
  }

  /** A field of the JSON body, if the body is an object. */
  field(name: string): unknown {
    const { json } = this;
    return typeof json === 'object' && json !== null && Object.hasOwn(json, name)
      ? (json as Record<string, unknown>)[name]
      : undefined;
  }

  #parse(): unknown {
    if (this.bytes.length === 0 || this.bytes.length > largestKeptBody) return undefined;
    try {
      return JSON.parse(this.bytes.toString()) as unknown;
    } catch {
      return undefined;
    }
  }
}
