import type { ServerResponse } from 'node:http';

import type { LoggedOutcome } from '../../application/outcome-log.port.js';
import type { OutcomeSink, StreamEnd, StreamGap, StreamPlace } from '../../application/outcome-sink.js';

/** The interval of signs of life on a silent connection, milliseconds. Proxies often cut one after 60 s. */
const heartbeatMs = 15_000;
/** The pause of a reader before it connects again, milliseconds. */
const reconnectMs = 2_000;

const details: Readonly<Record<StreamEnd, string>> = {
  key_ended: 'The key was revoked or changed, or has expired.',
  switched_off: 'A kill switch covers the key.',
  gateway_stops: 'The gateway stops. Connect again; the last id continues without a gap.',
  too_slow: 'The connection is too slow. Connect again; the last id continues without a gap.',
  catch_up_paused: 'Other readers get their turn. Connect again; the last id continues without a gap.',
  mesh_unavailable: 'The log does not answer. Connect again; the last id continues without a gap.',
};

/** The frame of the last outcome, which many readers get at once. */
let lastFrame: { readonly of: LoggedOutcome; readonly cursor: string; readonly bytes: Buffer } | undefined;

/**
 * One connection with server-sent events. The events of one turn of the event loop leave in one write.
 *
 * - ES1: a connection holds at most `limitBytes()` of unsent data, and one event more.
 */
export class EventStream implements OutcomeSink {
  readonly #response: ServerResponse;
  readonly #place: StreamPlace;
  readonly #limitBytes: () => number;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #isFlushing = false;
  #sentAtMs = performance.now();
  #lastId = '';

  /** Sends the head of the answer, and the cursor of the beginning. */
  constructor(response: ServerResponse, place: StreamPlace, limitBytes: () => number) {
    this.#response = response;
    this.#place = place;
    this.#limitBytes = limitBytes;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // nginx holds answers back otherwise.
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    response.write(`retry: ${reconnectMs}\n\n`);
    this.#progress(place.cursor());
    if (response.destroyed) place.leave();
    else response.once('close', () => place.leave());
  }

  send(outcome: LoggedOutcome, cursor: string): void {
    if (lastFrame?.of !== outcome || lastFrame.cursor !== cursor) {
      lastFrame = { of: outcome, cursor, bytes: frameOf(outcome.json, cursor) };
    }
    this.#lastId = cursor;
    this.#write(lastFrame.bytes);
  }

  get isFull(): boolean {
    return this.#waitingBytes + this.#response.writableLength > this.#limitBytes();
  }

  async roomAgain(): Promise<void> {
    while (this.isFull && !this.#response.destroyed) {
      this.#flush();
      await new Promise<void>((resolve) => {
        const done = (): void => {
          this.#response.off('drain', done).off('close', done);
          resolve();
        };
        this.#response.on('drain', done).on('close', done);
      });
    }
  }

  gap({ kind, sinceMs }: StreamGap): void {
    const since = new Date(sinceMs).toISOString();
    const detail =
      kind === 'expired'
        ? 'The log does not hold all outcomes after the last id any more.'
        : 'The log was emptied after the last id.';
    this.#event('gap', { detail, since, read: `/v1/calls?received_after=${since}` });
  }

  joined(): void {
    // A heartbeat brings the cursor.
  }

  beat(): void {
    if (performance.now() - this.#sentAtMs < heartbeatMs) return;
    const cursor = this.#place.cursor();
    if (cursor === this.#lastId) this.#write(Buffer.from(': alive\n\n'));
    else this.#progress(cursor);
  }

  end(reason: StreamEnd): void {
    const response = this.#response;
    if (response.destroyed) return;
    // A slow connection would keep its data in memory until it takes them.
    if (reason === 'too_slow') {
      response.destroy();
      return;
    }
    const cursor = this.#place.cursor();
    if (cursor !== this.#lastId) this.#progress(cursor);
    this.#event('end', { code: reason, detail: details[reason] });
    this.#flush();
    response.end();
  }

  /** An event with data: some readers ignore the id of an event without. A reader without a listener skips it. */
  #progress(cursor: string): void {
    this.#lastId = cursor;
    this.#write(Buffer.from(`id: ${cursor}\nevent: progress\ndata: {}\n\n`));
  }

  #event(name: string, data: object): void {
    this.#write(Buffer.from(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`));
  }

  #write(bytes: Buffer): void {
    this.#sentAtMs = performance.now();
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    setImmediate(() => {
      this.#isFlushing = false;
      this.#flush();
    });
  }

  #flush(): void {
    const [first, ...others] = this.#waiting;
    if (first === undefined || this.#response.writableEnded) return;
    this.#response.write(others.length === 0 ? first : Buffer.concat(this.#waiting));
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** A line break in JSON is only space between its parts. Each line is a field of its own, as the format demands. */
function frameOf(json: Buffer, cursor: string): Buffer {
  const head = `id: ${cursor}\nevent: outcome\ndata: `;
  if (!json.includes(lineFeed) && !json.includes(carriageReturn)) {
    return Buffer.concat([Buffer.from(head), json, Buffer.from('\n\n')]);
  }
  const lines = json.toString('utf8').split(/\r\n|\r|\n/);
  return Buffer.from(`${head}${lines.join('\ndata: ')}\n\n`);
}
