import { topics } from '@action-mesh/contracts';
import { sampleKey, sampleTenant, sampleSwitch } from '@action-mesh/identity/testing';
import { newId } from '@action-mesh/kernel';
import type { RunningService } from '@action-mesh/platform';
import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { EventReader } from './event-reader.js';
import { GatewayHarness } from './gateway-harness.js';
import { HttpClient } from './http-client.js';
import { sampleTool } from './sample-tool.js';

jest.setTimeout(120_000);

let harness: GatewayHarness;
let gateway: RunningService;
let http: HttpClient;

beforeAll(async () => {
  harness = await GatewayHarness.start();
  await harness.publishIdentity(sampleTenant('acme'));
  gateway = await harness.startGateway();
  http = new HttpClient(gateway.url);
});

afterAll(async () => {
  await gateway.close();
  await harness[Symbol.asyncDispose]();
});

interface Published {
  readonly user_id?: string;
  readonly tenant_id?: string;
  readonly run_id?: string;
  readonly tool?: string;
  readonly arguments?: unknown;
}

/** Publishes the outcome of a call that was made elsewhere. Returns the id of the call. */
async function publish(
  more: Published = {},
  behaviour: 'succeed' | 'fail' | 'die' = 'succeed',
): Promise<string> {
  const { run_id: runId, tool = 'crm_update_contact', ...rest } = more;
  const id = newId();
  await harness.producer.send({
    topic: topics.outcomes.name,
    messages: [
      {
        key: id,
        value: JSON.stringify({
          call_id: id,
          replayed: false,
          seq: 1,
          tenant_id: 'default',
          user_id: 'u1',
          ...(runId === undefined ? {} : { agent: { id: 'a', run_id: runId } }),
          tool: { slug: tool },
          status: { succeed: 'succeeded', fail: 'failed', die: 'dead' }[behaviour],
          result: rest.arguments ?? null,
          attempts: 1,
          recovered: false,
          at: '2026-01-01T00:00:00Z',
          duration_ms: 1,
          ...rest,
        }),
        headers: {
          ce_id: newId(),
          ce_type: 'mesh.call.outcome.v1',
          ce_source: '/test',
          ce_specversion: '1.0',
          'content-type': 'application/json',
        },
      },
    ],
  });
  return id;
}

const publishMany = async (count: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) ids.push(await publish());
  return ids;
};

const sorted = (ids: readonly string[]): string[] => [...ids].sort();

