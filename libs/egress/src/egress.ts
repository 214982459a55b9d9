import { Agent, Pool } from 'undici';
import { notSent } from './attempt.js';
import type { Attempt, NotSent } from './attempt.js';
import { guardedConnector } from './connector.js';
import { decodeContent, isCoded } from './content-coding.js';
import { Exchange } from './exchange.js';
import { EgressFilter } from './egress-filter.js';
import { GuardedAgents } from './guarded-agents.js';
import type { EgressPolicy } from './policy.js';
import { vetHead } from './request-head.js';
import type { RequestHeaders } from './request-head.js';

export interface EgressRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: RequestHeaders;
  readonly body?: Buffer | string;
  /** The longest time of the attempt from now, in monotonic milliseconds: waiting, connecting, sending, reading. */
  readonly deadlineMs: number;
  /**
   * The bound of a body in bytes, as received and as decoded. A longer body is cut here, and the connection is closed.
   */
  readonly maxResponseBytes: number;
  /** Ends the attempt: `not_sent` before the bytes leave, `indeterminate` after. */
  readonly signal?: AbortSignal;
  /**
   * The last check, in the tick in which the bytes leave. False, or an error, stops them. A request that fails earlier
   * skips the check.
   */
  readonly beforeSend?: () => boolean | undefined | void; // eslint-disable-line @typescript-eslint/no-invalid-void-type
}

/**
 * The only outbound HTTP. It sends one request once: no retries, no redirects (a 3xx is a response), no proxies from
 * the environment. It never throws for an error of the network, the server or the policy.
 */
export class Egress implements AsyncDisposable {
  readonly #filter: EgressFilter;
  readonly #policy: EgressPolicy;
  readonly #agent: Agent;
  readonly #userAgent: string;
  #isClosed = false;

  /** Errors: `EGRESS_POLICY`. */
  constructor(policy: EgressPolicy = {}) {
    const filter = new EgressFilter(policy);
    this.#filter = filter;
    this.#policy = policy;
    this.#userAgent = policy.userAgent ?? 'action-mesh';
    this.#agent = new Agent({
      factory: (origin) => {
        const { protocol, hostname, port } = new URL(origin);
        return new Pool(origin, {
          connect: guardedConnector(filter, filter.rulesFor(protocol, hostname, port), policy),
          connections: policy.connectionsPerOrigin ?? 64,
          // One request at a time on a connection: a broken connection affects no other request.
          pipelining: 1,
          keepAliveTimeout: policy.keepAliveMs ?? 4000,
          headersTimeout: policy.headersTimeoutMs ?? 0,
          bodyTimeout: policy.bodyIdleTimeoutMs ?? 0,
          maxHeaderSize: policy.maxResponseHeadBytes ?? 32_768,
        });
      },
    });
  }

  /** Sends the request once. It resolves within `deadlineMs`; decoding may take milliseconds more. */
  request(request: EgressRequest): Promise<Attempt> {
    if (this.#isClosed) return Promise.resolve(withdrawn('EGRESS_CLOSED', 'egress is closed'));
    if (request.signal?.aborted === true) return Promise.resolve(withdrawn('EGRESS_ABORTED', 'signal'));
    const destination = this.#filter.check(request.url);
    if (destination.kind === 'not_sent') return Promise.resolve(destination);
    const headers = vetHead(request.method, request.headers ?? {}, this.#userAgent);
    if (!Array.isArray(headers)) return Promise.resolve(headers);

    return new Promise((resolve) => {
      const { deadlineMs, maxResponseBytes, signal, beforeSend } = request;
      const exchange = new Exchange({ deadlineMs, maxResponseBytes, signal, beforeSend }, (attempt) => {
        const coded = attempt.kind === 'response' && isCoded(attempt);
        resolve(coded ? decodeContent(attempt, maxResponseBytes) : attempt);
      });
      const { origin, path } = destination;
      this.#agent.dispatch(
        { origin, path, method: request.method, headers, body: request.body ?? null },
        exchange,
      );
    });
  }

  /**
   * The refusal of a URL, as far as the URL shows before its name is resolved. Undefined: a request may try. It sends
   * nothing.
   */
  refusalOf(url: string): NotSent | undefined {
    const destination = this.#filter.check(url);
    return destination.kind === 'not_sent' ? destination : undefined;
  }

  /** Agents for one request of a client that needs those of `node:http`. They obey the same policy. */
  agents(): GuardedAgents {
    return new GuardedAgents(this.#filter, this.#policy);
  }

  /** Refuses new requests, waits for those under way until their deadlines, and closes all connections. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#agent.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function withdrawn(code: 'EGRESS_ABORTED' | 'EGRESS_CLOSED', detail: string): Attempt {
  return notSent('aborted', code, 'the request was withdrawn before it was sent', detail);
}
