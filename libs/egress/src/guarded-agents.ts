import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect as connectTcp, type NetConnectOpts, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';

import type { NotSent } from './attempt.js';
import { guardedLookup, resolveBySystem, toFailure } from './connector.js';
import { ConnectFailure } from './egress.errors.js';
import type { EgressFilter, OriginRules } from './egress-filter.js';
import type { EgressPolicy } from './policy.js';

/** The members that `node:http` and `node:https` give to `createConnection`. */
interface WantedConnection {
  readonly host?: string | null;
  readonly hostname?: string | null;
  readonly port?: number | string | null;
}

type Connected = (error: Error | null, socket?: Socket) => void;
type CreateConnection = (wanted: WantedConnection, callback: Connected) => Socket | undefined;

/**
 * Agents of `node:http` and `node:https` for one request of a client that is not ours. They obey the policy of the
 * `Egress` that made them.
 *
 * - GA1: they check every address, also a literal one, and dial the address that they checked.
 * - GA2: no byte of a request leaves before the connected peer has passed the check too.
 * - GA3: they keep no connection after the request. `destroy` ends an exchange at once.
 */
export class GuardedAgents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
  readonly #filter: EgressFilter;
  readonly #policy: EgressPolicy;
  readonly #sockets = new Set<Socket>();
  #failure: NotSent | undefined;
  #isConnected = false;

  constructor(filter: EgressFilter, policy: EgressPolicy) {
    this.#filter = filter;
    this.#policy = policy;
    this.http = guarded(new HttpAgent({ keepAlive: false }), (wanted, callback) =>
      this.#connect('http:', wanted, callback),
    );
    this.https = guarded(new HttpsAgent({ keepAlive: false }), (wanted, callback) =>
      this.#connect('https:', wanted, callback),
    );
  }

  /** The reason of a failed connection. Undefined: none has failed. */
  get failure(): NotSent | undefined {
    return this.#failure;
  }

  /** True: the server may have received the request. */
  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** The received bytes, heads included. */
  get receivedBytes(): number {
    let bytes = 0;
    for (const socket of this.#sockets) bytes += socket.bytesRead;
    return bytes;
  }

  /** Ends all connections. */
  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.http.destroy();
    this.https.destroy();
  }

  #connect(protocol: 'http:' | 'https:', wanted: WantedConnection, callback: Connected): Socket | undefined {
    const host = wanted.host ?? wanted.hostname ?? '';
    const name = host.includes(':') ? `[${host}]` : host;
    const destination = this.#filter.check(`${protocol}//${name}:${wanted.port ?? ''}/`);
    if (destination.kind === 'not_sent') {
      process.nextTick(callback, this.#failed(destination));
      return undefined;
    }
    const { hostname, port } = new URL(destination.origin);
    const rules = this.#filter.rulesFor(protocol, hostname, port);
    const socket = this.#dial(protocol, wanted, rules);
    this.#sockets.add(socket);
    this.#watch(socket, protocol === 'https:', rules);
    return socket;
  }

  #dial(protocol: 'http:' | 'https:', wanted: WantedConnection, rules: OriginRules): Socket {
    const { resolve = resolveBySystem, ca } = this.#policy;
    const lookup = guardedLookup(this.#filter, rules, resolve);
    if (protocol === 'http:') return connectTcp({ ...wanted, lookup } as NetConnectOpts);
    const authorities = ca === undefined ? {} : { ca: typeof ca === 'string' ? ca : [...ca] };
    return connectTls({
      ...wanted,
      ...authorities,
      ALPNProtocols: ['http/1.1'],
      lookup,
    } as ConnectionOptions);
  }

  #watch(socket: Socket, isTls: boolean, rules: OriginRules): void {
    const to = `${rules.hostname}:${rules.port}`;
    let isReached = false;
    // Registered before those of the HTTP client, which writes the request once its own listeners run.
    socket.once('connect', () => {
      isReached = true;
      const refusal = this.#filter.admit(socket.remoteAddress ?? '', rules);
      if (refusal !== undefined) socket.destroy(this.#failed(refusal));
      else if (!isTls) this.#isConnected = true;
    });
    if (isTls) socket.once('secureConnect', () => (this.#isConnected = true));
    socket.once('error', (error) => {
      if (!this.#isConnected) this.#failed(toFailure(error, isTls && isReached, to).attempt);
    });
  }

  #failed(attempt: NotSent): ConnectFailure {
    this.#failure ??= attempt;
    return new ConnectFailure(attempt);
  }
}

/** Replaces how an agent connects, which the documentation of `node:http` foresees. */
function guarded<Agent extends HttpAgent>(agent: Agent, createConnection: CreateConnection): Agent {
  Object.assign(agent, { createConnection });
  return agent;
}
