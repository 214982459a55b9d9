import { fileURLToPath } from 'node:url';

import { createDatabase, OwnTopics, startDevstack, type Devstack } from '@action-mesh/devstack';
import { childSpan, compiledFile, formatTraceparent } from '@action-mesh/kernel';
import { OpenResources } from '@action-mesh/platform';
import { startProviderSimulator } from '@action-mesh/testing';

import { ChildProcess, MeshProcesses } from '@action-mesh/mesh-processes';
import {
  accountNameOf,
  connectAccounts,
  demoTenants,
  demoUser,
  startDemoAuthorization,
  unluckyUser,
  type DemoTenant,
} from './accounts.js';
import { measureCalm } from './calm.js';
import { playDeadLetter } from './dead-letter.js';
import { gatherDemoEvidence, type DemoEvidence } from './evidence.js';
import { tellRun } from './run-story.js';
import { playSecondTenant } from './second-tenant.js';
import type { Step } from './agent.js';

export interface DemoOptions {
  readonly leads: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** The agent's calls for one lead. */
const stepsPerLead = 3;

/** The share of the leads that arrive before the kill of the executor. */
const calmShare = 0.75;

/** The interval between two webhooks. */
const webhookEveryMs = 100;

/** The time that the provider holds one write. The executor is killed meanwhile. */
const heldMs = 2_000;

/** The `Retry-After` of the provider's 429. It equals no delay of the ladder, and is shorter than the usual 47 s. */
const retryAfterS = 3;

/** The time limit for steps that should take seconds. */
const patienceMs = 90_000;

const toolsFolder = fileURLToPath(new URL('./tools', import.meta.url));

/**
 * Runs the main job on real infrastructure. Users of two tenants connect their accounts. Webhooks arrive, and an agent
 * makes three calls for each. It sends every call three times at once. Meanwhile the tokens expire, and the executor is
 * killed in the middle of a write. At the end the provider's own records are compared with the agent's answers. Leaves
 * nothing running in any case.
 */
export async function runDemo({ leads, say, signal }: DemoOptions): Promise<DemoEvidence> {
  const open = new OpenResources();
  const broken = new AbortController();
  const stopped = AbortSignal.any([signal, broken.signal]);
  const fail = (error: Error): void => broken.abort(error);
  try {
    return await abortable(play({ leads, say, signal: stopped }, open, fail, broken.signal), stopped);
  } catch (error) {
    // An open resource is already gone or ends with its supervisor. People need the first error, not this one.
    await open.close().catch(() => undefined);
    throw error;
  } finally {
    say('Stopping everything.');
    await open.close();
  }
}

async function play(
  { leads, say, signal }: DemoOptions,
  open: OpenResources,
  fail: (error: Error) => void,
  broken: AbortSignal,
): Promise<DemoEvidence> {
  const devstack = open.use(await startDevstack({ report: say, signal }));
  void devstack.ended.then(() => fail(new Error('the infrastructure of the demo ended')));
  const { prefix: topicPrefix } = open.use(new OwnTopics(devstack.kafkaBrokers, 'demo'));
  const database = open.use(await createDatabase(devstack.databaseUrl, 'mesh_demo'));
  const oracle = open.use(await startProviderSimulator());
  const authorization = open.use(await startDemoAuthorization());
  const mesh = open.use(
    new MeshProcesses({
      devstack,
      topicPrefix,
      databaseUrl: database.url,
      tools: toolsFolder,
      audit: true,
      providerUrls: { sim_enrich: oracle.url, sim_crm: oracle.url, sim_slack: oracle.url },
      egressAllow: [new URL(oracle.url).host, authorization.host],
      onUnexpectedExit: fail,
      broken,
    }),
  );
  await mesh.startAll();
  say(`each service runs in a process of its own; the gateway is at ${mesh.gatewayUrl}`);

  const tenants = await demoTenants(mesh);
  for (const tenant of tenants) await connectAccounts(mesh, authorization, tenant, new URL(oracle.url).host);
  say('users of two tenants have connected their accounts at the CRM and the messenger');

  const steps: Step[] = [];
  const agents = tenants.map((tenant) =>
    open.use(startAgent(mesh, tenant, { devstack, topicPrefix, steps, fail })),
  );
  await Promise.all(agents.map((agent) => agent.firstMessage()));
  say('an example agent of each tenant listens to mesh.triggers\n');
  say('the calm part: writes one at a time, beside direct requests to the same provider');
  const calm = await measureCalm(mesh, oracle, signal);

  say('the second tenant makes a call that equals one of the first tenant, and its key is revoked');
  const secondTenant = await playSecondTenant(mesh, oracle, tenants[1]);

  // From here on the CRM and the messenger ask the authorization server about each token.
  for (const path of ['/crm', '/slack'])
    await oracle.behave({ match: { path }, mode: 'authorized', checkUrl: authorization.endpoints.me });
  const emails = Array.from({ length: leads }, (_, index) => `lead-${index + 1}@example.com`);
  const victim = emails[Math.floor(leads * calmShare)] ?? '';
  const victimPath = `/crm/contacts/${encodeURIComponent(victim)}`;
  await oracle.behave({ match: { path: victimPath }, mode: 'delay', ms: heldMs, times: 1 });
  say(
    `${leads} webhooks new_lead_created arrive; ${leads * stepsPerLead} calls follow, each sent three times at once`,
  );
  const traceIds: string[] = [];
  const sending = sendWebhooks(mesh, tenants, emails, traceIds);
  sending.catch((error: unknown) => fail(asError(error)));
  await until(
    async () => (await oracle.requests({ path: victimPath })).length > 0,
    signal,
    () => mesh.output,
  );
  const undisturbed = [...steps];
  await mesh.kill('executor');
  say(`the executor was killed while ${victim} was being written to the CRM`);
  await pause(500);
  await oracle.behave({
    match: { path: '/slack' },
    mode: 'status',
    status: 429,
    headers: { 'retry-after': String(retryAfterS) },
    times: 1,
  });
  await mesh.start('executor');
  say(
    `a new executor runs; the messenger answers its first request with 429 and asks for ${retryAfterS} s of silence`,
  );
  await until(
    () => Promise.resolve(steps.length === leads * stepsPerLead),
    signal,
    () =>
      `${steps.length} of ${leads * stepsPerLead} calls ended\n${mesh.output}${agents.map(({ output }) => output).join('')}`,
  );
  await sending;
  say('a write meets a broken provider, dies, and is redriven when the provider works again');
  const deadLetter = await playDeadLetter(mesh, oracle, (condition) =>
    until(condition, signal, () => mesh.output),
  );
  say('the history tells the run of the lead whose write met the kill');
  const { runId = '' } = steps.find(({ lead }) => lead === victim) ?? {};
  const tenant = tenantOfLead(tenants, emails.indexOf(victim));
  const story = await tellRun(mesh, tenant, { runId, calls: stepsPerLead }, (condition) =>
    until(condition, signal, () => mesh.output),
  );
  return gatherDemoEvidence({
    ...{ leads: emails, traceIds, steps, undisturbed, calm, oracle, deadLetter, secondTenant, story },
    silenceMs: retryAfterS * 1_000,
    connections: {
      accountOf: (email) =>
        email === undefined
          ? accountNameOf(tenants[0].tenantId, unluckyUser)
          : accountNameOf(tenantOfLead(tenants, emails.indexOf(email)).tenantId, demoUser),
      redemptions: [...authorization.record.redemptions.values()],
    },
  });
}

async function sendWebhooks(
  mesh: MeshProcesses,
  tenants: readonly [DemoTenant, DemoTenant],
  emails: readonly string[],
  traceIds: string[],
): Promise<void> {
  for (const [index, email] of emails.entries()) {
    traceIds.push(await sendWebhook(mesh, tenantOfLead(tenants, index), email));
    await pause(webhookEveryMs);
  }
}

/** The leads belong to the two tenants in turn. */
function tenantOfLead<Tenant>(tenants: readonly [Tenant, Tenant], index: number): Tenant {
  return index % 2 === 0 ? tenants[0] : tenants[1];
}

function startAgent(
  { gatewayUrl }: MeshProcesses,
  { tenantId, agentKey, publisherToken }: DemoTenant,
  parts: {
    readonly devstack: Devstack;
    readonly topicPrefix: string;
    readonly steps: Step[];
    readonly fail: (error: Error) => void;
  },
): ChildProcess {
  const { devstack, topicPrefix, steps, fail } = parts;
  return new ChildProcess({
    name: `the example agent of ${tenantId}`,
    file: compiledFile('./agent-main', import.meta.url),
    args: [devstack.kafkaBrokers.join(','), topicPrefix, gatewayUrl, agentKey, publisherToken, tenantId],
    env: {},
    onMessage: (message) => {
      if (isStep(message)) steps.push(message);
    },
    onUnexpectedExit: fail,
  });
}

async function sendWebhook(
  { gatewayUrl }: MeshProcesses,
  { agentKey: apiKey }: DemoTenant,
  email: string,
): Promise<string> {
  const trace = childSpan();
  const response = await fetch(`${gatewayUrl}/v1/hooks/new_lead_created`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      traceparent: formatTraceparent(trace),
    },
    body: JSON.stringify({ email }),
  });
  if (response.status !== 202) {
    throw new Error(`the webhook got status ${response.status}: ${await response.text()}`);
  }
  return trace.traceId;
}

function isStep(message: unknown): message is Step {
  return typeof message === 'object' && message !== null && 'submissions' in message;
}

async function until(
  condition: () => Promise<boolean>,
  signal: AbortSignal,
  explain: () => string,
): Promise<void> {
  const giveUpAtMs = performance.now() + patienceMs;
  while (!(await condition())) {
    signal.throwIfAborted();
    if (performance.now() > giveUpAtMs) throw new Error(`nothing more happened: ${explain()}`);
    await pause(20);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Rejects as soon as the signal aborts. The work ends when it checks the signal itself. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => undefined);
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(asError(signal.reason)), { once: true });
    }),
  ]);
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('stopped');
}
