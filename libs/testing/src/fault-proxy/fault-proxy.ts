import { createServer, connect } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { FlowDirection, ConnectionEnd, Faults } from './faults.js';
import { Pump } from './pump.js';

export interface FaultProxyOptions {
  /** The `host:port` of the real server. */
  readonly target: string;
  /** The port of the proxy on the loopback interface. @default a free port */
  readonly port?: number;
  readonly faults?: Faults;
}

interface Link {
  readonly client: Socket;
  readonly upstream: Socket;
  readonly up: Pump;
  readonly down: Pump;
}

/**
 * A TCP proxy that fails on demand.
 *
 * - FP1: bytes are never changed, reordered or added. They are delayed, withheld, or the connection ends.
 * - FP2: without faults, a close on one side closes the other side the same way.
 */
export class FaultProxy implements AsyncDisposable {
  readonly host = '127.0.0.1';
  readonly #server: Server;
  readonly #links = new Set<Link>();
  #faults: Faults;
  #accepted = 0;
  readonly #passed = { up: 0, down: 0 };

  readonly #options: FaultProxyOptions;

  private constructor(options: FaultProxyOptions) {
    this.#options = options;

    this.#faults = options.faults ?? {};
    // Half-open sockets let each direction end at its own time.
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
  }

  /** Starts the proxy. Resolves when it listens. */
  static async start(options: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject);
      proxy.#server.listen({ host: proxy.host, port: options.port ?? 0 }, resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The `host:port` for the client under test. */
  get address(): string {
    return `${this.host}:${this.port}`;
  }

  /** Connections accepted since the start, and open now. */
  get connections(): { readonly accepted: number; readonly open: number } {
    return { accepted: this.#accepted, open: this.#links.size };
  }

  /** Bytes delivered in this direction, over all connections. */
  bytesPassed(direction: FlowDirection): number {
    let bytes = this.#passed[direction];
    for (const link of this.#links) bytes += link[direction].bytes;
    return bytes;
  }

  /** Replaces all faults. */
  set(faults: Faults): void {
    this.#faults = faults;
    for (const { up, down } of this.#links) {
      up.faultsChanged();
      down.faultsChanged();
    }
  }

  /** Removes all faults and delivers the bytes that a black hole held back. */
  heal(): void {
    this.set({});
  }

  /** Ends every open connection now, on both sides. */
  dropConnections(how: ConnectionEnd): void {
    for (const link of this.#links) endBoth(link, how);
  }

  /** Sends a FIN one way on every open connection and leaves the other way open. */
  halfClose(direction: FlowDirection): void {
    for (const { client, upstream } of this.#links) (direction === 'up' ? upstream : client).end();
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.dropConnections('rst');
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #accept(client: Socket): void {
    this.#accepted += 1;
    client.on('error', () => undefined);
    if (this.#faults.refuse === true) {
      client.resetAndDestroy();
      return;
    }
    const at = this.#options.target.lastIndexOf(':');
    const host = this.#options.target.slice(0, at).replace(/^\[|\]$/g, '');
    const upstream = connect({
      host,
      port: Number(this.#options.target.slice(at + 1)),
      allowHalfOpen: true,
      noDelay: true,
    });
    const faults = (): Faults => this.#faults;
    const events = {
      onDroppedResponse: () => this.#dropResponse(link),
      onCut: () => endBoth(link, this.#faults.cut?.how ?? 'rst'),
    };
    const link: Link = {
      client,
      upstream,
      up: new Pump('up', client, upstream, faults, events),
      down: new Pump('down', upstream, client, faults, events),
    };
    this.#links.add(link);
    link.up.applyFlow();
    link.down.applyFlow();
    upstream.on('error', () => client.resetAndDestroy());
    client.on('error', () => upstream.resetAndDestroy());
    client.on('close', () => this.#forget(link));
    upstream.on('close', () => this.#forget(link));
  }

  #dropResponse(link: Link): void {
    const { dropResponse } = this.#faults;
    if (dropResponse === undefined || dropResponse === 'swallow') return;
    endBoth(link, dropResponse);
  }

  #forget(link: Link): void {
    if (!link.client.destroyed || !link.upstream.destroyed || !this.#links.delete(link)) return;
    for (const direction of ['up', 'down'] as const) {
      link[direction].stop();
      this.#passed[direction] += link[direction].bytes;
    }
  }
}

/** Starts a TCP proxy in front of `target`; point the client under test at its `address`. */
export function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  return FaultProxy.start(options);
}

function endBoth({ client, upstream }: Link, how: ConnectionEnd): void {
  for (const socket of [client, upstream]) {
    if (how === 'rst') socket.resetAndDestroy();
    else socket.destroySoon();
  }
}
