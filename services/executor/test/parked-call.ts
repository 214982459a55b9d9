import { retryRungs } from '@action-mesh/contracts/executor';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { childSpan, defined } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';

import { CallSession } from '../src/application/call-session.js';
import type { OwnedCall, Park } from '../src/application/ledger.port.js';
import { transitions, type Command, type CommandType } from '../src/domain/call.js';
import type { Ending } from '../src/domain/outcome.js';
import type { Failure } from '../src/domain/attempt-evidence.js';
import { aCall, dispatching, type LedgerBench, type TestLedger } from './ledger-bench.js';

/** Longer than any test. */
export const hourMs = 3_600_000;
/** The topic of the rung with a delay of one hour. */
export const hourRung = retryRungs.at(-1)?.topic ?? '';

const failure: Failure = { code: 'provider_error', category: 'provider', message: 'it answered 503' };

/** A call with a sent request. */
export async function sent(
  by: TestLedger,
  overrides: Parameters<typeof aCall>[0] = {},
): Promise<CallSession<OwnedCall>> {
  const recorded = await by.ledger.record(dispatching(aCall(overrides)));
  if (recorded.verdict !== 'fresh') throw new Error(`the call is ${recorded.verdict}`);
  return sessionOf(by, recorded.owned);
}

/** The run of a call by its next owner. */
export function sessionOf(by: TestLedger, owned: OwnedCall): CallSession<OwnedCall> {
  return new CallSession(owned, by.ledger);
}

/** Takes steps without an answer. With `status`, they publish an outcome. */
export function go(
  session: CallSession<OwnedCall>,
  steps: readonly Exclude<CommandType, 'succeed' | 'fail'>[],
  { status, park }: { readonly status?: Ending['status']; readonly park?: Park } = {},
): Promise<boolean> {
  return session.move(
    steps.map((type) => ({ type })),
    {
      ...(status === undefined ? {} : { ending: { status, failure } }),
      ...defined({ park }),
    },
  );
}

/** The provider's definite answer to the newest request of this run. */
export function answered(session: CallSession<OwnedCall>): Promise<boolean> {
  return session.move([{ type: 'succeed', attempt: session.state.attempt }], {
    ending: { status: 'succeeded', result: '"done"' },
    evidence: true,
  });
}

/** A call that may not leave yet: its record came, and it waits for the scheduler. */
export async function throttled(
  by: TestLedger,
  delayMs: number,
  { call = aCall(), state = 'THROTTLED' }: { call?: AcceptedCall; state?: 'RECEIVED' | 'THROTTLED' } = {},
): Promise<string> {
  const steps: Command[] = state === 'RECEIVED' ? [] : [{ type: 'throttle' }];
  const start = transitions(undefined, { type: 'receive' }, ...steps);
  if (!start.ok) throw new Error(start.reason);
  const park: Park = { delayMs, reason: 'rate_limited' };
  await by.ledger.record({
    call,
    trace: childSpan(),
    start: start.call,
    park,
    outcome: '{"status":"waiting"}',
    validityMs: hourMs,
  });
  return call.call_id;
}

/** The wait of a call in the ledger. */
export interface WaitingRow {
  readonly lane: string;
  readonly attempt: number;
}

export async function waitingRows(bench: LedgerBench, callId: string): Promise<WaitingRow[]> {
  const { rows } = await bench.pool.query<WaitingRow>(
    'SELECT lane, attempt FROM waiting WHERE call_id = $1',
    [callId],
  );
  return rows;
}

/** Lets time pass for waiting calls: they were due `agoMs` milliseconds ago. */
export async function makeDue(bench: LedgerBench, callIds: readonly string[], agoMs: number): Promise<void> {
  await bench.pool.query(
    `UPDATE waiting SET due_at = clock_timestamp() - $2 * interval '1 ms' WHERE call_id = ANY ($1)`,
    [callIds, agoMs],
  );
}

/** Ends the lease of an executor that continues without noticing. */
export async function endLease(bench: LedgerBench, of: TestLedger): Promise<void> {
  await bench.pool.query('UPDATE instance SET ended_at = clock_timestamp() WHERE id = $1', [
    of.lease.current?.id,
  ]);
}

/** Takes over calls with `by` until the given call is among them. */
export async function takenOver(by: TestLedger, callId: string): Promise<OwnedCall> {
  let found: OwnedCall | undefined;
  await waitFor(
    async () => {
      found ??= (await by.ledger.takeOver()).find(({ call }) => call.call_id === callId);
      return found !== undefined;
    },
    { timeoutMs: 25_000, what: 'the call to be taken over' },
  );
  if (found === undefined) throw new Error('unreachable');
  return found;
}
