import type { Principal } from '@action-mesh/identity';

import { isWanted, type OutcomeFilter, type OutcomeHead } from '../domain/outcome-filter.js';
import type { CallVisibility } from './call-visibility.js';
import type { LoggedOutcome } from './outcome-log.port.js';
import type { OutcomeSink } from './outcome-sink.js';
import type { StreamPosition } from './stream-position.js';

/**
 * One reader of outcomes: its caller, its filter, its connection and its position.
 *
 * - OS1: it gets only outcomes of its tenant, and only those of the users and tools of its key.
 */
export class OutcomeSubscription {
  readonly caller: Principal;
  readonly filter: OutcomeFilter;
  /** Set once, before the reader gets anything. */
  sink: OutcomeSink = noSink;
  /** The position of a reader that is not where the gateway is. Absent: it is. */
  own: StreamPosition | undefined;
  isEnded = false;
  readonly #visibility: Pick<CallVisibility, 'includes'>;

  constructor(
    caller: Principal,
    filter: OutcomeFilter,
    visibility: Pick<CallVisibility, 'includes'>,
    own?: StreamPosition,
  ) {
    this.caller = caller;
    this.filter = filter;
    this.#visibility = visibility;
    this.own = own;
  }

  /** Whether the reader wants the outcome and may see it (OS1). */
  takes(head: OutcomeHead): boolean {
    if (head.tenantId !== this.caller.tenantId || !isWanted(head, this.filter)) return false;
    const { userId, tool, version } = head;
    return this.#visibility.includes(this.caller, {
      userId,
      tool,
      ...(version === undefined ? {} : { version }),
    });
  }

  /** Takes the next record at its own position. A record that it has passed before does not count. */
  offer(outcome: LoggedOutcome): void {
    const { own } = this;
    if (this.isEnded || own === undefined || !own.pass(outcome)) return;
    if (!outcome.mayBelongTo(this.caller.tenantId)) return;
    const { head } = outcome;
    if (head !== undefined && this.takes(head)) this.sink.send(outcome, own.cursor());
  }
}

const noSink: OutcomeSink = {
  send: () => undefined,
  isFull: false,
  roomAgain: () => Promise.resolve(),
  gap: () => undefined,
  joined: () => undefined,
  beat: () => undefined,
  end: () => undefined,
};
