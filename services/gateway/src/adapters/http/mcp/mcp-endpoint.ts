import { createMcpHandler, type McpHttpHandler, type ServerEventBus } from '@modelcontextprotocol/server';

import { MeshUnavailableError } from '../../../domain/gateway.errors.js';
import type { McpExchange } from './mcp-exchange.js';
import type { McpServers } from './mcp-servers.port.js';

/** The interval of checks for changed tools, milliseconds. Publications of one import count as one change. */
export const checkEveryMs = 1_000;
/** The interval of signs of life on open streams, milliseconds. */
const keepAliveMs = 15_000;
/** The protocol library needs an address; the routes of the gateway have matched the real one. */
const address = 'http://gateway.invalid/mcp';

/** The parts of the endpoint. */
export interface McpEndpointParts {
  readonly servers: McpServers;
  /** The most open subscriptions of this gateway. */
  readonly maxStreams: number;
  /** A number that changes with the published tools. */
  readonly revision: () => number;
  readonly onError: (error: Error) => void;
}

/** The method whose answer is a stream that stays open until its host leaves. */
const listenMethod = 'subscriptions/listen';

/** True for a request whose answer is a stream of notifications. */
export function isListening({ message }: Pick<McpExchange, 'message'>): boolean {
  return message.method === listenMethod;
}

/**
 * The protocol library behind `/mcp`. Both eras of the protocol have one address.
 *
 * - ME1: a shutdown ends the streams of subscribed hosts at once, and lets every other request answer.
 */
export class McpEndpoint {
  readonly #handler: McpHttpHandler;
  readonly #bus: ServerEventBus;
  readonly #revision: () => number;
  readonly #stopping = new AbortController();
  #seenRevision: number;

  constructor({ servers, maxStreams, revision, onError }: McpEndpointParts) {
    this.#revision = revision;
    this.#bus = servers.bus;
    this.#seenRevision = revision();
    this.#handler = createMcpHandler(
      ({ era, authInfo }) => servers.create(authInfo?.extra?.['exchange'] as McpExchange, era),
      { bus: servers.bus, maxSubscriptions: maxStreams, keepAliveMs, onerror: onError },
    );
  }

  /**
   * Answers one message. `signal` fires when the host has gone. Rejects with `MeshUnavailableError` for a subscription
   * during a shutdown.
   */
  async serve(
    exchange: McpExchange,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Response> {
    const listens = isListening(exchange);
    if (listens && this.#stopping.signal.aborted) throw stopping();
    const ends = listens ? AbortSignal.any([signal, this.#stopping.signal]) : signal;
    const request = new Request(address, { method: 'POST', headers, signal: ends });
    return this.#handler.fetch(request, {
      parsedBody: exchange.message.body,
      // The door has checked the caller. The library only carries the exchange to its server.
      authInfo: { token: '', clientId: exchange.caller.tenantId, scopes: [], extra: { exchange } },
    });
  }

  /** Tells subscribed hosts when the published tools have changed. */
  announceChanges(): void {
    const revision = this.#revision();
    if (revision === this.#seenRevision) return;
    this.#seenRevision = revision;
    this.#bus.publish({ kind: 'tools_list_changed' });
  }

  /** Ends every subscription and admits no more. Calls in flight go on (ME1). */
  endStreams(): void {
    this.#stopping.abort();
  }

  /** Ends everything, also calls in flight. Close the HTTP server before. */
  close(): Promise<void> {
    this.endStreams();
    return this.#handler.close();
  }
}

function stopping(): MeshUnavailableError {
  return new MeshUnavailableError('This gateway stops, so it opens no stream.', {
    fix: 'Subscribe again later. Another gateway of the mesh may answer at once.',
  });
}
