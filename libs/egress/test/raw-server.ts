import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** A server without HTTP of its own: the test decides about every byte. */
export class RawServer {
  /** Everything received, per connection, in the order of arrival. */
  readonly received: string[] = [];
  readonly sockets: Socket[] = [];

  readonly server: Server;
  readonly host: string;

  private constructor(server: Server, host: string) {
    this.server = server;
    this.host = host;
  }

  static async start(
    onConnection: (socket: Socket) => void,
    options: { tls?: boolean; host?: string } = {},
  ): Promise<RawServer> {
    const accept = (socket: Socket): void => raw.#accept(socket, onConnection);
    const server =
      options.tls === true
        ? createTlsServer(credentials(), accept)
        : createServer({ allowHalfOpen: true }, accept);
    server.on('tlsClientError', () => undefined);
    const raw = new RawServer(server, options.host ?? '127.0.0.1');
    server.listen(0, raw.host);
    await once(server, 'listening');
    return raw;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://${this.host}:${this.port}/`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (!this.server.listening) return;
    this.server.close();
    await once(this.server, 'close');
  }

  #accept(socket: Socket, onConnection: (socket: Socket) => void): void {
    const index = this.sockets.push(socket) - 1;
    this.received[index] = '';
    socket.on('error', () => undefined);
    socket.on(
      'data',
      (chunk: Buffer) => (this.received[index] = (this.received[index] ?? '') + chunk.toString()),
    );
    onConnection(socket);
  }
}

/** Sends `answer` for each request head that arrives. */
export function answering(answer: string): (socket: Socket) => void {
  return (socket) => {
    socket.on('data', () => socket.write(answer));
    socket.on('end', () => socket.end());
  };
}

/** A complete response with this body. */
export function okResponse(body = 'fine', headers = ''): string {
  return `HTTP/1.1 200 OK\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** A self-signed certificate for `provider.test` and 127.0.0.1. */
export function certificate(): string {
  return readFileSync(new URL('./fixtures/server-cert.pem', import.meta.url), 'utf8');
}

function credentials(): { key: string; cert: string } {
  return {
    key: readFileSync(new URL('./fixtures/server-key.pem', import.meta.url), 'utf8'),
    cert: certificate(),
  };
}
