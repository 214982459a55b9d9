import type { Socket } from 'node:net';
import type { FlowDirection, Faults } from './faults.js';

/** The limit of undelivered bytes, after which the pump pauses the source. */
const maxPendingBytes = 1024 * 1024;

export interface PumpEvents {
  /** Called when an answer arrives that must not be delivered. */
  onDroppedResponse(): void;
  /** Called when a cut has used up its bytes. */
  onCut(): void;
}

/** Moves bytes in one direction, in order, under the current faults. */
export class Pump {
  /** Bytes delivered. */
  bytes = 0;
  #bytesBeforeFaults = 0;
  #pendingBytes = 0;
  #lastDueMs = 0;
  readonly #timers = new Set<NodeJS.Timeout>();

  readonly #direction: FlowDirection;
  readonly #source: Socket;
  readonly #sink: Socket;
  readonly #faults: () => Faults;
  readonly #events: PumpEvents;

  constructor(
    direction: FlowDirection,
    source: Socket,
    sink: Socket,
    faults: () => Faults,
    events: PumpEvents,
  ) {
    this.#direction = direction;
    this.#source = source;
    this.#sink = sink;
    this.#faults = faults;
    this.#events = events;

    source.on('data', (chunk: Buffer) => this.#schedule(chunk.length, () => this.#deliver(chunk)));
    source.on('end', () => this.#schedule(0, () => sink.end()));
    sink.on('drain', () => this.applyFlow());
  }

  /** Applies new faults. A cut counts its bytes from here. */
  faultsChanged(): void {
    this.#bytesBeforeFaults = this.bytes;
    this.applyFlow();
  }

  /** Reads or stops reading, depending on the faults and the backlog. */
  applyFlow(): void {
    const { blackHole } = this.#faults();
    const holds = blackHole === 'both' || blackHole === this.#direction;
    const isFull = this.#pendingBytes > maxPendingBytes || this.#sink.writableNeedDrain;
    if (holds || isFull) this.#source.pause();
    else this.#source.resume();
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #schedule(bytes: number, step: () => void): void {
    const { latencyMs = 0, jitterMs = 0 } = this.#faults();
    const now = performance.now();
    // Never before earlier bytes: jitter delays a TCP stream and does not reorder it.
    const dueMs = Math.max(this.#lastDueMs, now + latencyMs + Math.random() * jitterMs);
    this.#lastDueMs = dueMs;
    if (dueMs <= now && this.#timers.size === 0) {
      step();
      return;
    }
    this.#pendingBytes += bytes;
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        this.#pendingBytes -= bytes;
        step();
        this.applyFlow();
      },
      Math.ceil(dueMs - now),
    );
    this.#timers.add(timer);
    this.applyFlow();
  }

  #deliver(chunk: Buffer): void {
    const { cut, dropResponse } = this.#faults();
    if (this.#direction === 'down' && dropResponse !== undefined) {
      this.#events.onDroppedResponse();
      return;
    }
    if (cut?.direction !== this.#direction) {
      this.#write(chunk);
      return;
    }
    const left = Math.max(0, cut.afterBytes - (this.bytes - this.#bytesBeforeFaults));
    const part = chunk.subarray(0, left);
    const isOver = chunk.length >= left;
    if (part.length > 0) this.#write(part, isOver ? () => this.#events.onCut() : undefined);
    else if (isOver) this.#events.onCut();
  }

  #write(chunk: Buffer, written?: () => void): void {
    if (!this.#sink.writable) return;
    this.bytes += chunk.length;
    this.#sink.write(chunk, () => written?.());
    this.applyFlow();
  }
}
