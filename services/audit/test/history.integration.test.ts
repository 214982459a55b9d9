import { CallOutcome, type OutcomeOfCall } from '@action-mesh/contracts/executor';
import { CallAccepted, type AcceptedCall } from '@action-mesh/contracts/gateway';
import { newId, writeJson } from '@action-mesh/kernel';
import { encodeEvent, type IncomingRecord, type OutgoingRecord } from '@action-mesh/messaging';
import { leakCheck } from '@action-mesh/testing';
import { parquetReadObjects } from 'hyparquet';

import { parquetOf } from '../src/adapters/files/parquet-export.js';
import { acceptedEntry } from '../src/adapters/kafka/entries/accepted-entry.js';
import { outcomeEntry } from '../src/adapters/kafka/entries/outcome-entry.js';
import { HistoryRetention } from '../src/adapters/postgres/history-retention.js';
import { PostgresExportSource } from '../src/adapters/postgres/postgres-export-source.js';
import { PostgresHistoryLog } from '../src/adapters/postgres/postgres-history-log.js';
import { PostgresHistoryReader } from '../src/adapters/postgres/postgres-history-reader.js';
import { PostgresPersonEraser } from '../src/adapters/postgres/postgres-person-eraser.js';
import { PostgresChainStore } from '../src/adapters/postgres/postgres-chain-store.js';
import { AskHistory } from '../src/application/ask-history.js';
import { ExportHistory } from '../src/application/export-history.js';
import { VerifyChain } from '../src/application/verify-chain.js';
import { tellStory } from '../src/domain/call-story.js';
import { entryId, type NewEntry } from '../src/domain/new-entry.js';
import { ChainPublicKeys } from '../src/domain/signing-keys.js';
import { AuditStage, sampleEntry } from './audit-stage.js';
import { fixtureOf } from './fixtures.js';

let stage: AuditStage;
let reader: PostgresHistoryReader;
beforeAll(async () => {
  stage = await AuditStage.start();
  reader = new PostgresHistoryReader(stage.pool);
});
afterAll(() => stage[Symbol.asyncDispose]());
leakCheck();

const trace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };

function incoming({ topic, key, value, headers }: OutgoingRecord): IncomingRecord {
  const bytes = key === null ? null : Buffer.from(key);
  return { topic, partition: 0, offset: 7n, timestampMs: 0, key: bytes, value, headers };
}

/** Entries of a call as its records make them: accepted, one retry, and the end. */
function callOf(tenantId: string, userId: string, runId: string, step: number, extra = '') {
  const callId = newId();
  const accepted: AcceptedCall = {
    ...(fixtureOf('mesh.call.accepted.v1').value as unknown as AcceptedCall),
    call_id: callId,
    tenant_id: tenantId,
    user_id: userId,
    agent: { id: 'lead-agent', run_id: runId, step, thought: 'The lead needs a company.' },
    arguments: { email: `${userId}@example.com`, api_key: 'sk_live_0123456789abcdef' },
    accepted_at: '2026-11-30T10:00:00.100Z',
  };
  const outcome = {
    call_id: callId,
    replayed: false,
    tenant_id: tenantId,
    user_id: userId,
    agent: { id: 'lead-agent', run_id: runId, step },
    tool: { slug: accepted.tool.slug, version: accepted.tool.version },
    recovered: false,
    received_at: '2026-11-30T10:00:00.150Z',
    policy: {
      decision: 'ask',
      rule: { id: 'big-deals', revision: 3, reason: 'Deals above 1000 need a person.' },
      explained: 'the rule big-deals asks',
      approval: { id: '01998c5e-7000-4333-9444-555566667777', by: 'bob' },
    },
  } as const;
  const waiting: OutcomeOfCall = {
    ...outcome,
    seq: 1,
    status: 'waiting',
    waiting: { reason: 'retry', until: '2026-11-30T10:00:05.300Z' },
    error: { code: 'provider_unavailable', category: 'provider', message: 'The provider answered 503.' },
    tried: [
      { attempt: 1, at: '2026-11-30T10:00:00.300Z', kind: 'request', evidence: 'answered', status_code: 503 },
    ],
    attempts: 1,
    at: '2026-11-30T10:00:00.300Z',
    duration_ms: 150.25,
  };
  const ended: OutcomeOfCall = {
    ...outcome,
    seq: 2,
    status: 'succeeded',
    upstream: { status_code: 200 },
    circuit_breaker_status: 'closed',
    attempts: 2,
    at: '2026-11-30T10:00:05.500Z',
    ended_at: '2026-11-30T10:00:05.500Z',
    duration_ms: 5_350.75,
  };
  const source = '/services/executor';
  const end = encodeEvent(CallOutcome, ended, { source, trace });
  const text = end.value?.toString('utf8') ?? '';
  const exact = Buffer.from(
    `${text.slice(0, -1)},"result":{"id": 12345678901234567890, "token": "hush"${extra}}}`,
  );
  const acceptedRecord = incoming(
    encodeEvent(CallAccepted, accepted, { source: '/services/gateway', trace }),
  );
  return {
    callId,
    entries: [
      acceptedEntry(accepted, acceptedRecord),
      outcomeEntry(waiting, incoming(encodeEvent(CallOutcome, waiting, { source, trace }))),
      outcomeEntry({ ...ended, result: {} }, { ...incoming(end), value: exact }),
    ],
  };
}

