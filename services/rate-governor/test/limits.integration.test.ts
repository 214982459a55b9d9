import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { LimitPublished, type LimitPolicy, type LimitView } from '@action-mesh/contracts/rate-governor';
import { createDatabase, startKafka, type KafkaHandle, type OwnDatabase } from '@action-mesh/devstack';
import { CompactedTopic } from '@action-mesh/messaging';
import { leakCheck, waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { rateGovernorConfig, startRateGovernor, type RateGovernorConfig } from '../src/index.js';

jest.setTimeout(120_000);

const serviceKey = 'k'.repeat(48);

/** A broker of its own: a rate governor lifts limits that it does not know, and one test stops the broker. */
let kafka: KafkaHandle;
let database: OwnDatabase;
let folder: string;

beforeAll(async () => {
  kafka = await startKafka();
  database = await createDatabase(process.env['DATABASE_URL'] ?? '', 'mesh_test');
  folder = await mkdtemp(join(tmpdir(), 'limits-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await database.drop();
  await kafka[Symbol.asyncDispose]();
});

leakCheck();

const limitOf = (id: string, limit = 10): LimitPolicy => ({
  id,
  match: { provider: 'crm' },
  per: 'credential',
  limit,
  window: '1m',
});

/** The form in which the tenant sees its limit. */
const ownOf = (id: string, limit = 10): LimitPolicy => ({
  ...limitOf(id, limit),
  match: { provider: 'crm', tenant: 'acme' },
});

/** The form of the limit on the topic. */
const published = (id: string, limit = 10): LimitPolicy => ({ ...ownOf(id, limit), owner: 'acme' });

async function configOf(
  code: readonly unknown[],
  name = 'limits.json',
  databaseUrl = database.url,
): Promise<RateGovernorConfig> {
  const file = join(folder, name);
  await writeFile(file, JSON.stringify(code));
  return rateGovernorConfig({
    KAFKA_BROKERS: kafka.brokers.join(','),
    DATABASE_URL: databaseUrl,
    MESH_SERVICE_KEY: serviceKey,
    RATE_GOVERNOR_LIMITS: file,
    PORT: '0',
    LOG_LEVEL: 'silent',
  });
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function ask(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  tenant = 'acme',
  key = serviceKey,
): Promise<Answer> {
  const response = await fetch(`${url}/internal/limits${path}`, {
    method,
    headers: {
      'x-mesh-service-key': key,
      'x-mesh-tenant': tenant,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

async function withView(
  look: (view: CompactedTopic<typeof LimitPublished.schema>) => Promise<unknown>,
): Promise<void> {
  const client = { brokers: kafka.brokers, clientId: 'view' };
  const view = new CompactedTopic({ client, definition: LimitPublished });
  try {
    await view.ready;
    await look(view);
  } finally {
    await view.close();
  }
}

describe('the rate governor on a real broker and database', () => {
  it('publishes the limits of files and of the API', async () => {
    await using governor = await startRateGovernor(await configOf([limitOf('in-code')]));
    await withView(async (view) => {
      expect(view.get('in-code')).toMatchObject(limitOf('in-code'));
      const stranger = await ask(
        governor.url,
        'PUT',
        '/by-hand',
        limitOf('by-hand', 5),
        'acme',
        'x'.repeat(48),
      );
      expect(stranger.status).toBe(401);
      const put = await ask(governor.url, 'PUT', '/by-hand', limitOf('by-hand', 5));
      expect(put).toEqual({
        status: 200,
        body: { policy: ownOf('by-hand', 5), source: 'api', published: true },
      });
      await waitFor(() => view.get('acme/by-hand')?.limit === 5, { what: 'the limit to be published' });
      await ask(governor.url, 'PUT', '/by-hand', limitOf('by-hand', 6));
      await waitFor(() => view.get('acme/by-hand')?.limit === 6, { what: 'the change to be published' });
    });
  });

  it('keeps both after a restart, and lifts limits that are gone from its files', async () => {
    await using governor = await startRateGovernor(await configOf([]));
    const { body } = await ask(governor.url, 'GET', '');
    expect((body as { limits: LimitView[] }).limits).toEqual([
      { policy: ownOf('by-hand', 6), source: 'api', published: true },
    ]);
    await withView((view) => {
      expect([...view.values()]).toEqual([published('by-hand', 6)]);
      return Promise.resolve();
    });
  });

  it('lifts no limit of another deployment with other files and another database (Q3)', async () => {
    const empty = await createDatabase(process.env['DATABASE_URL'] ?? '', 'mesh_test');
    try {
      await using first = await startRateGovernor(await configOf([limitOf('in-code')]));
      await ask(first.url, 'PUT', '/theirs', limitOf('theirs'), 'globex');
      await using second = await startRateGovernor(
        await configOf([limitOf('in-code', 99), limitOf('second')], 'other.json', empty.url),
      );
      await withView(async (view) => {
        await waitFor(() => view.get('second') !== undefined, { what: 'the limits of the second' });
        expect([...view.values()].map(({ id, limit }) => [id, limit]).sort()).toEqual([
          ['by-hand', 6],
          ['in-code', 10],
          ['second', 10],
          ['theirs', 10],
        ]);
      });
      // A tenant sees its own limits and those that cover everyone, and removes its own alone.
      const shown = (await ask(second.url, 'GET', '')).body as { limits: LimitView[] };
      expect(shown.limits.map(({ policy }) => policy.id)).toEqual(['by-hand', 'in-code', 'second']);
      expect((await ask(second.url, 'DELETE', '/theirs')).status).toBe(404);
      expect((await ask(first.url, 'DELETE', '/theirs', undefined, 'globex')).status).toBe(204);
      await withView((view) => {
        expect(view.get('globex/theirs')).toBeUndefined();
        return Promise.resolve();
      });
    } finally {
      await empty.drop();
    }
    await (await startRateGovernor(await configOf([], 'other.json')))[Symbol.asyncDispose]();
    await (await startRateGovernor(await configOf([])))[Symbol.asyncDispose]();
  });

  it('refuses a request that names no tenant', async () => {
    await using governor = await startRateGovernor(await configOf([]));
    expect((await ask(governor.url, 'GET', '', undefined, '')).status).toBe(400);
    expect((await ask(governor.url, 'PUT', '/x', limitOf('x'), '')).status).toBe(400);
  });

  it('lifts a limit with a tombstone', async () => {
    await using governor = await startRateGovernor(await configOf([]));
    await withView(async (view) => {
      expect((await ask(governor.url, 'DELETE', '/by-hand')).status).toBe(204);
      await waitFor(() => view.size === 0, { what: 'the limit to be lifted' });
    });
    expect((await ask(governor.url, 'GET', '/by-hand')).status).toBe(404);
  });

  it('names the mistake', async () => {
    await using governor = await startRateGovernor(await configOf([limitOf('in-code')]));
    expect(await ask(governor.url, 'PUT', '/x', { ...limitOf('x'), limit: 0, window: '1w' })).toMatchObject({
      status: 422,
      body: {
        code: 'RATE_GOVERNOR_INVALID_LIMIT',
        problems: [{ pointer: '/limit' }, { pointer: '/window' }],
      },
    });
    expect((await ask(governor.url, 'PUT', '/in-code', limitOf('in-code'))).status).toBe(409);
    expect((await ask(governor.url, 'DELETE', '/in-code')).status).toBe(409);
    expect((await ask(governor.url, 'DELETE', '/x')).status).toBe(404);
  });

  it('does not start on a file with mistakes, and changes nothing', async () => {
    const config = await configOf([{ ...limitOf('in-code'), limit: 0 }, limitOf('b'), limitOf('b')]);
    await expect(startRateGovernor(config)).rejects.toThrow(/\/0\/limit.*"b" appears twice/);
    await withView((view) => {
      expect([...view.values()]).toMatchObject([limitOf('in-code')]);
      return Promise.resolve();
    });
  });

  it('publishes pending limits after the broker has returned', async () => {
    await using governor = await startRateGovernor(await configOf([]));
    await kafka.stop({ signal: 'SIGKILL' });
    const put = ask(governor.url, 'PUT', '/late', limitOf('late'));
    await kafka.restart();
    expect((await put).status).toBe(200);
    await waitFor(async () => ((await ask(governor.url, 'GET', '/late')).body as LimitView).published, {
      timeoutMs: 60_000,
      what: 'the limit to be published',
    });
    await withView((view) => {
      expect(view.get('acme/late')).toEqual(published('late'));
      return Promise.resolve();
    });
  });
});
