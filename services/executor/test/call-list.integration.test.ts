import {
  callQuerySchema,
  writePageCursor,
  type CallQuery,
  type CallSummary,
} from '@action-mesh/contracts/executor';
import { defined, newId } from '@action-mesh/kernel';

import { PostgresCallRecords } from '../src/adapters/postgres/administration/postgres-call-records.js';
import { CallSession } from '../src/application/call-session.js';
import type { OwnedCall } from '../src/application/ledger.port.js';
import type { Failure } from '../src/domain/attempt-evidence.js';
import { aCall, dispatching, digest, LedgerBench, type TestLedger } from './ledger-bench.js';

let bench: LedgerBench;
let one: TestLedger;
let records: PostgresCallRecords;
const failure: Failure = { code: 'provider_failed', category: 'provider', message: 'it answered 503' };

beforeAll(async () => {
  bench = await LedgerBench.open();
  one = await bench.ledger('one');
  records = new PostgresCallRecords(bench.pool);
}, 60_000);

afterAll(async () => {
  await bench.close();
});

async function started(overrides: Parameters<typeof aCall>[0] = {}): Promise<CallSession<OwnedCall>> {
  const recorded = await one.ledger.record(dispatching(aCall(overrides)));
  if (recorded.verdict !== 'fresh') throw new Error(recorded.verdict);
  return new CallSession(recorded.owned, one.ledger);
}

async function succeeded(overrides: Parameters<typeof aCall>[0] = {}, result = '"done"'): Promise<string> {
  const session = await started(overrides);
  await session.move([{ type: 'succeed', attempt: 1 }], {
    ending: { status: 'succeeded', result, upstream: { status_code: 200 } },
  });
  return session.known.call.call_id;
}

async function dead(overrides: Parameters<typeof aCall>[0] = {}, body = '{"why":"no"}'): Promise<string> {
  const session = await started(overrides);
  const ending = { status: 'dead', failure, result: body, upstream: { status_code: 503 } } as const;
  await session.move([{ type: 'die' }], { ending });
  return session.known.call.call_id;
}

const list = async (tenant: string, query: Partial<CallQuery> = {}) =>
  records.page(tenant, callQuerySchema.parse(query));
const ids = (calls: readonly CallSummary[]): string[] => calls.map(({ call_id }) => call_id);

/** Every call of the pages that a client reads, until there is no cursor. */
async function readAll(tenant: string, query: Partial<CallQuery>): Promise<string[]> {
  const all: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await list(tenant, { ...query, ...defined({ cursor }) });
    all.push(...ids(page.calls));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return all;
}