describe('the story of a call', () => {
  it('reads as thought, action and observation, with retries, policies and the person who decided', async () => {
    const { callId, entries } = callOf('story', 'ada', 'run-7', 2);
    await stage.log().append(entries.toReversed());
    const story = tellStory(await reader.ofCall('story', callId));
    expect(story).toMatchObject({
      call_id: callId,
      user_id: 'ada',
      agent_id: 'lead-agent',
      run_id: 'run-7',
      step: 2,
      trace_id: trace.traceId,
      status: 'succeeded',
      thought: 'The lead needs a company.',
      attempts: 2,
      duration_ms: 5_351,
      status_code: 200,
      circuit_breaker_status: 'closed',
    });
    expect(writeJson({ result: story?.result, arguments: story?.arguments })).toBe(
      '{"result":{"id":12345678901234567890,"token":"[redacted]"},"arguments":{"email":"ada@example.com","api_key":"[redacted]"}}',
    );
    expect(story?.text.split('\n')).toEqual([
      'Thought      The lead needs a company.',
      expect.stringMatching(/^Action {7}\w+ [\d.]+ \{"email":"ada@example.com","api_key":"\[redacted\]"\}$/),
      `             for ada · by lead-agent · run run-7 · step 2 · call ${callId} · trace ${trace.traceId}`,
      expect.stringMatching(/^ {2}10:00:00\.100 {2}accepted/),
      '  10:00:00.300  waits: retry until 10:00:05.300; request 1 was answered with HTTP 503; The provider answered 503.; policy big-deals: ask; decided by bob',
      '  10:00:05.500  succeeded after 2 attempts with HTTP 200; policy big-deals: ask; decided by bob',
      'Observation  succeeded {"id":12345678901234567890,"token":"[redacted]"} (2 attempts, 5351 ms)',
    ]);
  });

  it('is told by run, page by page, in the order in which the calls began', async () => {
    const calls = [1, 2, 3, 4, 5].map((step) => callOf('runs', 'ada', 'run-8', step));
    for (const { entries } of calls) await stage.log().append(entries);
    const first = await reader.ofRun('runs', 'run-8', { limit: 3 });
    const rest = await reader.ofRun('runs', 'run-8', { limit: 3, cursor: Number(first.cursor) });
    expect([...first.calls, ...rest.calls].map(({ entries: [begin] }) => begin?.call_id)).toEqual(
      calls.map(({ callId }) => callId),
    );
    expect(rest.cursor).toBeUndefined();
    expect(await reader.ofRun('other', 'run-8', { limit: 3 })).toEqual({ calls: [] });
  });

  it('is told once for all submissions of a call, also when they are on other pages', async () => {
    const tenantId = 'copies';
    const submission = (callId: string, original?: string) =>
      [
        { kind: 'call.accepted', status: 'accepted', facts: { mode: 'live' } },
        { kind: 'call.succeeded', status: 'succeeded', facts: { seq: 1, duplicate_of: original } },
      ].map(({ kind, status, facts }) =>
        sampleEntry({
          tenantId,
          callId,
          id: entryId(kind, callId),
          kind: kind as NewEntry['kind'],
          status,
          facts,
          runId: 'run-9',
        }),
      );
    const [one, other, elsewhere] = [newId(), newId(), newId()];
    const copies = [
      submission(one),
      submission(newId(), one),
      submission(other),
      submission(newId(), one),
      submission(newId(), elsewhere),
    ];
    for (const entries of copies) await stage.log().append(entries);
    const asking = new AskHistory({
      reader,
      verifyChain: new VerifyChain(new PostgresChainStore(stage.pool), new ChainPublicKeys([])),
      publicKey: '',
    });
    const first = await asking.run(tenantId, 'run-9', { limit: 2 });
    expect(first?.calls).toMatchObject([{ call_id: one, duplicates: 2 }, { call_id: other }]);
    expect(first?.calls[1]).not.toHaveProperty('duplicates');
    expect(first?.calls[0]?.text).toContain('\n             submitted 3 times: 2 duplicates did not run\n');
    const rest = await asking.run(tenantId, 'run-9', { limit: 2, cursor: Number(first?.cursor) });
    expect(rest?.calls).toHaveLength(1);
    expect(rest?.calls[0]?.text).toContain(`as a duplicate of ${elsewhere}`);
    expect(rest).not.toHaveProperty('cursor');
  });
});

