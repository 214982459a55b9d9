import net from 'node:net';
import tls from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

const KEEP_ALIVE_MS = 60_000;

/**
 * The sockets of one client. Nagle's algorithm is off (K18), and all of them can be cut at once: the library itself
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
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    // A client that was given up may still be trying to connect (K10): it gets nowhere.
    if (this.#destroyed) socket.destroy(new Error('the client was closed'));
    return socket;
  };

  /** Cuts every connection, now and from now on; requests under way fail at once. */
  destroy(): void {
    this.#destroyed = true;
    for (const socket of this.#open) socket.destroy(new Error('the client was closed'));
  }
}

/** The library says null where there is no TLS, against its types; an empty object is TLS with the defaults. */
function isTls(ssl: tls.ConnectionOptions | null | undefined): ssl is tls.ConnectionOptions {
  return typeof ssl === 'object' && ssl !== null;
}