describe('a stream of outcomes', () => {
  it('tells the outcome of a submitted call, byte for byte as it was published', async () => {
    using reader = await EventReader.open(gateway.url);
    const { body } = await http.post('/v1/tools/crm_update_contact/execute', {
      user_id: 'u1',
      agent: { id: 'a', run_id: newId() },
      arguments: { email: 'ada@example.com' },
    });
    await waitFor(() => reader.callIds.includes(String(body['call_id'])), { what: 'the outcome' });
    expect(reader.outcomes.at(-1)).toEqual(body);
  });

  it.each<[string, string, Published, 'succeed' | 'die']>([
    ['user', '?user_id=eve', { user_id: 'eve' }, 'succeed'],
    ['run', '?run_id=run-1', { run_id: 'run-1' }, 'succeed'],
    ['tool', '?tool=other_tool', { tool: 'other_tool' }, 'succeed'],
    ['status', '?status=dead,failed', {}, 'die'],
    ['user and status', '?user_id=eve&status=failed&status=dead', { user_id: 'eve' }, 'die'],
  ])('is filtered by %s', async (_what, query, wanted, behaviour) => {
    using reader = await EventReader.open(gateway.url, { query });
    using all = await EventReader.open(gateway.url);
    await publish();
    const mine = await publish(wanted, behaviour);
    await publish();
    await waitFor(() => all.callIds.length === 3, { what: 'all outcomes' });
    expect(reader.callIds).toEqual([mine]);
  });

  it('shows only its tenant, and only the users and visible tools of its key (OS1)', async () => {
    await harness.publishTool(sampleTool({ slug: 'other_tool' }));
    const keys = [
      await harness.makeKey('acme'),
      await harness.makeKey('default', { users: ['eve', 'bob'] }),
      await harness.makeKey('default', { tools: ['other_*'] }),
    ];
    const readers: EventReader[] = [];
    for (const key of keys) {
      await waitFor(async () => (await new HttpClient(gateway.url, key).get('/v1/me')).status === 200, {
        what: 'the key is known',
      });
      readers.push(await EventReader.open(gateway.url, { key }));
    }
    using all = await EventReader.open(gateway.url);
    const others = await publish();
    const acme = await publish({ tenant_id: 'acme', user_id: 'eve' });
    await publish({ tenant_id: '-', user_id: '-' });
    const bob = await publish({ user_id: 'bob' });
    const tool = await publish({ tool: 'other_tool' });
    await waitFor(() => all.callIds.length === 3, { what: 'all outcomes of the tenant' });
    expect(sorted(all.callIds)).toEqual(sorted([others, bob, tool]));
    expect(readers.map(({ callIds }) => callIds)).toEqual([[acme], [bob], [tool]]);
    for (const reader of readers) reader.close();
  });

  it('continues without a gap and without a repetition after a restart, and at another gateway (SR1)', async () => {
    const first = await harness.startGateway();
    const expected: string[] = [];
    const seen: string[] = [];
    let reader = await EventReader.open(first.url);
    const done = new AbortController();
    const publishing = (async () => {
      while (!done.signal.aborted) expected.push(await publish());
    })();
    const leave = async (): Promise<string> => {
      await waitFor(() => reader.callIds.length >= 20, { what: 'some outcomes' });
      reader.close();
      await waitFor(() => reader.isClosed, { what: 'the end of the connection' });
      seen.push(...reader.callIds);
      return reader.lastEventId;
    };
    // Another gateway, which has been reading all the time.
    reader = await EventReader.open(gateway.url, { lastEventId: await leave() });
    // The first one again, which has the rest in memory.
    reader = await EventReader.open(first.url, { lastEventId: await leave() });
    // The first one ends the stream when it stops; a new process has nothing in memory.
    await waitFor(() => reader.callIds.length >= 20, { what: 'some outcomes' });
    const stoppedAtMs = performance.now();
    await first.close();
    expect(performance.now() - stoppedAtMs).toBeLessThan(8_000);
    await waitFor(() => reader.isClosed, { what: 'the end of the stream' });
    expect(reader.named('end')[0]?.data).toContain('gateway_stops');
    seen.push(...reader.callIds);
    const restarted = await harness.startGateway();
    reader = await EventReader.open(restarted.url, { lastEventId: reader.lastEventId });
    await waitFor(() => reader.callIds.length >= 20, { what: 'some outcomes' });
    done.abort();
    await publishing;
    await waitFor(() => seen.length + reader.callIds.length >= expected.length, { what: 'all outcomes' });
    reader.close();
    seen.push(...reader.callIds);
    expect(new Set(seen).size).toBe(seen.length);
    expect(sorted(seen)).toEqual(sorted(expected));
    await restarted.close();
  });

  it('ends a connection that reads nothing, and lets it continue where it was (SR3)', async () => {
    const large = 'x'.repeat(400_000);
    using slow = await EventReader.open(gateway.url, { query: '?user_id=slow', isReading: false });
    using quick = await EventReader.open(gateway.url, { query: '?user_id=slow' });
    const expected: string[] = [];
    // More than the buffers of both ends of a socket. One at a time, because a reader that falls behind is a slow one.
    for (let n = 0; n < 50; n += 1) {
      expected.push(await publish({ user_id: 'slow', arguments: large }));
      await waitFor(() => quick.callIds.length === expected.length, {
        what: 'the outcome at the quick reader',
      });
    }
    slow.read();
    await waitFor(() => slow.isClosed, { what: 'the end of the slow connection' });
    expect(slow.callIds.length).toBeLessThan(expected.length);
    using again = await EventReader.open(gateway.url, {
      query: '?user_id=slow',
      lastEventId: slow.lastEventId,
    });
    const all = (): string[] => [...slow.callIds, ...again.callIds];
    await waitFor(() => all().length === expected.length, { what: 'the other outcomes' });
    expect(sorted(all())).toEqual(sorted(expected));
  });

  it.each<[string, (id: string) => Promise<void>]>([
    ['is revoked', (id) => harness.withdrawIdentity({ kind: 'key', id })],
    ['is switched off', (id) => harness.publishIdentity(sampleSwitch({ type: 'key', value: id }))],
  ])('ends within seconds after its key %s (SR4)', async (_what, end) => {
    const { key, identity } = sampleKey('acme', { scopes: ['calls:read'] });
    await harness.publishIdentity(identity);
    await waitFor(async () => (await new HttpClient(gateway.url, key).get('/v1/me')).status === 200, {
      what: 'the key is known',
    });
    using reader = await EventReader.open(gateway.url, { key });
    await end(identity.id);
    await waitFor(() => reader.isClosed, { what: 'the end of the stream', timeoutMs: 5_000 });
    expect(reader.named('end')).toHaveLength(1);
    await expect(EventReader.open(gateway.url, { key })).rejects.toThrow(/is 4(01|23)/);
  });

  it.each([
    ['not a cursor', 'hello'],
    ['a long text', 'A'.repeat(5_000)],
    ['a cursor of another mesh', 'AQAAAAAAAAGeAAAAAAAIAAAAAAAAAAA'],
    ['a number', '42'],
  ])('refuses %s as Last-Event-ID, and serves on', async (_what, lastEventId) => {
    const headers = { accept: 'text/event-stream', 'last-event-id': lastEventId };
    const { status, body } = await http.get('/v1/outcomes', { headers });
    expect([422, 431]).toContain(status);
    expect(body).toMatchObject({ fix: expect.any(String) as string });
    expect((await http.get('/v1/outcomes')).status).toBe(200);
  });

  it('does not hold up an answer to HEAD', async () => {
    const headers = { accept: 'text/event-stream' };
    expect((await http.request('HEAD', '/v1/outcomes', undefined, { headers })).status).toBe(200);
  });
});

