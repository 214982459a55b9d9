import type { OpenResources } from '@action-mesh/platform';

import { AwaitingCallsTimer } from './adapters/awaiting-calls-timer.js';
import { HeldCallsTimer } from './adapters/held-calls-timer.js';
import { OverflowTimer } from './adapters/overflow-timer.js';
import { PendingWorkWatch } from './adapters/pending-work-watch.js';
import type { OutboxRelay } from './adapters/postgres/outbox-relay.js';
import { RecoveryTimer } from './adapters/recovery-timer.js';
import type { OutageLines } from './adapters/run-lines.js';
import { Scheduler } from './adapters/scheduler.js';
import type { ParkedCalls } from './application/parked-calls.port.js';
import type { PendingWork } from './application/pending-work.port.js';
import type { RecoverCalls } from './application/recover-calls.js';
import type { AuthChange } from './application/awaiting-calls.port.js';
import type { PolicyChange } from './application/asked-calls.port.js';
import type { ReleaseAwaitingCalls } from './application/release-awaiting-calls.js';
import type { ReleaseHeldCalls } from './application/release-held-calls.js';
import type { WakeCalls } from './application/wake-calls.js';

/** Milliseconds between two looks. The calls of a dead executor wait for this. */
const lookEveryMs = 250;

export interface BackgroundParts {
  readonly look: () => Promise<PendingWork>;
  readonly relay: Pick<OutboxRelay, 'wake'>;
  readonly parkedCalls: Pick<ParkedCalls, 'untilNextMs'>;
  readonly recoverCalls: Pick<RecoverCalls, 'execute'>;
  readonly wakeCalls: Pick<WakeCalls, 'due' | 'overflow'>;
  readonly releaseHeldCalls: ReleaseHeldCalls;
  readonly releaseAwaitingCalls: ReleaseAwaitingCalls;
  readonly releaseAskedCalls: ReleaseAwaitingCalls<PolicyChange>;
  readonly onRecovered: (calls: number) => void;
  readonly outages: OutageLines;
}

/** The work of an executor beside the calls that arrive. */
export interface BackgroundWork {
  readonly watch: PendingWorkWatch;
  /** Notes a call that was parked here. Without a delay it waits for its tenant's turn. */
  parked(delayMs: number | undefined): void;
  /** Notes that a kill switch was lifted. */
  lifted(switchId: string): void;
  /** Notes a change of a connection or an integration that may end waits. */
  authChanged(change: AuthChange): void;
  /** Notes a change of policies: calls that wait for an approval are compared with them again. */
  policiesChanged(change: PolicyChange): void;
  /** Takes no further call from the ledger. The watch continues to wake the relay. */
  stop(): Promise<void>;
}

/** Starts the workers and their watch. `open` closes them. */
export function startBackgroundWork(parts: BackgroundParts, open: OpenResources): BackgroundWork {
  const { look, relay, parkedCalls, recoverCalls, wakeCalls, releaseHeldCalls, onRecovered, outages } = parts;
  const recovery = open.use(
    new RecoveryTimer({ recoverCalls, onRecovered, onError: (err) => outages.recovery.failed(err) }),
  );
  const scheduler = open.use(
    new Scheduler({ parkedCalls, wakeCalls, onError: (err) => outages.scheduler.failed(err) }),
  );
  const overflow = open.use(new OverflowTimer({ wakeCalls, onError: (err) => outages.overflow.failed(err) }));
  const held = open.use(
    new HeldCallsTimer({
      releaseHeldCalls,
      onReleased: () => overflow.noteWaiting(true),
      onError: (err) => outages.held.failed(err),
    }),
  );
  const awaiting = open.use(
    new AwaitingCallsTimer({
      releaseAwaitingCalls: parts.releaseAwaitingCalls,
      onReleased: () => overflow.noteWaiting(true),
      onError: (err) => outages.awaiting.failed(err),
    }),
  );
  const asked = open.use(
    new AwaitingCallsTimer({
      releaseAwaitingCalls: parts.releaseAskedCalls,
      onReleased: () => overflow.noteWaiting(true),
      onError: (err) => outages.asked.failed(err),
    }),
  );
  const watch = open.use(
    new PendingWorkWatch({
      look,
      workers: { relay, recovery, scheduler, overflow, held },
      everyMs: lookEveryMs,
      onError: (err) => outages.look.failed(err),
    }),
  );
  return {
    watch,
    parked: (delayMs) => (delayMs === undefined ? overflow.noteWaiting(true) : scheduler.expect(delayMs)),
    lifted: (switchId) => {
      releaseHeldCalls.lifted(switchId);
      held.wake();
    },
    authChanged: (change) => awaiting.changed(change),
    policiesChanged: (change) => asked.changed(change),
    stop: async () => {
      await recovery.close();
      await Promise.all([held.close(), awaiting.close(), asked.close(), scheduler.close(), overflow.close()]);
    },
  };
}
