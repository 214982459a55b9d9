import net from 'node:net';
import tls from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

const keepAliveMs = 60_000;

/**
 * The sockets of one client, without Nagle's algorithm (K18). All of them can be cut at once, because the library
 * waits without a limit for requests under way (K11).
 */
export class ClientSockets {
  readonly #open = new Set<net.Socket>();
  #destroyed = false;

  readonly factory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
    const socket = isTls(ssl)
      ? tls.connect({ host, port, ...(net.isIP(host) === 0 ? { servername: host } : {}), ...ssl }, onConnect)
      : net.connect({ host, port }, onConnect);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, keepAliveMs);
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    // An abandoned client may still try to connect (K10). Its new socket is destroyed at once.
    if (this.#destroyed) socket.destroy(new Error('the client was closed'));
    return socket;
  };

  /** Cuts every connection, open or future. Requests under way fail at once. */
  destroy(): void {
    this.#destroyed = true;
    for (const socket of this.#open) socket.destroy(new Error('the client was closed'));
  }
}

/**
 * Whether the connection uses TLS. Without TLS the library passes null, against its types. An empty object is TLS
 * with the defaults.
 */
function isTls(ssl: tls.ConnectionOptions | null | undefined): ssl is tls.ConnectionOptions {
  return typeof ssl === 'object' && ssl !== null;
}
