import { IntegrationPublished } from '@action-mesh/contracts/auth-broker';
import { CompactedTopic } from '@action-mesh/messaging';
import type { RunningService } from '@action-mesh/platform';
import { providers } from '@action-mesh/providers';
import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';
import pg from 'pg';

import { askBroker, BrokerHarness, platformCaller, roleOf } from './broker-harness.js';

jest.setTimeout(120_000);

const acme = roleOf('owner', 'acme');
const globex = roleOf('owner', 'globex');
const github = {
  client_id: 'client-1',
  client_secret: 'canary-secret-7c1f',
  scopes: ['repo'],
  return_origins: ['https://app.acme.example'],
};

async function query(text: string): Promise<{ readonly rows: readonly Record<string, unknown>[] }> {
  const client = new pg.Client({ connectionString: harness.database.url });
  await client.connect();
  try {
    return await client.query<Record<string, unknown>>(text);
  } finally {
    await client.end();
  }
}

let harness: BrokerHarness;
let broker: RunningService;
let topic: CompactedTopic<typeof IntegrationPublished.schema>;

beforeAll(async () => {
  harness = await BrokerHarness.start();
  broker = await harness.broker({ MESH_PUBLIC_URL: 'https://mesh.example.com' });
  for (const tenant of ['acme', 'globex'])
    await askBroker(broker, platformCaller, 'PUT', `/tenants/${tenant}`, {});
  topic = new CompactedTopic({
    client: { ...harness.kafka, clientId: 'follower' },
    definition: IntegrationPublished,
  });
  await topic.ready;
});

afterAll(async () => {
  await topic.close();
  await broker.close();
  await harness[Symbol.asyncDispose]();
});

describe('an integration', () => {
  it('is shown without its secret, and reaches its followers', async () => {
    const put = await askBroker(broker, acme, 'PUT', '/integrations/github', github);
    expect(put).toMatchObject({
      status: 200,
      body: {
        integration: 'github',
        provider: 'github',
        client_id: 'client-1',
        has_client_secret: true,
        scopes: ['repo'],
        hosts: [...(providers.get('github')?.hosts ?? [])],
        base_url: 'https://api.github.com',
        return_origins: ['https://app.acme.example'],
        redirect_uri: 'https://mesh.example.com/connect/callback/acme/github',
        connections: 0,
      },
    });
    const shown = await askBroker(broker, acme, 'GET', '/integrations/github');
    const listed = await askBroker(broker, acme, 'GET', '/integrations');
    expect(shown.body).toEqual(put.body);
    expect(listed.body).toEqual({ integrations: [put.body] });
    await waitFor(() => topic.get('acme/github') !== undefined, { what: 'the integration on its topic' });
    expect(topic.get('acme/github')).toEqual({
      tenant_id: 'acme',
      integration: 'github',
      provider: 'github',
      serves: [],
      hosts: [...(providers.get('github')?.hosts ?? [])],
      base_url: 'https://api.github.com',
      changed_at: put.body['updated_at'],
    });
    // A new secret shows nowhere else, and calls that wait for it learn of it here.
    const again = await askBroker(broker, acme, 'PUT', '/integrations/github', {
      ...github,
      client_secret: 'new',
    });
    expect(again.body['updated_at']).not.toBe(put.body['updated_at']);
    await waitFor(() => topic.get('acme/github')?.changed_at === again.body['updated_at'], {
      what: 'the change on the topic',
    });
    const { rows } = await query('SELECT * FROM auth_broker.integration');
    const everything = [put, shown, listed, topic.get('acme/github'), rows.map((row) => texts(row))];
    expect(JSON.stringify(everything)).not.toContain('canary-secret-7c1f');
  });

  it('belongs to its tenant alone', async () => {
    await askBroker(broker, acme, 'PUT', '/integrations/github', github);
    expect((await askBroker(broker, globex, 'GET', '/integrations')).body).toEqual({ integrations: [] });
    for (const [method, path] of [
      ['GET', '/integrations/github'],
      ['DELETE', '/integrations/github'],
      ['DELETE', '/integrations/github?with_connections=true'],
    ] as const)
      expect(await askBroker(broker, globex, method, path)).toMatchObject({
        status: 404,
        body: { code: 'AUTH_BROKER_UNKNOWN' },
      });
    await askBroker(broker, globex, 'PUT', '/integrations/github', { ...github, client_id: 'other' });
    expect((await askBroker(broker, acme, 'GET', '/integrations/github')).body).toMatchObject({
      client_id: 'client-1',
    });
    await askBroker(broker, globex, 'DELETE', '/integrations/github');
    expect((await askBroker(broker, acme, 'GET', '/integrations/github')).status).toBe(200);
  });

  it('is changed by an owner and read by an agent', async () => {
    for (const role of ['agent', 'viewer', 'operator'] as const) {
      const caller = roleOf(role, 'acme');
      expect(await askBroker(broker, caller, 'PUT', '/integrations/github', github)).toMatchObject({
        status: 403,
        body: { scopes: ['connections:admin'] },
      });
      expect((await askBroker(broker, caller, 'DELETE', '/integrations/github')).status).toBe(403);
      expect((await askBroker(broker, caller, 'GET', '/integrations')).status).toBe(200);
      expect((await askBroker(broker, caller, 'GET', '/providers/github')).status).toBe(200);
    }
    const stranger = { ...acme, scopes: new Set(['calls:write'] as const) };
    for (const path of ['/providers', '/providers/github', '/integrations', '/integrations/github'])
      expect((await askBroker(broker, stranger, 'GET', path)).status).toBe(403);
  });

  it('leaves its followers when it is removed, and keeps its connections by default', async () => {
    await askBroker(broker, acme, 'PUT', '/integrations/github-2', { ...github, provider: 'github' });
    await waitFor(() => topic.get('acme/github-2') !== undefined, { what: 'the integration on its topic' });
    await query(
      `INSERT INTO auth_broker.connection (id, tenant_id, user_id, integration, provider, state, is_default, version, seq, created_at, consented_at, updated_at)
       VALUES (gen_random_uuid(), 'acme', 'ada', 'github-2', 'github', 'active', true, 1, 1, now(), now(), now())`,
    );
    expect(await askBroker(broker, acme, 'DELETE', '/integrations/github-2')).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('with_connections=true') as string },
    });
    const other = { ...github, provider: 'github', client_id: 'client-2' };
    expect((await askBroker(broker, acme, 'PUT', '/integrations/github-2', other)).status).toBe(409);
    expect(
      (await askBroker(broker, acme, 'DELETE', '/integrations/github-2?with_connections=true')).status,
    ).toBe(204);
    await waitFor(() => topic.get('acme/github-2') === undefined, { what: 'the end of the integration' });
    const { rows } = await query("SELECT state FROM auth_broker.connection WHERE integration = 'github-2'");
    expect(rows.map((row) => row['state'])).not.toContain('active');
    expect((await askBroker(broker, acme, 'GET', '/integrations/github-2')).status).toBe(404);
  });
});

function texts(row: Record<string, unknown>): unknown {
  return Object.values(row).map((value) => (value instanceof Buffer ? value.toString('latin1') : value));
}
