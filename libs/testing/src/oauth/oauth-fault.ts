import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** The endpoints of the OAuth test servers. `me` and `api` accept only live access tokens. */
export type OAuthEndpoint = 'authorize' | 'token' | 'revocation' | 'metadata' | 'me' | 'api';

/** An answer in place of the ordinary one. */
export type SpoiledAnswer =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** An error code, in the form in which the server reports errors. */
  | { readonly error: string }
  /** The connection breaks without an answer. */
  | 'cut'
  /** The head arrives, then one byte each 20 ms without an end. */
  | 'trickle'
  /** No byte arrives until the client gives up. */
  | 'silence'
  /** A valid head, then 16 MB. */
  | 'huge';

/** A fault of one endpoint. */
export interface OAuthFault {
  readonly on: OAuthEndpoint;
  /**
   * `before`: the server does not process the request. `after`: it does, so a refresh token is used up and its answer is
   * lost.
   * @default 'before'
   */
  readonly when?: 'before' | 'after';
  /** The number of requests that meet the fault. @default 1 */
  readonly times?: number;
  /** The wait before the answer, milliseconds. @default 0 */
  readonly delayMs?: number;
  /** @default the ordinary answer */
  readonly answer?: SpoiledAnswer;
}

/** The faults that are still to happen, oldest first. */
export class OAuthFaults {
  readonly #closing = new AbortController();
  #waiting: { readonly fault: OAuthFault; left: number }[] = [];

  add(fault: OAuthFault): void {
    this.#waiting.push({ fault, left: fault.times ?? 1 });
  }

  /** Removes all faults. */
  heal(): void {
    this.#waiting = [];
  }

  take(endpoint: OAuthEndpoint | undefined): OAuthFault | undefined {
    const found = this.#waiting.find(({ fault }) => fault.on === endpoint);
    if (found === undefined) return undefined;
    found.left -= 1;
    this.#waiting = this.#waiting.filter(({ left }) => left > 0);
    return found.fault;
  }

  /** Ends all waits, so no timer outlives the server. */
  close(): void {
    this.#closing.abort();
  }

  /** Waits as the fault says. A client that goes away does not stop the server. */
  async wait(ms = 0): Promise<void> {
    if (ms > 0) await delay(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }

  /** Sends the answer of a fault. */
  async spoil(response: ServerResponse, answer: Exclude<SpoiledAnswer, { error: string }>): Promise<void> {
    switch (answer) {
      case 'cut':
        response.socket?.destroy();
        return;
      case 'silence':
        return;
      case 'trickle':
        response.writeHead(200, { 'content-type': 'application/json' });
        response.flushHeaders();
        while (!response.destroyed && !this.#closing.signal.aborted) {
          response.write(' ');
          await this.wait(20);
        }
        response.destroy();
        return;
      case 'huge': {
        response.writeHead(200, { 'content-type': 'application/json' });
        const piece = Buffer.alloc(65_536, ' ');
        for (let sent = 0; sent < 256 && !response.destroyed; sent += 1)
          if (!response.write(piece)) await drained(response);
        response.end();
        return;
      }
      default:
        response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
        response.end(answer.body);
    }
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      response.off('drain', end);
      response.off('close', end);
      resolve();
    };
    response.once('drain', end);
    response.once('close', end);
  });
}
