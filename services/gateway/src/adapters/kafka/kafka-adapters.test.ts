import { CallOutcome } from '@action-mesh/contracts/executor';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { systemClock } from '@action-mesh/kernel';
import {
  encodeEvent,
  ProduceFailedError,
  RecordTooLargeError,
  type IncomingRecord,
  type OutgoingRecord,
} from '@action-mesh/messaging';

import { OutcomeWaiters } from '../../application/outcome-waiters.js';
import { TenantBacklog } from '../../application/tenant-backlog.js';
import { KafkaEventLog } from './kafka-event-log.js';
import { outcomeReader, type OutcomeReport } from './outcome-reader.js';

const callId = '019b76da-a800-7000-8000-000000000001';
const trace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };

function incoming({ topic, key, value, headers }: OutgoingRecord): IncomingRecord {
  return {
    topic,
    partition: 0,
    offset: 0n,
    timestampMs: 0,
    key: key === null ? null : Buffer.from(key),
    value,
    headers,
  };
}

const outcome = {
  call_id: callId,
  replayed: false,
  seq: 1,
  tenant_id: 't1',
  user_id: 'u1',
  tool: { slug: 'a_tool' },
  status: 'failed' as const,
  error: { code: 'idempotency_key_conflict', category: 'request' as const, message: 'no' },
  attempts: 0,
  recovered: false,
  at: '2026-01-01T00:00:00Z',
  ended_at: '2026-01-01T00:00:00Z',
  duration_ms: 0,
};

const silent: OutcomeReport = { unreadable: () => undefined, stranger: () => undefined };

describe('outcomeReader', () => {
  const record = incoming(encodeEvent(CallOutcome, outcome, { source: '/services/executor' }));

  function read(changed: Partial<IncomingRecord>): {
    readonly waits: boolean;
    readonly unreadable: string[];
    readonly strangers: number;
    /** Whether the backlog still counts the call as unsettled. */
    readonly held: boolean;
  } {
    const waiters = new OutcomeWaiters();
    const waiter = waiters.open(outcome, 10_000);
    const unreadable: string[] = [];
    const backlog = new TenantBacklog(systemClock);
    backlog.admit('t1', callId);
    let strangers = 0;
    const stranger = (): void => void (strangers += 1);
    outcomeReader(waiters, backlog, { unreadable: (id) => unreadable.push(id), stranger })({
      ...record,
      ...changed,
    });
    const waits = waiters.isAwaited(callId);
    waiter.cancel();
    return { waits, held: backlog.holds(callId), unreadable, strangers };
  }

  it('hands the bytes to the waiter unchanged, with the code of the error', async () => {
    const waiters = new OutcomeWaiters();
    const waiter = waiters.open(outcome, 10_000);
    outcomeReader(waiters, new TenantBacklog(systemClock), silent)(record);
    const settled = await waiter.settled;
    expect(settled?.json).toBe(record.value);
    expect(settled?.errorCode).toBe('idempotency_key_conflict');
  });

  it('no longer counts a call that has an outcome without a waiter', () => {
    const backlog = new TenantBacklog(systemClock);
    backlog.admit('t1', callId);
    outcomeReader(new OutcomeWaiters(), backlog, silent)(record);
    expect(backlog.holds(callId)).toBe(false);
  });

  it('keeps the caller waiting while the mesh finds out the outcome', () => {
    const unsure = Buffer.from(JSON.stringify({ ...outcome, status: 'indeterminate' }));
    expect(read({ value: unsure })).toMatchObject({ waits: true, unreadable: [], strangers: 0 });
  });

  it.each<[string, number, boolean]>([
    ['on for the next outcome that comes in time', 1_000, true],
    ['no longer for one that comes too late', 60_000, false],
  ])('keeps the caller waiting %s', (_what, inMs, waits) => {
    const until = new Date(Date.now() + inMs).toISOString();
    const value = { ...outcome, status: 'waiting', waiting: { reason: 'retry', until } };
    expect(read({ value: Buffer.from(JSON.stringify(value)) })).toMatchObject({
      waits,
      unreadable: [],
      strangers: 0,
    });
  });

  it.each<[string, Partial<IncomingRecord>]>([
    ['another call', { key: Buffer.from('other') }],
    ['no call', { key: null }],
    ['a tombstone', { value: null }],
    ['another kind of event', { headers: { ...record.headers, ce_type: 'mesh.call.outcome.v2' } }],
  ])('passes over %s', (_what, changed) => {
    expect(read(changed)).toMatchObject({ waits: true, unreadable: [], strangers: 0 });
  });

  it('leaves the call of another tenant with the same id alone (W5)', () => {
    const value = Buffer.from(JSON.stringify({ ...outcome, tenant_id: 't2' }));
    expect(read({ value })).toEqual({ waits: true, held: true, unreadable: [], strangers: 0 });
  });

  it.each([{ user_id: 'u2' }, { tool: { slug: 'b_tool' } }])(
    'drops an outcome that was forged for %j, and reports it (W5)',
    (forged) => {
      const value = Buffer.from(JSON.stringify({ ...outcome, ...forged }));
      expect(read({ value })).toEqual({ waits: true, held: true, unreadable: [], strangers: 1 });
    },
  );

  it.each(['{', '{}', '[]', JSON.stringify({ ...outcome, call_id: '019b76da-a800-7000-8000-000000000002' })])(
    'reports %s and keeps the caller waiting',
    (text) => {
      expect(read({ value: Buffer.from(text) })).toMatchObject({
        waits: true,
        unreadable: [callId],
        strangers: 0,
      });
    },
  );
});

describe('KafkaEventLog', () => {
  it.each([
    [new ProduceFailedError('no answer'), { code: 'GATEWAY_MESH_UNAVAILABLE', callId }],
    [new RecordTooLargeError('t', 2, 1), { refusal: 'call_too_large' }],
  ])('translates %s', async (failure, expected) => {
    const log = new KafkaEventLog({ send: () => Promise.reject(failure) });
    await expect(log.callAccepted({ call_id: callId } as AcceptedCall, trace, 'calls')).rejects.toMatchObject(
      expected,
    );
  });

  it('writes the same record to the topic of its lane', async () => {
    const sent: OutgoingRecord[] = [];
    const log = new KafkaEventLog({ send: (record) => Promise.resolve(void sent.push(record)) });
    for (const lane of ['calls', 'awaited', 'bulk'] as const) {
      await log.callAccepted({ call_id: callId, hash: 'h' } as AcceptedCall, trace, lane);
    }
    expect(sent.map(({ topic }) => topic)).toEqual(['mesh.calls', 'mesh.calls.awaited', 'mesh.calls.bulk']);
    const [calls, ...others] = sent.map((record) => ({ ...record, topic: '', headers: {} }));
    expect(others).toEqual([calls, calls]);
  });
});
