import { fileURLToPath } from 'node:url';

import { readPageCursor, writePageCursor } from '@action-mesh/contracts/executor';
import { routes, type Route, type RouteName } from '@action-mesh/contracts/gateway';
import { newKeyText, readKeyText } from '@action-mesh/identity';
import { newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';
import pg from 'pg';

import { newTenantKey } from '../src/index.js';
import { startMesh, type MeshHarness } from '../src/testing/mesh-harness.js';

/**
 * One tenant tries the names of another: ids, cursors, idempotency keys, hashes and saga ids. Every route must answer as
 * it answers names that do not exist.
 */

/** Pairs of requests for each probe. */
const rounds = 9;
/** Measurements of one probe, since other load can slow a few requests. */
const tries = 4;

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly ms: number;
}

/** A request with a name in it. */
interface Probe {
  readonly route: RouteName;
  readonly what: string;
  /** Names that the other tenant uses. Each serves for one request, except in probes that change nothing. */
  readonly foreign: () => readonly string[];
  /** A name of the same form that nobody uses. */
  readonly unknown: (foreign: string) => string;
  /** The parameters of the path. The name takes the place of `*`. */
  readonly path?: string;
  readonly query?: (name: string) => Readonly<Record<string, string>>;
  readonly body?: (name: string) => unknown;
  readonly headers?: (name: string) => Readonly<Record<string, string>>;
  /** Undoes the request, if it changes something. */
  readonly undo?: (name: string) => Promise<unknown>;
}

const mcpMeta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': { extensions: { 'io.modelcontextprotocol/tasks': {} } },
};

let harness: MeshHarness;
const keys = { acme: '', globex: '' };
type Tenant = keyof typeof keys;

const names = {
  /** Calls of acme that succeeded, each with a user, a run, a saga, an agent and an idempotency key of its own. */
  calls: [] as string[],
  users: [] as string[],
  runs: [] as string[],
  sagas: [] as string[],
  agents: [] as string[],
  idempotencyKeys: [] as string[],
  dead: [] as string[],
  keys: [] as string[],
  limits: [] as string[],
  policies: [] as string[],
  /** Approvals that wait for a decision. */
  approvals: [] as string[],
  endpoints: [] as string[],
  deliveries: [] as string[],
  switches: [] as string[],
  cursors: [] as string[],
  deadCursors: [] as string[],
  integrations: [] as string[],
  triggers: [] as string[],
  triggerDeliveries: [] as string[],
  flowRuns: [] as string[],
  connections: [] as string[],
  sessions: [] as string[],
};

