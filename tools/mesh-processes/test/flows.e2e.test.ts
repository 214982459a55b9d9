import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { importFlow } from '@action-mesh/flow-import';
import { compileTool } from '@action-mesh/tools/compile';
import { waitFor } from '@action-mesh/testing';

import { ask, startMesh, type GatewayAnswer, type MeshHarness } from '../src/testing/mesh-harness.js';
import { putContact } from '../src/testing/tools/writes.js';

const flows = fileURLToPath(new URL('../src/testing/flows', import.meta.url));

let harness: MeshHarness;

beforeAll(async () => {
  harness = await startMesh({ flows });
}, 120_000);

afterAll(async () => {
  await harness.close();
}, 60_000);

const api = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  ask(harness.mesh, method, path, body, headers);

async function start(flow: string, key: string, input: object): Promise<string> {
  const { status, body } = await api('POST', `/v1/flows/${flow}/runs`, { key, input });
  if (status !== 200) throw new Error(`the start of ${flow} was answered with ${JSON.stringify(body)}`);
  return String(body['id']);
}

async function inState(run: string, state: string, timeoutMs = 45_000): Promise<GatewayAnswer['body']> {
  let last: GatewayAnswer['body'] = {};
  try {
    await waitFor(
      async () => {
        last = (await api('GET', `/v1/flow-runs/${run}`)).body;
        return last['state'] === state;
      },
      { what: `the run in the state ${state}`, timeoutMs },
    );
  } catch (error) {
    throw new Error(`the run is ${JSON.stringify(last)}`, { cause: error });
  }
  return last;
}

/** The requests at the provider whose text has these words. */
async function requestsWith(words: string): Promise<number> {
  const requests = await harness.oracle.requests({ limit: 10_000 });
  return requests.filter((request) => JSON.stringify(request).includes(words)).length;
}

async function restart(): Promise<void> {
  await harness.mesh.kill('flows');
  await harness.mesh.start('flows');
}

it('starts one run for an event, however often it arrives, and each step has one effect', async () => {
  const event = { lead: 'lead-1', owner: 'ada' };
  for (const key of ['a', 'a', 'b'])
    expect((await api('POST', '/v1/hooks/new_lead_created', event, { 'idempotency-key': key })).status).toBe(
      202,
    );
  await waitFor(
    async () => ((await api('GET', '/v1/flow-runs?flow=new-lead')).body['runs'] as unknown[]).length > 0,
    {
      what: 'the run of the event',
      timeoutMs: 30_000,
    },
  );
  const [run] = (await api('GET', '/v1/flow-runs?flow=new-lead')).body['runs'] as { id: string }[];
  const ended = await inState(run?.id ?? '', 'succeeded');
  expect(ended).toMatchObject({
    user_id: 'ada',
    source: 'webhook/new_lead_created',
    key: 'lead-1',
    result: { lead: 'lead-1' },
    steps: [
      { path: 'enrich', state: 'answered' },
      { path: 'update-crm', state: 'answered' },
      { path: 'tell-sales', state: 'answered' },
    ],
  });
  expect(await requestsWith('New lead lead-1')).toBe(1);
  expect(((await api('GET', '/v1/flow-runs?flow=new-lead')).body['runs'] as unknown[]).length).toBe(1);
});

it('sleeps past the validity of its tools, dies in between, and sends nothing twice (I1)', async () => {
  const run = await start('long-rest', 'k1', { name: 'sleeper', seconds: 4 });
  await waitFor(async () => (await requestsWith('sleeper before')) === 1, { what: 'the first step' });
  await inState(run, 'open');
  await restart();
  await inState(run, 'succeeded');
  expect([await requestsWith('sleeper before'), await requestsWith('sleeper after')]).toEqual([1, 1]);
});

it('sends a step once when it dies before the answer is on record, for longer than the validity (I1)', async () => {
  await harness.oracle.behave({ match: { path: '/brief' }, mode: 'delay', ms: 300 });
  const run = await start('long-rest', 'k2', { name: 'crasher', seconds: 0 });
  await waitFor(async () => (await requestsWith('crasher before')) === 1, { what: 'the first step' });
  await harness.mesh.kill('flows');
  await harness.oracle.reset();
  const sent = await requestsWith('crasher before');
  // The call ends, and its validity of a second with it.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  await harness.mesh.start('flows');
  await inState(run, 'succeeded');
  expect((await requestsWith('crasher before')) - sent).toBe(0);
  expect(await requestsWith('crasher after')).toBe(1);
});

it('has one effect for each step, whichever step it dies in (I1)', async () => {
  const leads = ['dies-in-enrich', 'dies-in-update', 'dies-in-tell'];
  const slow = (path: string) => harness.oracle.behave({ match: { path }, mode: 'delay', ms: 1_500 });
  await slow('/items/dies-in-enrich');
  await slow('/crm/contacts/dies-in-update');
  await slow('/slack');
  const runs = await Promise.all(leads.map((lead) => start('new-lead', lead, { lead, owner: 'ada' })));
  await waitFor(
    async () => {
      const paths = (await harness.oracle.requests({ limit: 10_000 })).map(
        ({ path, body }) => path + JSON.stringify(body),
      );
      return ['/items/dies-in-enrich', '/crm/contacts/dies-in-update', 'New lead dies-in-tell'].every(
        (part) => paths.some((request) => request.includes(part)),
      );
    },
    { what: 'a request of each step', timeoutMs: 30_000 },
  );
  await restart();
  for (const run of runs) await inState(run, 'succeeded');
  for (const lead of leads)
    expect([await requestsWith(`New lead ${lead}`), await requestsWith(`${lead}%40example.com`)]).toEqual([
      1, 1,
    ]);
  await harness.oracle.reset();
});

