import type { Principal } from '@action-mesh/identity';
import type { Clock } from '@action-mesh/kernel';

import { MeshUnavailableError, SwitchedOffError } from '../domain/gateway.errors.js';
import type { OutcomeFilter } from '../domain/outcome-filter.js';
import type { StreamCursor } from '../domain/stream-cursor.js';
import type { CallVisibility } from './call-visibility.js';
import type { MeshLink } from './mesh-link.port.js';
import { isLevel, OutcomeApproach } from './outcome-approach.js';
import type { CatchUpLimits } from './outcome-catch-ups.js';
import type { LoggedOutcome, OutcomeLog } from './outcome-log.port.js';
import type { OutcomeSink, StreamEnd, StreamGap, StreamPlace } from './outcome-sink.js';
import { OutcomeSubscription } from './outcome-subscription.js';
import { OutcomeTape, type TapeLimits } from './outcome-tape.js';
import { StreamIndex } from './stream-index.js';
import { StreamPlaces, type StreamPlaceLimits } from './stream-places.js';
import { StreamPosition } from './stream-position.js';
import { reachOf } from './stream-reach.js';

/** Decides whether a caller may still read. */
export interface StreamStanding {
  /** Whether the door would still accept the caller, with the same rights. */
  holds(caller: Principal): boolean;
  /** The kill switch that covers the key of the caller. */
  switchOn(caller: Principal): { readonly id: string; readonly reason: string } | undefined;
}

/** The bounds of all streams of a gateway. */
export interface StreamLimits extends StreamPlaceLimits, CatchUpLimits, TapeLimits {
  /** The interval of checks of every reader, milliseconds. */
  readonly beatMs: number;
  /** How long the tape records on after the last reader has gone, milliseconds. */
  readonly lingerMs: number;
}

/** Default {@link StreamLimits}, except for the counts that the configuration gives. */
export const usualStreamLimits: Omit<StreamLimits, keyof StreamPlaceLimits> = {
  shortRecords: 50_000,
  longReplays: 2,
  longestMs: 30_000,
  slowMs: 10_000,
  maxRecords: 20_000,
  maxBytes: 16 * 1_024 * 1_024,
  beatMs: 1_000,
  lingerMs: 60_000,
};

/** The outcomes that a reader wants, and the cursor from which it continues. */
export interface StreamWish {
  readonly filter: OutcomeFilter;
  /** Absent: from now on. */
  readonly after?: StreamCursor;
}

/** The parts that the streams of a gateway need. */
export interface StreamParts {
  readonly log: OutcomeLog;
  readonly link: MeshLink;
  readonly visibility: Pick<CallVisibility, 'includes'>;
  readonly standing: StreamStanding;
  readonly clock: Clock;
}

/**
 * The readers of outcomes in this process. One follower reads the topic for all of them.
 *
 * - SR1: a reader gets each outcome from its position on that it wants and may see (OS1), in the order of the partition,
 *   without a gap and without a repetition.
 * - SR2: a record is parsed once for all readers, and not at all without a reader.
 * - SR3: a reader whose connection is full gets nothing more. It ends, and continues elsewhere from its cursor.
 * - SR4: the streams of a caller end within two beats after its key has ended or is switched off.
 */
export class OutcomeStreams {
  readonly #parts: StreamParts;
  readonly #limits: StreamLimits;
  readonly #tape: OutcomeTape;
  readonly #approach: OutcomeApproach;
  readonly #places: StreamPlaces;
  readonly #all = new Set<OutcomeSubscription>();
  /** Readers at the position of the gateway. */
  readonly #live = new StreamIndex();
  /** Readers whose cursor another gateway wrote, which has read more than this one. */
  readonly #ahead = new Set<OutcomeSubscription>();
  #position: StreamPosition | undefined;
  #timer: NodeJS.Timeout | undefined;
  #idleSinceMs = 0;
  #isClosed = false;
  #identity: string | undefined;