async function ask(
  tenant: Tenant,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const startedAt = performance.now();
  const response = await fetch(`${harness.mesh.gatewayUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${keys[tenant]}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, ms: performance.now() - startedAt };
}

async function made(method: string, path: string, body: unknown): Promise<Record<string, unknown>> {
  const { status, text } = await ask('acme', method, path, body);
  if (status >= 300) throw new Error(`${method} ${path} was answered with ${status}: ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}

/** Two probes use each name of a call. */
const count = 2 * rounds * tries;
const firstHalf = (all: readonly string[]): readonly string[] => all.slice(0, count / 2);
const secondHalf = (all: readonly string[]): readonly string[] => all.slice(count / 2);
const numbered = (prefix: string): string[] => Array.from({ length: count }, (_, n) => `${prefix}-${n}`);

/** The arguments of the call with this number. The number ends the name of its run. */
const content = (index: number): object => ({ id: `item-${index}` });

async function makeNames(): Promise<void> {
  Object.assign(names, {
    users: numbered('eve'),
    runs: numbered('their-run'),
    sagas: numbered('their-saga'),
    agents: numbered('their-agent'),
    idempotencyKeys: numbered('their-key'),
    limits: numbered('their-limit').map((name) => name.replaceAll('-', '_')),
    policies: numbered('their-policy'),
    triggers: numbered('their-trigger').map((name) => name.replaceAll('-', '_')),
  });
  for (let index = 0; index < count; index += 1) {
    const call = {
      call_id: newId(),
      user_id: names.users[index],
      agent: { id: names.agents[index], run_id: names.runs[index] },
      saga_id: names.sagas[index],
      idempotency_key: names.idempotencyKeys[index],
      arguments: content(index),
    };
    const done = await made('POST', '/v1/tools/read_item/execute', call);
    expect(done['status']).toBe('succeeded');
    names.calls.push(call.call_id);
  }
  for (let index = 0; index < rounds; index += 1)
    names.flowRuns.push(
      String((await made('POST', '/v1/flows/their-flow/runs', { key: `their-key-${index}` }))['id']),
    );
  await harness.oracle.behave({ match: { path: '/crm' }, mode: 'status', status: 503 });
  for (let index = 0; index < rounds; index += 1) {
    const call = {
      user_id: names.users[index],
      agent: { id: 'a', run_id: newId() },
      arguments: { email: `eve-${index}@acme.example`, name: 'Eve' },
    };
    const dead = await made('POST', '/v1/tools/put_contact/execute', call);
    expect(dead['status']).toBe('dead');
    names.dead.push(String(dead['call_id']));
  }
  await harness.oracle.reset();
  for (let index = 0; index < rounds; index += 1) {
    names.keys.push(
      String((await made('POST', '/v1/keys', { role: 'agent', holder: `eve-${index}` }))['id']),
    );
    const target = { type: 'user', value: `nobody-${index}` };
    names.switches.push(String((await made('POST', '/v1/switches', { target, reason: 'a test' }))['id']));
    const trigger = names.triggers[index] ?? '';
    await made('PUT', `/v1/triggers/${trigger}`, declaration);
    names.triggerDeliveries.push(String((await made('POST', `/v1/hooks/${trigger}`, {}))['trigger_id']));
    const id = names.limits[index] ?? '';
    const policy = { id, match: { tool: 'find_tickets' }, per: 'tool', limit: 1_000, window: '1m' };
    await made('PUT', `/v1/limits/${id}`, policy);
    await made('PUT', `/v1/policies/${names.policies[index] ?? ''}`, rule);
  }
  await makeApprovals();
  names.cursors.push(String((await made('GET', '/v1/calls?limit=1', undefined))['cursor']));
  names.deadCursors.push(String((await made('GET', '/v1/dead-letters?limit=1', undefined))['cursor']));
}

/** Calls of the user `asked`, which wait for an approval. Three probes use one each. */
async function makeApprovals(): Promise<void> {
  await made('PUT', '/v1/policies/asking', {
    decision: 'ask',
    match: { user_id: 'asked' },
    reason: 'a test',
  });
  const ask = { user_id: 'asked', tool, arguments: content(0), mode: 'dry_run' };
  await waitFor(
    async () => {
      const run = { id: 'a', run_id: newId() };
      const { preview } = await made('POST', '/v1/tools/read_item/execute', {
        ...ask,
        tool: undefined,
        agent: run,
      });
      return (preview as { policy?: { decision: string } }).policy?.decision === 'ask';
    },
    { what: 'the policy to be known' },
  );
  for (let index = 0; index < 3 * rounds; index += 1) {
    const call = { user_id: 'asked', agent: { id: 'a', run_id: newId() }, arguments: content(index) };
    const { waiting } = await made('POST', '/v1/tools/read_item/execute', call);
    names.approvals.push((waiting as { approval: { id: string } }).approval.id);
  }
}

async function makeConnections(): Promise<void> {
  const client = new pg.Client(harness.databaseUrl);
  await client.connect();
  try {
    for (let index = 0; index < rounds; index += 1) {
      const endpoint = String((await made('POST', '/v1/webhook-endpoints', hook(index)))['id']);
      names.endpoints.push(endpoint);
      const { rows: deliveries } = await client.query<{ id: string }>(
        `INSERT INTO webhooks.webhook_delivery (id, tenant_id, endpoint_id, call_id, seq, type, body, status, ended_at)
         VALUES (gen_random_uuid(), 'acme', $1, gen_random_uuid(), 1, 'call.failed', '{}', 'failed', now()) RETURNING id`,
        [endpoint],
      );
      names.deliveries.push(deliveries[0]?.id ?? '');
      const integration = `their-app-${index}`;
      await made('PUT', `/v1/integrations/${integration}`, app);
      names.integrations.push(integration);
      const session = { user_id: names.users[index], integration };
      names.sessions.push(String((await made('POST', '/v1/connect-sessions', session))['id']));
      // Its credential does not matter here, only its id.
      const { rows } = await client.query<{ id: string }>(
        `INSERT INTO auth_broker.connection
           (id, tenant_id, user_id, integration, provider, state, is_default, version, seq, created_at, updated_at)
         VALUES (gen_random_uuid(), 'acme', $1, $2, $3, 'active', true, 1, 1, now(), now()) RETURNING id`,
        [names.users[index], integration, app.provider],
      );
      names.connections.push(rows[0]?.id ?? '');
    }
  } finally {
    await client.end();
  }
}

/** An integration whose users enter a key. */
const app = { provider: 'api-key-header', hosts: ['api.example.com'], base_url: 'https://api.example.com' };

/** An endpoint to which this test has nothing to report. */
const hook = (index: number): object => ({
  url: `https://hooks.example/their-hook-${index}`,
  filter: { users: ['nobody-at-all'] },
});

/** A policy that decides about no call of this test. */
const rule = { decision: 'deny', match: { tool: 'find_tickets' }, reason: 'a test' };
/** A trigger that starts no calls, so each of its deliveries is skipped. */
const declaration = { scheme: 'api_key' };

const call = (more: object): object => ({
  user_id: 'mallory',
  agent: { id: 'a', run_id: newId() },
  arguments: { id: newId() },
  ...more,
});
const tool = { slug: 'read_item' };
const unknownKeyId = (): string => readKeyText(newKeyText('api', 'dev'))?.id ?? '';
const limit = (id: string): object => ({
  id,
  match: { tool: 'find_tickets' },
  per: 'tool',
  limit: 1_000,
  window: '1m',
});
/** A cursor at the same time as a foreign one, with the id of no call. */
const cursorBeside = (cursor: string | undefined): string => {
  const end = readPageCursor(cursor ?? '');
  return writePageCursor({ atUs: end?.atUs ?? '1', callId: newId() });
};

const probes: readonly Probe[] = [
  ...(['findCall', 'findAttempts', 'findResult', 'cancelCall', 'compensateCall'] as const).map((route) => ({
    route,
    what: 'the id of a call',
    foreign: () => names.calls,
    unknown: newId,
  })),
  {
    route: 'compareCalls',
    what: 'the id of a call',
    foreign: () => names.calls,
    unknown: newId,
    query: (name) => ({ with: name }),
  },
  ...(['findDead', 'redriveCall', 'findCall'] as const).map((route) => ({
    route,
    what: 'the id of a dead call',
    foreign: () => names.dead,
    unknown: newId,
  })),
  {
    route: 'resolveCall',
    what: 'the id of a dead call',
    foreign: () => names.dead,
    unknown: newId,
    body: () => ({ verdict: 'give_up' }),
  },
  {
    route: 'rescheduleCall',
    what: 'the id of a dead call',
    foreign: () => names.dead,
    unknown: newId,
    body: () => ({ not_before: '2030-01-01T00:00:00Z' }),
  },
  {
    route: 'correctCall',
    what: 'the id of a dead call',
    foreign: () => names.dead,
    unknown: newId,
    body: () => ({ arguments: { email: 'a@b.example', name: 'Ada' } }),
  },
  {
    route: 'redriveCalls',
    what: 'the id of a dead call',
    foreign: () => names.dead,
    unknown: newId,
    body: (name) => ({ redrive_id: 'probe', call_ids: [name] }),
  },
  {
    route: 'redriveCalls',
    what: 'the user of dead calls',
    foreign: () => names.users,
    unknown: newId,
    body: (name) => ({ redrive_id: 'probe', filter: { user_id: name } }),
  },
  { route: 'findApproval', what: 'an approval', foreign: () => names.approvals, unknown: newId },
  ...(['approveCall', 'rejectCall'] as const).map(
    (route): Probe => ({
      route,
      what: 'an approval',
      foreign: () => names.approvals,
      unknown: newId,
      body: () => ({ arguments_digest: '0'.repeat(64) }),
    }),
  ),
  {
    route: 'listApprovals',
    what: 'the filter user_id',
    foreign: () => ['asked'],
    unknown: newId,
    query: (name) => ({ user_id: name }),
  },
  ...(['tasks/get', 'tasks/update', 'tasks/cancel'] as const).map(
    (method): Probe => ({
      route: 'speakMcp',
      what: `the task of ${method}`,
      foreign: () => names.calls,
      unknown: newId,
      body: (name) => ({ jsonrpc: '2.0', id: 1, method, params: { taskId: name, _meta: mcpMeta } }),
      headers: (name) => ({
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': method,
        'mcp-name': name,
      }),
    }),
  ),
  { route: 'compensateSaga', what: 'a saga', foreign: () => names.sagas, unknown: newId },
  ...(['user_id', 'agent_id', 'run_id'] as const).map(
    (filter): Probe => ({
      route: 'listCalls',
      what: `the filter ${filter}`,
      foreign: () => ({ user_id: names.users, agent_id: names.agents, run_id: names.runs })[filter],
      unknown: newId,
      query: (name) => ({ [filter]: name }),
    }),
  ),
  ...(['user_id', 'run_id', 'call_id'] as const).map(
    (filter): Probe => ({
      route: 'readOutcomes',
      what: `the filter ${filter}`,
      foreign: () => ({ user_id: names.users, run_id: names.runs, call_id: names.calls })[filter],
      unknown: newId,
      query: (name) => ({ [filter]: name }),
    }),
  ),
  ...(['listDead', 'listWaiting'] as const).map(
    (route): Probe => ({
      route,
      what: 'the filter user_id',
      foreign: () => names.users,
      unknown: newId,
      query: (name) => ({ user_id: name }),
    }),
  ),
  ...(['listCalls', 'listWaiting', 'listDead'] as const).map((route): Probe => {
    const cursors = route === 'listDead' ? names.deadCursors : names.cursors;
    return {
      route,
      what: 'a cursor',
      foreign: () => cursors,
      unknown: () => cursorBeside(cursors[0]),
      query: (name) => ({ cursor: name }),
    };
  }),
  {
    route: 'listRefused',
    what: 'a cursor',
    foreign: () => ['1'],
    unknown: () => '987654321',
    query: (name) => ({ cursor: name }),
  },
  { route: 'tellCall', what: 'a call', foreign: () => names.calls, unknown: () => newId() },
  { route: 'tellRun', what: 'a run', foreign: () => names.runs, unknown: newId },
  ...(['user_id', 'agent_id', 'run_id', 'call_id'] as const).map(
    (filter): Probe => ({
      route: 'listEntries',
      what: `the filter ${filter}`,
      foreign: () =>
        ({ user_id: names.users, agent_id: names.agents, run_id: names.runs, call_id: names.calls })[filter],
      unknown: newId,
      query: (name) => ({ [filter]: name }),
    }),
  ),
  { route: 'eraseUser', what: 'a user', foreign: () => names.users, unknown: newId },
  { route: 'removeLimit', what: 'a limit', foreign: () => names.limits, unknown: () => `l_${newId()}` },
  {
    route: 'putLimit',
    what: 'a limit',
    foreign: () => names.limits,
    unknown: () => `l_${newId()}`,
    body: limit,
    undo: (name) => ask('globex', 'DELETE', `/v1/limits/${name}`),
  },
  ...(['findTrigger', 'removeTrigger', 'rotateTriggerSecret', 'listDeliveries'] as const).map((route) => ({
    route,
    what: 'a trigger',
    foreign: () => names.triggers,
    unknown: () => `t_${newId().replaceAll('-', '_')}`,
  })),
  {
    route: 'putTrigger',
    what: 'a trigger',
    foreign: () => names.triggers,
    unknown: () => `t_${newId().replaceAll('-', '_')}`,
    body: () => declaration,
    undo: (name) => ask('globex', 'DELETE', `/v1/triggers/${name}`),
  },
  {
    route: 'startFlow',
    what: 'a flow',
    foreign: () => ['their-flow'],
    unknown: () => `flow-${newId()}`,
    body: () => ({ key: newId() }),
  },
  ...(['findFlowRun', 'resumeFlowRun', 'cancelFlowRun', 'answerFlowRun'] as const).map((route) => ({
    route,
    what: 'a run of a flow',
    foreign: () => names.flowRuns,
    unknown: () => `run_${newId().replaceAll('-', '')}`,
    ...(route === 'answerFlowRun' ? { body: () => ({ step: 'keep', choice: 'yes' }) } : {}),
  })),
  {
    route: 'listFlowRuns',
    what: 'a flow',
    foreign: () => ['their-flow'],
    unknown: () => `flow-${newId()}`,
    query: (name) => ({ flow: name }),
  },
  {
    route: 'replayDelivery',
    what: 'a delivery',
    path: 'ours',
    foreign: () => names.triggerDeliveries,
    unknown: newId,
  },
  ...(['findKey', 'rotateKey', 'revokeKey'] as const).map((route) => ({
    route,
    what: 'a key',
    foreign: () => names.keys,
    unknown: unknownKeyId,
  })),
  { route: 'liftSwitch', what: 'a switch', foreign: () => names.switches, unknown: newUuid },
  ...(['key', 'tenant'] as const).map(
    (type): Probe => ({
      route: 'turnOnSwitch',
      what: `a ${type} as its target`,
      foreign: () => (type === 'key' ? names.keys : ['acme']),
      unknown: type === 'key' ? unknownKeyId : () => `t${newId()}`,
      body: (name) => ({ target: { type, value: name }, reason: 'a probe' }),
    }),
  ),
  ...(
    [
      'findWebhookEndpoint',
      'removeWebhookEndpoint',
      'testWebhookEndpoint',
      'rotateWebhookSecret',
      'enableWebhookEndpoint',
      'listWebhookDeliveries',
    ] as const
  ).map((route) => ({
    route,
    what: 'a webhook endpoint',
    foreign: () => names.endpoints,
    unknown: newUuid,
  })),
  {
    route: 'putWebhookEndpoint',
    what: 'a webhook endpoint',
    foreign: () => names.endpoints,
    unknown: newUuid,
    body: () => hook(0),
  },
  {
    route: 'redeliverWebhooks',
    what: 'a webhook endpoint',
    foreign: () => names.endpoints,
    unknown: newUuid,
    body: () => ({ from: '2026-01-01T00:00:00.000Z' }),
  },
  {
    route: 'redeliverWebhook',
    what: 'a webhook delivery',
    foreign: () => names.deliveries,
    unknown: newUuid,
  },
  ...(['findPolicy', 'removePolicy'] as const).map((route) => ({
    route,
    what: 'a policy',
    foreign: () => names.policies,
    unknown: () => `p-${newId()}`,
  })),
  {
    route: 'putPolicy',
    what: 'a policy',
    foreign: () => names.policies,
    unknown: () => `p-${newId()}`,
    body: () => rule,
    undo: (name) => ask('globex', 'DELETE', `/v1/policies/${name}`),
  },
  ...(['user_id', 'key_id'] as const).map(
    (member): Probe => ({
      route: 'explainPolicies',
      what: `the member ${member}`,
      foreign: () => (member === 'key_id' ? names.keys : names.users),
      unknown: member === 'key_id' ? unknownKeyId : newId,
      body: (name) => ({ user_id: 'mallory', tool: 'find_tickets', arguments: {}, [member]: name }),
    }),
  ),
  ...(['findTenant', 'removeTenant'] as const).map((route) => ({
    route,
    what: 'a tenant',
    foreign: () => ['acme'],
    unknown: () => `t${newId()}`,
  })),
  ...(['putTenant', 'createTenantKey'] as const).map((route) => ({
    route,
    what: 'a tenant',
    foreign: () => ['acme'],
    unknown: () => `t${newId()}`,
    body: () => ({ role: 'owner' }),
  })),
  ...(['findIntegration', 'removeIntegration'] as const).map((route) => ({
    route,
    what: 'an integration',
    foreign: () => names.integrations,
    unknown: () => `i-${newId()}`,
  })),
  {
    route: 'putIntegration',
    what: 'an integration',
    foreign: () => names.integrations,
    unknown: () => `i-${newId()}`,
    body: () => app,
    undo: (name) => ask('globex', 'DELETE', `/v1/integrations/${name}`),
  },
  {
    route: 'proxyRequest',
    what: 'an integration',
    foreign: () => names.integrations,
    unknown: () => `i-${newId()}`,
    body: () => ({ user_id: 'mallory', method: 'GET', path: '/items' }),
  },
  {
    route: 'createConnectSession',
    what: 'an integration',
    foreign: () => names.integrations,
    unknown: () => `i-${newId()}`,
    body: (name) => ({ user_id: 'mallory', integration: name }),
  },
  {
    route: 'createConnectSession',
    what: 'a connection to repair',
    foreign: () => names.connections,
    unknown: newUuid,
    body: (name) => ({ user_id: 'mallory', integration: 'ours', connection_id: name }),
  },
  ...(['findConnectSession', 'completeConnectSession'] as const).map(
    (route): Probe => ({
      route,
      what: 'a session',
      foreign: () => names.sessions,
      unknown: newUuid,
      ...(route === 'completeConnectSession' ? { body: () => ({ completion: 'guessed' }) } : {}),
    }),
  ),
  ...(['findConnection', 'setDefaultConnection', 'disconnect'] as const).map((route) => ({
    route,
    what: 'a connection',
    foreign: () => names.connections,
    unknown: newUuid,
  })),
  ...(['user_id', 'integration'] as const).map(
    (filter): Probe => ({
      route: 'listConnections',
      what: `the filter ${filter}`,
      foreign: () => (filter === 'user_id' ? names.users : names.integrations),
      unknown: () => `i-${newId()}`,
      query: (name) => ({ [filter]: name }),
    }),
  ),
  ...(['executeTool', 'submitCalls'] as const).flatMap((route): Probe[] => {
    const about = { route, ...(route === 'executeTool' ? { path: tool.slug } : {}) };
    // Each probe uses every name once: the second use by one tenant is a repetition.
    const half = route === 'executeTool' ? firstHalf : secondHalf;
    const body = (more: object): object => call(route === 'executeTool' ? more : { tool, ...more });
    return [
      {
        ...about,
        what: 'the id of a call',
        foreign: () => half(names.calls),
        unknown: newId,
        body: (name) => body({ call_id: name }),
      },
      {
        ...about,
        what: 'an idempotency key with other content',
        foreign: () => half(names.idempotencyKeys),
        unknown: newId,
        body: (name) => body({ idempotency_key: name }),
      },
      {
        ...about,
        what: 'the hash of a call',
        foreign: () => half(names.runs),
        unknown: (foreign) => `nobodys-run-${foreign.split('-')[2] ?? ''}-${newId()}`,
        body: (name) =>
          body({
            user_id: `eve-${name.split('-')[2] ?? ''}`,
            agent: { id: 'a', run_id: name },
            arguments: content(Number(name.split('-')[2])),
          }),
      },
    ];
  }),
];

/** The guarded routes whose requests carry no name of one tenant. */
const withoutNames: readonly RouteName[] = [
  // All tenants share the tools.
  'listTools',
  'findTool',
  'listToolkits',
  'findToolkit',
  'compareToolkit',
  'importToolkit',
  'setStable',
  'removeToolkit',
  'retireToolkit',
  'listOverrides',
  'proposeOverride',
  'approveOverride',
  'rejectOverride',
  'fireTrigger',
  'createKey',
  'createWebhookEndpoint',
  // All tenants have the same registry of providers.
  'listProviders',
  'findProvider',
  ...lists(),
];

/** The lists that take no name of a tenant. */
function lists(): readonly RouteName[] {
  return [
    'listLimits',
    'listBreakers',
    'listKeys',
    'listSwitches',
    'listPolicies',
    'listWebhookEndpoints',
    'listTenants',
    'whoAmI',
    'listIntegrations',
    'listTriggers',
    'listEntries',
    'exportHistory',
    'readCheckpoint',
    'verifyHistory',
    'listFlows',
  ];
}

function newUuid(): string {
  return crypto.randomUUID();
}

beforeAll(async () => {
  harness = await startMesh({
    audit: true,
    flows: fileURLToPath(new URL('../src/testing/flows', import.meta.url)),
  });
  keys.acme = await newTenantKey(harness.mesh, 'acme');
  keys.globex = await newTenantKey(harness.mesh, 'globex');
  await makeNames();
  await makeConnections();
  await ask('globex', 'PUT', '/v1/integrations/ours', app);
  await ask('globex', 'PUT', '/v1/triggers/ours', declaration);
  await ask('globex', 'POST', '/v1/tools/read_item/execute', call({ user_id: 'ours' }));
}, 240_000);

afterAll(async () => {
  await harness.close();
}, 60_000);

async function send({ route, path, query, body, headers, undo }: Probe, name: string): Promise<Answer> {
  const { method, path: pattern } = routes[route] as Route;
  const target = pattern
    .replace(/:\w+/, encodeURIComponent(path ?? name))
    .replace(/:\w+/, encodeURIComponent(name));
  const search = query === undefined ? '' : `?${new URLSearchParams(query(name)).toString()}`;
  const given = body?.(name) ?? (method === 'POST' ? {} : undefined);
  const answer = await ask('globex', method, target + search, given, headers?.(name));
  if (answer.status < 300) await undo?.(name);
  return answer;
}

/** The answer without the parts that differ between any two requests: the name itself, ids, times, and durations. */
function shapeOf({ status, text }: Answer, name: string): string {
  const shape = text
    .replaceAll(name, '<name>')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/[0-9a-f]{32,64}/g, '<hash>')
    // The cursor of a stream moves with the whole mesh.
    .replace(/"cursor":"AQ[\w-]+"/g, '"cursor":<any>')
    .replace(/"(duration_ms|id)":"?[\w-]+"?/g, '"$1":<any>')
    .replace(/item item-\w+/g, '<item>');
  return `${status} ${shape}`;
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

describe('the probes', () => {
  it('cover every guarded route, or it is listed as one without names', () => {
    const guarded = (Object.entries(routes) as [RouteName, Route][])
      .filter(([, { scope }]) => scope !== 'open')
      .map(([name]) => name);
    const covered = new Set([...probes.map(({ route }) => route), ...withoutNames]);
    expect(guarded.filter((name) => !covered.has(name))).toEqual([]);
  });
});

describe('a list', () => {
  it.each(['listCalls', 'listWaiting', 'listDead', 'listRefused', ...lists()] as const)(
    '%s shows nothing of another tenant',
    async (name) => {
      const { status, text } = await ask('globex', 'GET', routes[name].path);
      expect(status).toBe(name === 'listTenants' ? 403 : 200);
      if (name === 'listCalls') expect(text).toContain('ours');
      for (const word of [
        'acme',
        'eve-',
        'their',
        ...names.calls,
        ...names.dead,
        ...names.keys,
        ...names.switches,
        ...names.approvals,
        ...names.connections,
        ...names.endpoints,
      ])
        expect(text).not.toContain(word);
    },
  );
});

describe('the metrics of all tenants', () => {
  it.each(['acme', 'globex'] as const)('answer a key of %s with nothing', async (tenant) => {
    const { status, text } = await ask(tenant, 'GET', routes.readMetrics.path);
    expect(status).toBe(401);
    expect(text).not.toMatch(/mesh_[a-z_]+(?:\{| \d)|acme/);
  });
});

describe('a name of another tenant', () => {
  it.each(probes.map((probe) => [probe.route, probe.what, probe] as const))(
    'answers as an unknown one at %s: %s',
    async (_route, _what, probe) => {
      const foreign = probe.foreign();
      expect(foreign.length).toBeGreaterThan(0);
      let next = 0;
      const measured: string[] = [];
      for (let attempt = 0; attempt < tries; attempt += 1) {
        const [foreignMs, unknownMs]: [number[], number[]] = [[], []];
        for (let round = 0; round < rounds; round += 1) {
          const theirs = foreign[next % foreign.length] ?? '';
          const nobodys = probe.unknown(theirs);
          next += 1;
          const order = round % 2 === 0 ? [theirs, nobodys] : [nobodys, theirs];
          const answers = new Map<string, Answer>();
          for (const name of order) answers.set(name, await send(probe, name));
          const [one, other] = [answers.get(theirs), answers.get(nobodys)];
          if (one === undefined || other === undefined) throw new Error('not asked');
          expect(shapeOf(one, theirs)).toBe(shapeOf(other, nobodys));
          expect(one.status).toBeLessThan(500);
          foreignMs.push(one.ms);
          unknownMs.push(other.ms);
        }
        // A millisecond more on both sides: below it the clock of the client decides.
        const ratio = (median(foreignMs) + 1) / (median(unknownMs) + 1);
        if (ratio < 2 && ratio > 0.5) return;
        measured.push(ratio.toFixed(2));
      }
      throw new Error(`the times differ: ${measured.join(', ')}`);
    },
    120_000,
  );
});

describe('the names of the first tenant', () => {
  it('are all still there', async () => {
    expect((await ask('acme', 'GET', '/v1/calls?status=dead')).text).toContain(names.dead[0] ?? '-');
    for (const id of names.keys) expect((await ask('acme', 'GET', `/v1/keys/${id}`)).status).toBe(200);
    const switches = (await ask('acme', 'GET', '/v1/switches')).text;
    for (const id of names.switches) expect(switches).toContain(id);
    const limits = (await ask('acme', 'GET', '/v1/limits')).text;
    for (const id of names.limits.slice(0, rounds)) expect(limits).toContain(`"${id}"`);
    const triggers = (await ask('acme', 'GET', '/v1/triggers')).text;
    for (const name of names.triggers.slice(0, rounds)) expect(triggers).toContain(`"${name}"`);
    for (const id of names.dead)
      expect((await ask('acme', 'GET', `/v1/dead-letters/${id}`)).status).toBe(200);
    for (const id of names.connections)
      expect((await ask('acme', 'GET', `/v1/connections/${id}`)).text).toContain('"state":"active"');
  });
});
