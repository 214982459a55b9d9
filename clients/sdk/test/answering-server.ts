import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that the server got. */
export interface ServedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Answer = (response: ServerResponse, request: ServedRequest) => void;

/** A server that gives prepared answers, one for each request. */
export class AnsweringServer implements AsyncDisposable {
  readonly requests: ServedRequest[] = [];
  readonly #answers: Answer[] = [];
  readonly #server = createServer((request, response) => {
    void this.#answer(request, response);
  });

  static async start(): Promise<AnsweringServer> {
    const server = new AnsweringServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Prepares the answers to the next requests, and forgets the requests so far. */
  prepare(...answers: readonly Answer[]): void {
    this.requests.length = 0;
    this.#answers.splice(0, this.#answers.length, ...answers);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    const seen = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
    this.requests.push(seen);
    const answer = this.#answers.shift();
    if (answer === undefined) response.destroy();
    else answer(response, seen);
  }
}

/** An answer with JSON. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** A problem of the gateway. */
export function problem(status: number, code: string, more: object = {}, headers = {}): Answer {
  const body = {
    type: `urn:action-mesh:problem:${code}`,
    title: code,
    status,
    detail: `It is ${code}.`,
    code,
    ...more,
  };
  return json(status, body, { 'content-type': 'application/problem+json', ...headers });
}

/** A connection that breaks before the answer. */
export const breaks: Answer = (response) => response.destroy();