it('stops and sends nothing when its code asks for something else than before (RX2)', async () => {
  await harness.oracle.behave({ match: { path: '/brief' }, mode: 'delay', ms: 300 });
  const run = await start('unsteady', 'k1', { name: 'unsteady-1' });
  await waitFor(async () => (await requestsWith('unsteady-1')) === 1, { what: 'the first request' });
  await restart();
  const stopped = await inState(run, 'diverged');
  expect(stopped).toMatchObject({ problem: { code: 'FLOWS_DIVERGED', step: 'write' } });
  expect(await requestsWith('unsteady-1')).toBe(1);
  expect((await api('POST', `/v1/flow-runs/${run}/cancel`, {})).status).toBe(200);
  // The ledger has a call that the code does not ask for any more, so a person has to look at its effect.
  expect(await inState(run, 'needs_review')).toMatchObject({ problem: { stands: ['write'] } });
  await harness.oracle.reset();
});

it('waits for a person, and undoes its steps when it fails', async () => {
  await harness.oracle.behave({
    match: { path: '/entries', method: 'POST' },
    mode: 'status',
    status: 201,
    body: { id: 'e1' },
  });
  const run = await start('undo-all', 'k1', { title: 'undone' });
  await waitFor(
    async () => {
      const { body } = await api('GET', `/v1/flow-runs/${run}`);
      return ((body['steps'] ?? []) as { kind: string }[]).some(({ kind }) => kind === 'ask');
    },
    { what: 'the question', timeoutMs: 30_000 },
  );
  const answer = (choice: string) => api('POST', `/v1/flow-runs/${run}/answer`, { step: 'keep', choice });
  expect((await answer('perhaps')).status).toBe(422);
  expect((await answer('no')).status).toBe(200);
  expect((await answer('yes')).status).toBe(409);
  expect(await inState(run, 'failed')).toMatchObject({ problem: { message: 'the person refused' } });
  const requests = await harness.oracle.requests({ path: '/entries' });
  expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /entries',
    'DELETE /entries/e1',
  ]);
});

it('answers starts that cannot be with a fix', async () => {
  const wrong = await Promise.all([
    api('POST', '/v1/flows/nobody/runs', { key: 'k' }),
    api('POST', '/v1/flows/long-rest/runs', { key: '' }),
    api('POST', '/v1/flows/new-lead/runs', { key: 'k', input: {} }),
    api('GET', '/v1/flow-runs/run_1'),
    api('GET', `/v1/flow-runs/run_${'0'.repeat(32)}`),
  ]);
  expect(wrong.map(({ status, body }) => [status, typeof body['fix']])).toEqual([
    [404, 'string'],
    [422, 'string'],
    [422, 'string'],
    [404, 'string'],
    [404, 'string'],
  ]);
});

/** A workflow of n8n: a webhook, and a request that writes a contact. */
const exported = JSON.stringify({
  name: 'Moved in',
  nodes: [
    {
      name: 'New lead',
      type: 'n8n-nodes-base.webhook',
      typeVersion: 2,
      position: [0, 0],
      parameters: { httpMethod: 'POST', path: 'moved-lead', authentication: 'headerAuth' },
    },
    {
      name: 'Update CRM',
      type: 'n8n-nodes-base.httpRequest',
      typeVersion: 4.2,
      position: [200, 0],
      parameters: {
        method: 'PUT',
        url: '=http://127.0.0.1:9/crm/contacts/{{ $json.body.email }}',
        sendBody: true,
        bodyParameters: { parameters: [{ name: 'name', value: '={{ $json.body.name }}' }] },
      },
    },
  ],
  connections: { 'New lead': { main: [[{ node: 'Update CRM', type: 'main', index: 0 }]] } },
});

it('runs a workflow that was imported, in place of the flows before', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mesh-moved-in-'));
  const compiled = compileTool(putContact);
  if (!compiled.ok) throw new Error('the tool does not compile');
  const { tool } = compiled;
  const { files, report } = importFlow({
    text: exported,
    name: 'moved.json',
    catalogue: [tool],
  });
  expect(report.isComplete).toBe(true);
  await mkdir(join(folder, 'default/moved-in'), { recursive: true });
  for (const { path, text } of files) await writeFile(join(folder, 'default/moved-in', path), text);
  await writeFile(join(folder, 'default/moved-in/config.json'), '{ "flow_user": "ada" }');
  await harness.mesh.stop('flows');
  await harness.mesh.start('flows', { FLOWS: folder });
  const flows = (await api('GET', '/v1/flows')).body['flows'] as { id: string }[];
  expect(flows.map(({ id }) => id)).toEqual(['moved-in']);
  const event = { email: 'moved@example.com', name: 'Moved In Person' };
  expect((await api('POST', '/v1/hooks/moved_lead', event)).status).toBe(202);
  await waitFor(async () => (await requestsWith('Moved In Person')) === 1, {
    what: 'the request of the imported flow',
    timeoutMs: 30_000,
  });
  const [run] = (await api('GET', '/v1/flow-runs?flow=moved-in')).body['runs'] as { id: string }[];
  expect(await inState(run?.id ?? '', 'succeeded')).toMatchObject({ user_id: 'ada' });
  await rm(folder, { recursive: true });
});
