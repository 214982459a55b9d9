import { CallOutcome } from '@action-mesh/contracts/executor';
import { CallSubmitted, type CallRequest } from '@action-mesh/contracts/gateway';
import { FakeClock } from '@action-mesh/kernel';
import {
  encodeEvent,
  ProduceFailedError,
  RecordContext,
  RecordTooLargeError,
  type IncomingRecord,
  type OutgoingRecord,
  type Outcome,
} from '@action-mesh/messaging';

import { sampleTool } from '../../../test/sample-tool.js';
import { AcceptCall } from '../../application/accept-call.js';
import { FakeEventLog } from '../../application/event-log.fake.js';
import { OutcomeWaiters } from '../../application/outcome-waiters.js';
import { RecentCalls } from '../../application/recent-calls.js';
import { TakeSubmission } from '../../application/take-submission.js';
import { MeshUnavailableError } from '../../domain/gateway.errors.js';
import { ToolShelf } from '../../domain/tool-shelf.js';
import { ApiKey } from '../api-key.js';
import { IngressController } from './ingress.controller.js';
import { KafkaEventLog } from './kafka-event-log.js';
import { outcomeReader } from './outcome-reader.js';

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
  ended_at: '2026-01-01T00:00:00Z',
  duration_ms: 0,
};

describe('outcomeReader', () => {
  const record = incoming(encodeEvent(CallOutcome, outcome, { source: '/services/executor' }));

  function read(changed: Partial<IncomingRecord>): {
    readonly waits: boolean;
    readonly unreadable: string[];
  } {
    const waiters = new OutcomeWaiters();
    const waiter = waiters.open(callId, 10_000);
    const unreadable: string[] = [];
    outcomeReader(waiters, 't1', (id) => unreadable.push(id))({ ...record, ...changed });
    const waits = waiters.isAwaited(callId);
    waiter.cancel();
    return { waits, unreadable };
  }

  it('hands the bytes to whoever waits, untouched, with the code of the error', async () => {
    const waiters = new OutcomeWaiters();
    const waiter = waiters.open(callId, 10_000);
    outcomeReader(waiters, 't1', () => undefined)(record);
    const settled = await waiter.settled;
    expect(settled?.json).toBe(record.value);
    expect(settled?.errorCode).toBe('idempotency_key_conflict');
  });

  it.each<[string, Partial<IncomingRecord>]>([
    ['another call', { key: Buffer.from('other') }],
    ['no call', { key: null }],
    ['a tombstone', { value: null }],
    ['another kind of event', { headers: { ...record.headers, ce_type: 'mesh.call.outcome.v2' } }],
    ['another tenant', { value: Buffer.from(JSON.stringify({ ...outcome, tenant_id: 't2' })) }],
  ])('passes over %s', (_what, changed) => {
    expect(read(changed)).toEqual({ waits: true, unreadable: [] });
  });

  it.each(['{', '{}', '[]', JSON.stringify({ ...outcome, call_id: '019b76da-a800-7000-8000-000000000002' })])(
    'reports %s and lets the caller wait',
    (text) => {
      expect(read({ value: Buffer.from(text) })).toEqual({ waits: true, unreadable: [callId] });
    },
  );
});

describe('KafkaEventLog', () => {
  it.each([
    [new ProduceFailedError('no answer'), { code: 'GATEWAY_MESH_UNAVAILABLE', callId }],
    [new RecordTooLargeError('t', 2, 1), { refusal: 'call_too_large' }],
  ])('translates %s', async (failure, expected) => {
    const log = new KafkaEventLog({ send: () => Promise.reject(failure) });
    await expect(log.callRefused(outcome, trace)).rejects.toMatchObject(expected);
  });
});

describe('IngressController', () => {
  const request: CallRequest & { readonly call_id: string } = {
    call_id: callId,
    user_id: 'u1',
    agent: { id: 'a', run_id: 'r1' },
    tool: { slug: 'crm_update_contact' },
    arguments: { email: 'ada@example.com' },
  };

  function submit(
    log: FakeEventLog,
    token: string | undefined,
    value = JSON.stringify(request),
  ): Promise<Outcome> {
    const clock = new FakeClock();
    const tools = new ToolShelf();
    tools.put(sampleTool());
    const recent = new RecentCalls(clock);
    const accept = new AcceptCall({
      tenantId: 't1',
      tools,
      log,
      recent,
      link: { missing: undefined },
      clock,
    });
    const take = new TakeSubmission({ accept, log, clock, tenantId: 't1' });
    const record = incoming(
      encodeEvent(CallSubmitted, request, {
        source: '/agents/a',
        trace,
        ...(token === undefined ? {} : { headers: { 'mesh-publisher-token': token } }),
      }),
    );
    const context = new RecordContext({ ...record, value: Buffer.from(value) });
    return new IngressController(take, new ApiKey('the-right-key')).onSubmitted(request, context);
  }

  it('takes a call of a publisher with the right token, in the trace of its record', async () => {
    const log = new FakeEventLog();
    await expect(submit(log, 'the-right-key')).resolves.toEqual({ kind: 'ack' });
    expect(log.calls[0]?.trace.traceId).toBe(trace.traceId);
    expect(log.calls[0]?.trace.spanId).not.toBe(trace.spanId);
  });

  it.each([undefined, '', 'the-wrong-key', 'the-right-key '])(
    'puts a record with the token %j aside',
    async (token) => {
      const log = new FakeEventLog();
      await expect(submit(log, token)).resolves.toMatchObject({
        kind: 'deadLetter',
        reason: 'PUBLISHER_TOKEN_INVALID',
      });
      expect(log.calls).toEqual([]);
    },
  );

  it('puts a record aside that only a lax parser can read', async () => {
    const log = new FakeEventLog();
    const doubled = JSON.stringify(request).replace('"email"', '"email":"eve@example.com","email"');
    await expect(submit(log, 'the-right-key', doubled)).resolves.toMatchObject({
      kind: 'deadLetter',
      reason: 'IJSON_DUPLICATE_NAME',
    });
    expect(log.calls).toEqual([]);
  });

  it('keeps a record that the log does not take now', async () => {
    const log = new FakeEventLog();
    log.failure = new MeshUnavailableError('away');
    await expect(submit(log, 'the-right-key')).resolves.toMatchObject({ kind: 'retry' });
  });
});
