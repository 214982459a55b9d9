import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';

import { ask, startMesh, type GatewayAnswer, type MeshHarness } from '../src/testing/mesh-harness.js';
import { storedTexts } from './stored-texts.js';

const canary = `canary/${newId()}`;
/** A text in the arguments. It shows that the search finds texts that are present. */
const visible = `visible-${newId()}`;

interface Received {
  readonly path: string;
  readonly authorization: string | undefined;
}

let provider: Server;
let origin: string;
let harness: MeshHarness;
const received: Received[] = [];

/** Repeats the request in the answer, as echo services and careless error pages do. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const { url = '', headers } = request;
  const path = new URL(url, 'http://provider').pathname;
  received.push({ path: url, authorization: headers.authorization });
  if (path.startsWith('/reset')) return void request.socket.destroy();
  const status = Number(/^\/(\d{3})/.exec(path)?.[1] ?? 200);
  const repeated = `${headers.authorization ?? ''} ${url} ${canary}`;
  response.writeHead(status, {
    'content-type': 'application/json',
    'x-request': repeated,
    'ratelimit-policy': repeated,
    'x-request-id': canary,
    ...(status === 302 ? { location: `/elsewhere/${canary}?key=${canary}` } : {}),
    ...(status === 429 ? { 'retry-after': '60' } : {}),
  });
  response.end(JSON.stringify({ repeated }).replaceAll('/', '\\/'));
}

beforeAll(async () => {
  provider = createServer(answer).listen(0, '127.0.0.1');
  await once(provider, 'listening');
  origin = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  harness = await startMesh({
    providerUrls: { in_header: origin, in_query: origin },
    executorVariables: {
      LOG_LEVEL: 'debug',
      CREDENTIAL_IN_HEADER: `${origin} bearer:${canary}`,
      CREDENTIAL_IN_QUERY: `${origin} query:key:${canary}`,
      CREDENTIAL_ABSENT: `https://api.example basic:ada:${canary}`,
    },
  });
}, 120_000);

afterAll(async () => {
  await harness.close();
  provider.close();
}, 60_000);

function call(tool: string, id: string, user_id = 'ada'): Promise<GatewayAnswer> {
  const body = { user_id, agent: { id: 'tester', run_id: newId() }, arguments: { id } };
  return ask(harness.mesh, 'POST', `/v1/tools/${tool}/execute`, body, { prefer: 'wait=10' });
}

/** Whether the text contains the canary, in any of its possible spellings. */
function leaks(text: string): boolean {
  const bare = canary.slice('canary/'.length);
  return [bare, Buffer.from(bare).toString('hex')].some((form) => text.includes(form));
}

describe('a static credential', () => {
  it('reaches its provider, and no data, answer or log of the mesh contains it', async () => {
    const answers: GatewayAnswer[] = [];
    for (const slug of ['in_header', 'in_query']) {
      answers.push(await call(`${slug}_read`, visible));
      for (const id of ['401', '302', '503', 'reset']) {
        answers.push(await call(`${slug}_read`, `${id}-${visible}`));
        answers.push(await call(`${slug}_write`, `${id}-${visible}`));
      }
    }
    expect(answers[0]?.body).toMatchObject({ status: 'succeeded' });
    expect(answers.map(({ body }) => body['status'])).toEqual(
      expect.arrayContaining(['failed', 'dead', 'needs_review']),
    );
    expect(
      received.filter(({ authorization }) => authorization === `Bearer ${canary}`).length,
    ).toBeGreaterThan(8);
    expect(received.filter(({ path }) => path.includes(encodeURIComponent(canary))).length).toBeGreaterThan(
      8,
    );
    for (const { body } of [...answers])
      answers.push(await ask(harness.mesh, 'GET', `/v1/calls/${String(body['call_id'])}`));
    for (const list of ['calls', 'dead-letters', 'breakers'])
      answers.push(await ask(harness.mesh, 'GET', `/v1/${list}`));
    const { body: dead } = await ask(harness.mesh, 'GET', '/v1/dead-letters');
    for (const { call_id } of dead['calls'] as { call_id: string }[])
      answers.push(await ask(harness.mesh, 'GET', `/v1/dead-letters/${call_id}`));
    const said = JSON.stringify(answers.map(({ body, headers }) => [body, [...headers]]));
    expect([said.includes(visible), leaks(said)]).toEqual([true, false]);
    const stored = await storedTexts(harness);
    const found = stored.filter(({ text }) => text.includes(visible)).map(({ place }) => place);
    expect(found).toContain('mesh.outcomes');
    expect(found.filter((place) => place.startsWith('executor.'))).not.toEqual([]);
    expect(stored.filter(({ text }) => leaks(text))).toEqual([]);
    expect(said).toContain('[credential]');
    expect(harness.mesh.output).toContain('consumer lane');
    expect(leaks(harness.mesh.output)).toBe(false);
  }, 120_000);

  it('without a use is named in the log, with the reason', async () => {
    await waitFor(() => harness.mesh.output.includes('CREDENTIAL_ABSENT'), {
      what: 'the line',
      timeoutMs: 30_000,
    });
    expect(harness.mesh.output).toContain('no tool has the provider \\"absent\\"');
  }, 60_000);

  it('is one client for its provider: a block of one user applies to all', async () => {
    await call('in_header_read', '429-first', 'ada');
    const before = received.length;
    expect((await call('in_header_read', 'second', 'bob')).body).toMatchObject({
      status: 'waiting',
      waiting: { reason: 'provider_blocked' },
    });
    expect(received).toHaveLength(before);
  }, 60_000);
});