describe('the list of calls', () => {
  it('covers one tenant, the newest first, and continues after a page whatever came meanwhile', async () => {
    const tenant_id = `t-${newId()}`;
    const calls: string[] = [];
    for (let n = 0; n < 5; n += 1) calls.unshift(await succeeded({ tenant_id }));
    const first = await list(tenant_id, { limit: 2 });
    await succeeded({ tenant_id });
    await succeeded({ tenant_id: `t-${newId()}` });
    const rest = await list(tenant_id, { limit: 50, ...(first.cursor && { cursor: first.cursor }) });
    expect([...ids(first.calls), ...ids(rest.calls)]).toEqual(calls);
    expect(rest.cursor).toBeUndefined();
    expect(await list('nobody')).toEqual({ calls: [] });
  });

  it('orders an id of the far future by its recording time', async () => {
    const tenant_id = `t-${newId()}`;
    const future = 'ffffffff-ffff-7fff-bfff-ffffffffffff'.replace(/f{3}$/, newId().slice(-3));
    await succeeded({ tenant_id, call_id: future });
    const last = await succeeded({ tenant_id });
    expect(ids((await list(tenant_id)).calls)).toEqual([last, future]);
  });

  it('shows tool, agent, status and error of each call', async () => {
    const tenant_id = `t-${newId()}`;
    const prompt = { id: 'planner@12', hash: 'sha256:00', url: 'https://prompts.example.com/12' };
    const agent = { id: 'bot', run_id: 'r1', step: 3, thought: 'look "closer"', prompt };
    const call_id = await dead({ tenant_id, agent });
    const { calls } = await list(tenant_id);
    expect(calls).toEqual([
      {
        call_id,
        user_id: 'ada',
        tool: 'echo',
        agent,
        status: 'dead',
        state: 'DEAD',
        attempts: 1,
        error: failure,
        received_at: calls[0]?.received_at,
      },
    ]);
    expect(await one.ledger.find(tenant_id, call_id)).toMatchObject({ agent });
  });

  it('is narrowed by user, agent, run, tool, status, error and time, each alone and all together', async () => {
    const tenant_id = `t-${newId()}`;
    const base = { tenant_id, user_id: 'u1', agent: { id: 'a1', run_id: 'r1' } };
    const wanted = await dead(base);
    const others = [
      await dead({ ...base, user_id: 'u2' }),
      await dead({ ...base, agent: { id: 'a2', run_id: 'r2' } }),
      await dead({ ...base, tool: { slug: 'other', version: '1.0.0' } }),
      await succeeded(base, '{"error":{"code":"provider_failed"}}'),
      (await started(base)).known.call.call_id,
    ];
    const all = { user_id: 'u1', agent_id: 'a1', run_id: 'r1', tool: 'echo', status: 'dead' } as const;
    const query = { ...all, error_code: 'provider_failed' };
    expect(ids((await list(tenant_id, query)).calls)).toEqual([wanted]);
    const without: [Partial<CallQuery>, string | undefined][] = [
      [{ user_id: 'u2' }, others[0]],
      [{ agent_id: 'a2' }, others[1]],
      [{ run_id: 'r2' }, others[1]],
      [{ tool: 'other' }, others[2]],
      [{ status: 'succeeded' }, others[3]],
      [{ status: 'running' }, others[4]],
    ];
    for (const [filter, found] of without)
      expect(ids((await list(tenant_id, filter)).calls)).toEqual([found]);
    expect(await readAll(tenant_id, { error_code: 'provider_failed' })).toHaveLength(4);
    const { received_at } = (await list(tenant_id, query)).calls[0] ?? { received_at: '' };
    const later = new Date(Date.parse(received_at) + 1).toISOString();
    expect(await readAll(tenant_id, { received_before: later })).toEqual([wanted]);
    expect(await readAll(tenant_id, { received_after: later })).not.toContain(wanted);
    expect(await readAll(tenant_id, { received_after: new Date(Date.now() + 1e6).toISOString() })).toEqual(
      [],
    );
  });

  it('ignores arguments and results that look like members, and texts that PostgreSQL refuses', async () => {
    const tenant_id = `t-${newId()}`;
    const lure = {
      agent: { id: 'a1', run_id: 'r1' },
      tool: { slug: 'other' },
      nul: '\u0000',
      more: ',"arguments":{',
    };
    await dead({ tenant_id, arguments: lure }, '{"error":{"code":"lure"},"nul":"\\u0000"}');
    const [call] = (await list(tenant_id)).calls;
    expect(call).toMatchObject({ tool: 'echo', error: { code: 'provider_failed' } });
    expect(call?.agent).toBeUndefined();
    for (const filter of [{ agent_id: 'a1' }, { run_id: 'r1' }, { tool: 'other' }, { error_code: 'lure' }]) {
      expect(await readAll(tenant_id, filter)).toEqual([]);
    }
    expect(await readAll(tenant_id, { agent_id: `"'%_\\` })).toEqual([]);
  });

  it('includes duplicates with their own agent, and refused submissions', async () => {
    const tenant_id = `t-${newId()}`;
    const first = aCall({ tenant_id, idempotency_key: 'k', agent: { id: 'a', run_id: 'r1', step: 1 } });
    await one.ledger.record(dispatching(first));
    const twin = { ...first, call_id: newId(), agent: { id: 'a', run_id: 'r2', step: 7, thought: 'again' } };
    expect(await one.ledger.record(dispatching(twin))).toMatchObject({ verdict: 'following' });
    const [listed] = (await list(tenant_id, { run_id: 'r2' })).calls;
    expect(listed).toMatchObject({ call_id: twin.call_id, duplicate_of: first.call_id, agent: twin.agent });
    expect(await readAll(tenant_id, { run_id: 'r1' })).toEqual([first.call_id]);
    expect(await one.ledger.find(tenant_id, twin.call_id)).toMatchObject({
      agent: twin.agent,
      idempotency_key: 'k',
      hash: first.hash,
      scope: first.scope,
    });
    expect(await one.ledger.find(tenant_id, first.call_id)).toMatchObject({ agent: first.agent });
  });

  it('reads a bounded part of the ledger for one page, and the pages together hold every call', async () => {
    const tenant_id = `t-${newId()}`;
    const first = await succeeded({ tenant_id, user_id: 'rare' });
    await bench.pool.query(
      `INSERT INTO submission (call_id, tenant_id, user_id, hash, trace, refusal, received_at)
       SELECT gen_random_uuid(), $1, 'often', '\\x00', '', '{"status":"failed"}', clock_timestamp()
         FROM generate_series(1, 5100)`,
      [tenant_id],
    );
    const page = await list(tenant_id, { user_id: 'rare' });
    expect(page.calls).toEqual([]);
    expect(page.cursor).toBeDefined();
    expect(await readAll(tenant_id, { user_id: 'rare' })).toEqual([first]);
  });

  it.each([
    ['is no cursor', 'abc'],
    ['holds SQL', Buffer.from(`["1; DROP TABLE call","x"]`).toString('base64url')],
    ['is beyond all time', writePageCursor({ atUs: '9'.repeat(18), callId: newId() })],
    ['is padded', `${writePageCursor({ atUs: '1', callId: newId() })}==`],
    ['is huge', 'a'.repeat(100_000)],
  ])('refuses a cursor that %s', (_, cursor) => {
    expect(callQuerySchema.safeParse({ cursor }).success).toBe(false);
  });

  it.each(['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999999Z'])('takes the time %s', async (at) => {
    expect(await list('nobody', { received_after: at, received_before: at })).toEqual({ calls: [] });
  });

  it('takes the largest cursor there is', async () => {
    const cursor = writePageCursor({ atUs: '9'.repeat(17), callId: newId() });
    expect(await list('nobody', { cursor })).toEqual({ calls: [] });
  });

  it.each([
    { agent_id: 'a\u0000' },
    { user_id: '' },
    { status: 'odd' },
    { received_after: 'today' },
    { received_after: '0000-01-01T00:00:00Z' },
    { received_before: `2026-01-01T00:00:00.${'0'.repeat(200)}Z` },
    { more: '1' },
  ])('refuses the filter %j', (filter) => {
    expect(callQuerySchema.safeParse(filter).success).toBe(false);
  });
});