describe('an answer with outcomes', () => {
  const get = async (
    query: string,
  ): Promise<{ outcomes: Record<string, unknown>[]; cursor: string; ms: number }> => {
    const startedAtMs = performance.now();
    const { status, body } = await http.get(`/v1/outcomes${query}`);
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
    return { ...(body as { outcomes: []; cursor: string }), ms: performance.now() - startedAtMs };
  };

  it('gives a cursor at once, and then waits for the next outcome', async () => {
    const { outcomes, cursor, ms } = await get('');
    expect([outcomes, ms < 5_000]).toEqual([[], true]);
    const waiting = get(`?wait=30&after=${cursor}`);
    const id = await publish();
    const answer = await waiting;
    expect(answer.outcomes.map((outcome) => outcome['call_id'])).toEqual([id]);
    expect(answer.ms).toBeLessThan(25_000);
    expect((await get(`?after=${answer.cursor}`)).outcomes).toEqual([]);
  });

  it('ends empty when nothing came, with a cursor that has moved on', async () => {
    const { cursor } = await get('?user_id=nobody');
    await publishMany(3);
    await waitFor(async () => (await get(`?after=${cursor}`)).outcomes.length === 3, {
      what: 'the outcomes',
    });
    const empty = await get(`?user_id=nobody&wait=1&after=${cursor}`);
    expect(empty.outcomes).toEqual([]);
    expect((await get(`?after=${empty.cursor}`)).outcomes).toEqual([]);
  });

  it('comes in pages of the given size, also at a gateway that has nothing in memory', async () => {
    const { cursor } = await get('');
    const expected = await publishMany(7);
    const other = await harness.startGateway();
    for (const client of [http, new HttpClient(other.url)]) {
      const seen: unknown[] = [];
      let after = cursor;
      await waitFor(
        async () => {
          const { body } = await client.get(`/v1/outcomes?limit=3&after=${after}`);
          const page = body as unknown as { outcomes: { call_id: string }[]; cursor: string };
          expect(page.outcomes.length).toBeLessThanOrEqual(3);
          seen.push(...page.outcomes.map(({ call_id: id }) => id));
          after = page.cursor;
          return seen.length >= 7;
        },
        { what: 'all pages' },
      );
      expect(sorted(seen as string[])).toEqual(sorted(expected));
    }
    await other.close();
  });

  it.each([
    ['?wait=56', '/wait'],
    ['?limit=0', '/limit'],
    ['?status=done', '/status/0'],
    ['?call_id=x', '/call_id/0'],
    [`?call_id=${`${newId()},`.repeat(101).slice(0, -1)}`.slice(0, 4_000), '/call_id'],
    ['?user=ada', '/user'],
    ['?after=x', '/after'],
  ])('is refused for %.20s, with the place', async (query, pointer) => {
    const { status, body } = await http.get(`/v1/outcomes${query}`);
    expect([status, (body['errors'] as { pointer: string }[])[0]?.pointer]).toEqual([422, pointer]);
  });

  it('is refused beyond the streams of a tenant', async () => {
    const small = await harness.startGateway({ GATEWAY_TENANT_STREAMS: '1' });
    using reader = await EventReader.open(small.url);
    const { status, body, headers } = await new HttpClient(small.url).get('/v1/outcomes');
    expect([status, body['code'], headers.get('retry-after')]).toEqual([429, 'too_many_streams', '2']);
    reader.close();
    await waitFor(async () => (await new HttpClient(small.url).get('/v1/outcomes')).status === 200, {
      what: 'a free place',
    });
    await small.close();
  });
});

describe('a cursor that is older than the log', () => {
  it('is a gap in a stream, which goes on, and 410 for an answer', async () => {
    const { body } = await http.get('/v1/outcomes');
    const cursor = String(body['cursor']);
    await publishMany(40);
    const admin = harness.client.admin();
    await admin.connect();
    const offsets = await admin.fetchTopicOffsets(topics.outcomes.name);
    await admin.deleteTopicRecords({
      topic: topics.outcomes.name,
      partitions: offsets.map(({ partition, high }) => ({ partition, offset: high })),
    });
    await admin.disconnect();
    const kept = await publishMany(3);
    // Nothing in memory: the cursor leads to Kafka.
    const other = await harness.startGateway();
    const refused = await new HttpClient(other.url).get(`/v1/outcomes?after=${cursor}`);
    expect([refused.status, refused.body['code']]).toEqual([410, 'cursor_expired']);
    using reader = await EventReader.open(other.url, { lastEventId: cursor });
    await waitFor(() => reader.callIds.length === 3, { what: 'the outcomes that are left' });
    expect(sorted(reader.callIds)).toEqual(sorted(kept));
    const [gap] = reader.named('gap');
    const { since, read } = JSON.parse(gap?.data ?? '{}') as Record<string, string>;
    expect(read).toBe(`/v1/calls?received_after=${since ?? ''}`);
    expect(Date.parse(since ?? '')).toBeGreaterThan(Date.now() - 600_000);
    reader.close();
    await other.close();
  });
});
