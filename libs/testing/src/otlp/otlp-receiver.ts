import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { readSpans, type ReceivedSpan } from './received-span.js';

/** A request that the receiver got. */
export interface ReceivedExport {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** How the receiver treats requests: it takes them, never answers, breaks the connection, or answers a status. */
export type ReceiverMode = 'take' | 'hang' | 'break' | number;

/** An OTLP receiver over HTTP that keeps what it gets. It can misbehave as real ones do. */
export class OtlpReceiver implements AsyncDisposable {
  readonly exports: ReceivedExport[] = [];
  mode: ReceiverMode = 'take';
  /** False: bodies are not kept, so that a long measurement needs no memory. */
  keeps = true;
  received = 0;
  readonly #server = createServer((request, response) => void this.#take(request, response));

  /** Listens on a port of this machine alone. */
  static async open(): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** All spans so far. */
  get spans(): readonly ReceivedSpan[] {
    return this.exports.flatMap(({ body }) => readSpans(body));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) if (this.keeps) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    this.received += 1;
    const { mode } = this;
    if (mode === 'hang') return;
    if (mode === 'break') {
      request.socket.destroy();
      return;
    }
    if (mode === 'take' && this.keeps)
      this.exports.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) });
    response.writeHead(mode === 'take' ? 200 : mode, { 'content-type': 'application/x-protobuf' }).end();
  }
}