describe('a conflict of idempotency keys', () => {
  it('names the call that has the key, of the same tenant and user only', async () => {
    const tenant_id = `t-${newId()}`;
    const key = { tenant_id, idempotency_key: 'key-1' };
    const holder = await succeeded(key);
    const conflict = async (overrides: Parameters<typeof aCall>[0]) =>
      one.ledger.record(dispatching(aCall(overrides)));
    expect(await conflict(key)).toEqual({ verdict: 'key_conflict', keyHolder: holder });
    expect(await conflict({ ...key, user_id: 'eve' })).toMatchObject({ verdict: 'fresh' });
    expect(await conflict({ ...key, tenant_id: `t-${newId()}` })).toMatchObject({ verdict: 'fresh' });
  });

  it('names it also when both arrive at once, beside the same content of another tenant', async () => {
    const tenant_id = `t-${newId()}`;
    const shared = digest(newId());
    const key = { tenant_id, idempotency_key: 'key-2' };
    const first = aCall({ ...key, hash: shared, content_hash: shared });
    const stranger = { ...first, call_id: newId(), tenant_id: `a-${newId()}` };
    const results = await Promise.all(
      [stranger, first, aCall(key), aCall(key)].map((call) => one.ledger.record(dispatching(call))),
    );
    const holders = results.flatMap((each) => (each.verdict === 'key_conflict' ? [each.keyHolder] : []));
    const own = results.flatMap((each) =>
      each.verdict === 'fresh' && each.owned.call.tenant_id === tenant_id ? [each.owned.call.call_id] : [],
    );
    expect(own).toHaveLength(1);
    expect(holders).toEqual([own[0], own[0]]);
  });
});

describe('one call', () => {
  it('has its states and its attempts with their times', async () => {
    const tenant_id = `t-${newId()}`;
    const session = await started({ tenant_id });
    const at = new Date().toISOString();
    const tried = [{ attempt: 1, at, kind: 'request', evidence: 'answered', status_code: 429 }] as const;
    await session.move([{ type: 'retry' }], { tried });
    await session.move([{ type: 'claim' }, { type: 'dispatch' }]);
    await session.move([{ type: 'succeed', attempt: 2 }], {
      ending: { status: 'succeeded', upstream: { status_code: 201 } },
    });
    const view = await one.ledger.find(tenant_id, session.known.call.call_id);
    expect(view?.states?.map(({ state }) => state)).toEqual([
      'RECEIVED',
      'DISPATCHING',
      'DISPATCHING',
      'SUCCEEDED',
    ]);
    expect(view?.tried).toEqual([
      tried[0],
      { attempt: 2, at: view?.ended_at, kind: 'request', evidence: 'answered', status_code: 201 },
    ]);
  });

  it('shows the provider’s answer when it is dead, its body in part, in the list and alone', async () => {
    const tenant_id = `t-${newId()}`;
    const callId = await dead({ tenant_id }, JSON.stringify('<p>'.padEnd(5_000, 'x')));
    const { rows } = await bench.pool.query<{ reason: string }>(
      'SELECT reason FROM dead WHERE call_id = $1',
      [callId],
    );
    expect(JSON.parse(rows[0]?.reason ?? '')).toEqual({
      error: failure,
      answer: { status_code: 503, body: '<p>'.padEnd(2_000, 'x'), body_cut: true },
    });
    const letter = one.published.find((due) => due.callId === callId && due.kind === 'dead');
    expect(JSON.parse(letter?.value ?? '')).toMatchObject({ answer: { status_code: 503 } });
  });
});

it('is not shown to another tenant that uses the same call id', async () => {
  const [mine, theirs] = [`t-${newId()}`, `t-${newId()}`];
  const call_id = await dead({ tenant_id: theirs, user_id: 'eve' });
  await bench.pool.query(
    `WITH old AS (DELETE FROM call WHERE tenant_id = $1 RETURNING *) INSERT INTO call_history SELECT * FROM old`,
    [theirs],
  );
  await bench.pool.query('DELETE FROM dead WHERE tenant_id = $1', [theirs]);
  await succeeded({ tenant_id: mine, call_id });
  await bench.pool.query('DELETE FROM call WHERE tenant_id = $1', [mine]);
  expect((await list(mine)).calls).toMatchObject([{ call_id, user_id: 'ada', attempts: 0 }]);
  expect(await records.intended(mine, call_id)).toBeUndefined();
  expect(await records.intended(theirs, call_id)).toBeDefined();
});