describe('the list of entries', () => {
  it('finds entries by every filter, in pages that new entries do not move', async () => {
    const [one, other] = [callOf('list', 'ada', 'run-1', 1), callOf('list', 'bob', 'run-2', 1)];
    await stage.log().append([...one.entries, ...other.entries]);
    const count = async (query: object): Promise<number> =>
      (await reader.list('list', { limit: 50, ...query })).entries.length;
    expect(await count({ user_id: 'ada' })).toBe(3);
    expect(await count({ user_id: 'nobody' })).toBe(0);
    expect(await count({ run_id: 'run-2' })).toBe(3);
    expect(await count({ call_id: one.callId })).toBe(3);
    expect(await count({ trace_id: trace.traceId })).toBe(6);
    expect(await count({ agent_id: 'lead-agent', status: 'succeeded' })).toBe(2);
    expect(await count({ kind: 'call.waiting', error_category: 'provider' })).toBe(2);
    expect(await count({ from: '2026-11-30T10:00:00.300Z', to: '2026-11-30T10:00:05.000Z' })).toBe(2);
    expect(await count({ to: '2026-11-30T10:00:00.200Z' })).toBe(2);
    const first = await reader.list('list', { limit: 4 });
    await stage.log().append([sampleEntry({ tenantId: 'list' })]);
    const second = await reader.list('list', { limit: 4, cursor: first.cursor });
    expect([...first.entries, ...second.entries].map(({ seq }) => seq)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(second.cursor).toBeUndefined();
  });
});

describe('a search between two times', () => {
  it('reads the places between them alone, in bounded pages', async () => {
    const tenantId = 'between';
    const day = 86_400_000;
    const begin = Date.parse('2026-01-01T00:00:00Z');
    for (const days of [0, 0, 0, 20, 20, 20, 40, 40]) {
      const at = begin + days * day;
      const { signer, pool } = stage;
      const log = new PostgresHistoryLog({ pool, signer, clock: { now: () => at }, keepContent: true });
      await log.append([sampleEntry({ tenantId, at: new Date(at).toISOString() })]);
    }
    const moment = (days: number): string => new Date(begin + days * day).toISOString();
    const narrow = new PostgresHistoryReader(stage.pool, 2);
    const placesOf = async (query: object): Promise<(number | string)[]> => {
      const { entries, cursor = 'end' } = await narrow.list(tenantId, { limit: 50, ...query });
      return [...entries.map(({ seq }) => seq), cursor];
    };
    expect(await placesOf({ from: moment(19), to: moment(21) })).toEqual([6, 5, '5']);
    expect(await placesOf({ from: moment(19), to: moment(21), cursor: '5' })).toEqual([4, 'end']);
    expect(await placesOf({ from: moment(0), to: moment(99) })).toEqual([8, 7, '7']);
    expect(await placesOf({ from: moment(30), to: moment(31) })).toEqual(['end']);
    expect(await placesOf({ to: moment(1) })).toEqual([3, 2, '2']);
    expect(await placesOf({ from: moment(39) })).toEqual([8, 7, 'end']);
  });
});

describe('the erasure of a person', () => {
  it('removes the data and the name, leaves a signed entry, and breaks no chain', async () => {
    const tenantId = 'erase';
    const [ada, bob] = [callOf(tenantId, 'ada', 'run-1', 1), callOf(tenantId, 'bob', 'run-1', 2)];
    await stage.log().append([...ada.entries, ...bob.entries]);
    const eraser = new PostgresPersonEraser(stage.pool, stage.signer, { now: () => Date.now() });
    expect(await eraser.erase(tenantId, 'ada', 'key1')).toEqual({ entries: 3, seq: 7 });
    expect(await eraser.erase(tenantId, 'ada', 'key1')).toEqual({ entries: 0 });
    const { rows } = await stage.pool.query(
      `SELECT string_agg(e::text, '') AS text FROM entry e WHERE tenant_id = $1`,
      [tenantId],
    );
    // Digests may hold the letters by chance, but not as a word.
    expect(JSON.stringify(rows)).not.toMatch(/\bada\b/);
    const story = tellStory(await reader.ofCall(tenantId, ada.callId));
    expect(story).toMatchObject({ status: 'succeeded', attempts: 2 });
    expect(story?.text).toContain('for an erased user');
    expect(await reader.list(tenantId, { limit: 5, user_id: 'bob' })).toMatchObject({
      entries: [{ user_id: 'bob' }, { user_id: 'bob' }, { user_id: 'bob' }],
    });
    for (const limit of [1, 2, 4, 7, undefined]) {
      const verification = await stage.verify({ tenantId, limit });
      expect(verification?.problem).toBeUndefined();
    }
    // A record that comes again does not bring the data back.
    await stage.log().append(ada.entries);
    expect(await reader.list(tenantId, { limit: 50, user_id: 'ada' })).toMatchObject({ entries: [] });
    const people = 'SELECT user_id FROM person WHERE tenant_id = $1 ORDER BY user_id';
    expect((await stage.pool.query(people, [tenantId])).rows).toEqual([{ user_id: 'bob' }]);
    // A new call of the same person has another id.
    await stage.log().append(callOf(tenantId, 'ada', 'run-2', 1).entries);
    expect((await reader.list(tenantId, { limit: 50, user_id: 'ada' })).entries).toHaveLength(3);
    expect((await stage.verify({ tenantId }))?.problem).toBeUndefined();
  });
});

describe('retention', () => {
  it('deletes the begin of a chain, and leaves a signed mark', async () => {
    const tenantId = 'old';
    const log = stage.log();
    for (let append = 0; append < 3; append += 1)
      await log.append([sampleEntry({ tenantId }), sampleEntry({ tenantId, userId: 'gone' })]);
    const day = 86_400_000;
    const retention = (days: number) =>
      new HistoryRetention(stage.pool, stage.signer, { now: () => Date.now() + days * day }, 100);
    await retention(99).run();
    expect(await stage.verify({ tenantId })).toMatchObject({ from: 1, to: 6, complete: true });
    await retention(101).run();
    const verification = await stage.verify({ tenantId });
    expect(verification).toMatchObject({ from: 6, to: 7, complete: true, prunedTo: 5 });
    expect(verification?.problem).toBeUndefined();
    await log.append([sampleEntry({ tenantId })]);
    expect((await stage.verify({ tenantId }))?.problem).toBeUndefined();
  });
});

describe('exports', () => {
  it('write every entry as Parquet, row group by row group', async () => {
    const tenantId = 'parquet';
    const { callId, entries } = callOf(tenantId, 'ada', 'run-1', 1);
    await stage.log().append(entries);
    const exporting = new ExportHistory(new PostgresExportSource(stage.pool), stage.signer.publicKey);
    const parts: Uint8Array[] = [];
    for await (const part of parquetOf(exporting.records(tenantId))) parts.push(part);
    const file = new Uint8Array(Buffer.concat(parts)).buffer;
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatchObject({ seq: 1n, kind: 'call.accepted', call_id: callId, user_id: 'ada' });
  });
});