  constructor(parts: StreamParts, limits: StreamLimits) {
    this.#parts = parts;
    this.#limits = limits;
    this.#tape = new OutcomeTape(limits);
    this.#approach = new OutcomeApproach(parts.log, this.#tape, limits, {
      position: () => this.#position,
      arrive: (subscription, isAhead) =>
        isAhead ? void this.#ahead.add(subscription) : this.#follow(subscription),
      end: (subscription, reason) => this.#end(subscription, reason),
    });
    this.#places = new StreamPlaces(limits);
  }

  /** Whether records need to be given to {@link take}. */
  get isWatched(): boolean {
    return this.#position !== undefined;
  }

  get size(): number {
    return this.#all.size;
  }

  /**
   * Opens a stream from a cursor on, or from now on. `connect` makes the connection when nothing can refuse the reader any
   * more. Throws `StreamLimitError`, `MeshUnavailableError`, `SwitchedOffError`, and `RequestRefusedError` for a cursor of
   * another log.
   */
  async open<Sink extends OutcomeSink>(
    caller: Principal,
    { filter, after }: StreamWish,
    connect: (place: StreamPlace) => Sink,
  ): Promise<Sink> {
    const { standing, visibility } = this.#parts;
    this.#refuseUnlessReady();
    const killSwitch = standing.switchOn(caller);
    if (killSwitch !== undefined) throw new SwitchedOffError(killSwitch.id, killSwitch.reason);
    this.#places.take(caller.tenantId);
    try {
      const own = after === undefined ? undefined : StreamPosition.of(after);
      const reach = await this.#reach(after, own);
      this.#refuseUnlessReady();
      const reader = new OutcomeSubscription(caller, filter, visibility, own);
      const sink = connect({ cursor: () => this.#cursorOf(reader), leave: () => this.#leave(reader) });
      // The caller has gone meanwhile.
      if (reader.isEnded) return sink;
      reader.sink = sink;
      this.#all.add(reader);
      if (reach !== 'held') sink.gap(reach);
      void this.#approach.run(reader);
      return sink;
    } catch (error) {
      this.#places.free(caller.tenantId);
      throw error;
    }
  }

  /** Takes the next record of the log. */
  take(outcome: LoggedOutcome): void {
    const position = this.#position;
    if (position?.pass(outcome) !== true) return;
    this.#tape.push(outcome);
    const head = this.#live.isEmpty ? undefined : outcome.head;
    if (head !== undefined) {
      for (const subscription of this.#live.readersOf(head)) {
        this.#guarded(subscription, () => {
          if (!subscription.takes(head)) return;
          if (subscription.sink.isFull) this.#end(subscription, 'too_slow');
          else subscription.sink.send(outcome, position.cursor());
        });
      }
    }
    // Last, so that a reader that comes level gets this record once.
    for (const subscription of [...this.#ahead]) {
      this.#guarded(subscription, () => {
        subscription.offer(outcome);
        if (isLevel(subscription, position)) this.#follow(subscription);
      });
    }
  }

  /** Ends every stream at once, and opens none any more. */
  close(): void {
    this.#isClosed = true;
    for (const subscription of [...this.#all]) this.#end(subscription, 'gateway_stops');
    this.#rest();
  }

  #refuseUnlessReady(): void {
    const { missing } = this.#parts.link;
    if (!this.#isClosed && missing === undefined) return;
    const why = this.#isClosed ? 'The gateway stops.' : `The gateway is starting: ${missing ?? ''}.`;
    throw new MeshUnavailableError(why, { fix: continueElsewhere });
  }

  /** Checks the cursor of a reader, and begins to record. */
  async #reach(
    after: StreamCursor | undefined,
    own: StreamPosition | undefined,
  ): Promise<'held' | StreamGap> {
    const { log } = this.#parts;
    const identity = (this.#identity ??= (await log.extent()).identity);
    const position = this.#watch(identity);
    if (after === undefined || own === undefined) return 'held';
    return reachOf(after, own, this.#isHeld(own, position), identity, log);
  }

  #cursorOf({ own }: OutcomeSubscription): string {
    return (own ?? this.#position)?.cursor() ?? '';
  }

  #leave(subscription: OutcomeSubscription): void {
    if (subscription.isEnded) return;
    // Its cursor must not move any more.
    if (subscription.own === undefined && this.#position !== undefined) {
      const { next, atMs, newest } = this.#position;
      subscription.own = new StreamPosition(this.#identity ?? '', next, atMs, newest?.partition);
    }
    subscription.isEnded = true;
    this.#all.delete(subscription);
    this.#ahead.delete(subscription);
    this.#live.remove(subscription);
    this.#places.free(subscription.caller.tenantId);
    if (this.#all.size === 0) this.#idleSinceMs = this.#parts.clock.monotonicMs();
  }

  /** Begins to record, unless it records already. */
  #watch(identity: string): StreamPosition {
    if (this.#position !== undefined) return this.#position;
    const next = this.#parts.log.positions();
    this.#position = new StreamPosition(identity, next, this.#parts.clock.now());
    this.#tape.start(next);
    this.#idleSinceMs = this.#parts.clock.monotonicMs();
    this.#timer = setInterval(() => this.#beat(), this.#limits.beatMs);
    return this.#position;
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#position = undefined;
    this.#tape.start(new Map());
  }

  /** Whether memory holds everything from the position of a reader on. */
  #isHeld(own: StreamPosition, position: StreamPosition): boolean {
    return own.isWithin(position) && this.#tape.covers((partition) => own.offsetOf(partition));
  }

  #follow(subscription: OutcomeSubscription): void {
    this.#ahead.delete(subscription);
    subscription.own = undefined;
    this.#live.add(subscription);
    subscription.sink.joined();
  }

  #beat(): void {
    const { clock, standing } = this.#parts;
    if (this.#all.size === 0 && clock.monotonicMs() - this.#idleSinceMs >= this.#limits.lingerMs) {
      this.#rest();
      return;
    }
    for (const subscription of [...this.#all]) {
      this.#guarded(subscription, () => {
        const { caller, sink } = subscription;
        if (!standing.holds(caller)) this.#end(subscription, 'key_ended');
        else if (standing.switchOn(caller) !== undefined) this.#end(subscription, 'switched_off');
        else sink.beat();
      });
    }
  }

  #end(subscription: OutcomeSubscription, reason: StreamEnd): void {
    if (subscription.isEnded) return;
    this.#leave(subscription);
    subscription.sink.end(reason);
  }

  /** One reader that fails must not disturb the others. */
  #guarded(subscription: OutcomeSubscription, work: () => void): void {
    try {
      work();
    } catch {
      this.#end(subscription, 'mesh_unavailable');
    }
  }
}

const continueElsewhere = 'Connect again. The same cursor continues without a gap.';
