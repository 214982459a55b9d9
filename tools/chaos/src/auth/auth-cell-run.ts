import { writeFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';

import type { LeaseAnswer } from '@action-mesh/connections';
import { topicConfigurations } from '@action-mesh/contracts';
import { createDatabase, OwnTopics } from '@action-mesh/devstack';
import { connectAccount, MeshProcesses } from '@action-mesh/mesh-processes';
import { ensureTopics } from '@action-mesh/messaging';
import { OpenResources } from '@action-mesh/platform';
import pg from 'pg';

import { crashBrokerAt } from './broker-crash.js';
import type { AuthCell, AuthCellResult } from './auth-cells.js';
import { startRacedServer, type RacedServer } from './raced-server.js';
import { TokenCaller } from './token-caller.js';
import { authFaults } from './auth-verdict.js';

export interface AuthContext {
  readonly brokers: readonly string[];
  readonly databaseUrl: string;
  readonly callers: number;
  readonly signal: AbortSignal;
}

const userId = 'ada';
const integration = 'raced';
const tenantId = 'default';
const brokerNames = ['auth-broker', 'auth-broker-2', 'auth-broker-3'] as const;
/** More partitions than brokers, so each broker gets requests for the same connection. */
const requestPartitions = 6;
/** A crashed broker's lease has to end, and its group to notice, before others go on. */
const patienceMs = 150_000;

/** Runs one race on a mesh of its own: a gateway, and three brokers that refresh one connection at once. */
export async function runAuthCell(cell: AuthCell, context: AuthContext): Promise<AuthCellResult> {
  const open = new OpenResources();
  try {
    return await race(cell, context, open);
  } finally {
    await open.close();
  }
}

async function race(cell: AuthCell, context: AuthContext, open: OpenResources): Promise<AuthCellResult> {
  const { brokers, callers } = context;
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(patienceMs)]);
  const { prefix: topicPrefix } = open.use(new OwnTopics(brokers, 'auth'));
  const client = { brokers, clientId: 'chaos', topicPrefix };
  await ensureTopics(client, (count) =>
    topicConfigurations(count).map((topic) =>
      topic.name === 'mesh.tokens.requests' ? { ...topic, partitions: requestPartitions } : topic,
    ),
  );
  const database = open.use(await createDatabase(context.databaseUrl, 'mesh_auth'));
  const server = open.use(await startRacedServer(cell));
  const mesh = open.use(
    new MeshProcesses({
      devstack: { kafkaBrokers: brokers },
      topicPrefix,
      databaseUrl: database.url,
      tools: '',
      providerUrls: {},
      egressAllow: [server.host],
      // A broker that dies at its point is the purpose of the cell.
      onUnexpectedExit: () => undefined,
    }),
  );
  const disarmed = join(tmpdir(), `chaos-auth-${randomUUID()}`);
  await writeFile(disarmed, '');
  open.add(disarmed, (file) => rm(file, { force: true }));
  const preloads = crashBrokerAt(cell.disturbance, disarmed);
  for (const name of brokerNames) await mesh.start(name, {}, preloads);
  await mesh.start('gateway');
  const connectionId = await connect(mesh, server);
  const caller = open.use(await TokenCaller.start(client, mesh.serviceKey));
  const wanted = { tenant_id: tenantId, user_id: userId, integration };
  // Every broker has its partitions and its connections before the race begins.
  await Promise.all(Array.from({ length: 24 }, () => caller.ask(wanted, signal)));

  await expireToken(database.url, connectionId);
  server.disturb();
  await rm(disarmed);
  const startedAtMs = performance.now();
  const answers = await Promise.all(
    Array.from({ length: callers }, () =>
      caller.ask(wanted, signal).catch((error: unknown) => error as Error),
    ),
  );
  const tookMs = Math.round(performance.now() - startedAtMs);
  const killed = brokerNames.filter((name) => mesh.outputOf(name).includes('SIGKILL at'));
  // The gateway may know the killed broker alone.
  for (const name of killed) await mesh.start(name);
  const shown = await shownConnection(mesh, connectionId);
  const isLive = await server.livenessOf(tokensIn(answers));
  const uses = server.uses();
  const result = {
    ...cell,
    callers,
    served: answers.filter((answer) => isLive.get(tokenOf(answer) ?? '') === true).length,
    sentToUser: answers.filter((answer) => codeOf(answer) === 'needs_reauth').length,
    mostUses: Math.max(0, ...uses),
    refreshTokens: uses.length,
    state: shown.reason === undefined ? shown.state : `${shown.state} (${shown.reason})`,
    crashed: killed.length > 0,
    tookMs,
  };
  return { ...result, faults: authFaults(cell, result, answers, mesh.output) };
}

async function connect(mesh: MeshProcesses, server: RacedServer): Promise<string> {
  const answer = await fetch(`${mesh.gatewayUrl}/v1/integrations/${integration}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${mesh.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(server.integration),
  });
  if (!answer.ok) throw new Error(`the integration was answered ${answer.status}: ${await answer.text()}`);
  return connectAccount({
    gatewayUrl: mesh.gatewayUrl,
    apiKey: mesh.apiKey,
    userId,
    integration,
    consent: (url) => server.consent(url),
  });
}

/** Makes the access token end, as if it had lived for an hour. */
async function expireToken(databaseUrl: string, connectionId: string): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await client.query(
      `UPDATE auth_broker.connection SET issued_at = now() - interval '1 hour', expires_at = now() - interval '1 s'
        WHERE id = $1`,
      [connectionId],
    );
  } finally {
    await client.end();
  }
}

async function shownConnection(
  mesh: MeshProcesses,
  id: string,
): Promise<{ readonly state: string; readonly reason?: string }> {
  const answer = await fetch(`${mesh.gatewayUrl}/v1/connections/${id}`, {
    headers: { authorization: `Bearer ${mesh.apiKey}` },
  });
  if (!answer.ok) throw new Error(`the connection was answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as { state: string; reason?: string };
}

function tokensIn(answers: readonly (LeaseAnswer | Error)[]): readonly string[] {
  return [...new Set(answers.flatMap((answer) => tokenOf(answer) ?? []))];
}

function tokenOf(answer: LeaseAnswer | Error): string | undefined {
  if (answer instanceof Error || !('credential' in answer)) return undefined;
  return answer.credential.places[0]?.value.replace(/^Bearer /, '');
}

function codeOf(answer: LeaseAnswer | Error): string | undefined {
  return !(answer instanceof Error) && 'refusal' in answer ? answer.refusal.code : undefined;
}
