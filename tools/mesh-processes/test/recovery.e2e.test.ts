import { newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';

import { ask, callOf, startMesh, type GatewayAnswer, type MeshHarness } from '../src/testing/mesh-harness.js';

let harness: MeshHarness;

beforeAll(async () => {
  harness = await startMesh();
}, 120_000);

afterAll(async () => {
  await harness.close();
}, 60_000);

interface Case {
  readonly effect: string;
  readonly tool: string;
  readonly path: string;
  readonly args: object;
}

const cases: readonly Case[] = [
  { effect: 'read', tool: 'read_item', path: '/items/7', args: { id: '7' } },
  {
    effect: 'idempotent',
    tool: 'put_contact',
    path: '/crm/contacts/',
    args: { email: 'a@b.example', name: 'Ada' },
  },
  {
    effect: 'keyed',
    tool: 'post_message',
    path: '/slack/chat.postMessage',
    args: { channel: '#x', text: 'hello' },
  },
  { effect: 'opaque', tool: 'write_opaque', path: '/echo', args: { text: 'once' } },
];

describe('an executor that is killed while requests are under way (I1, I2, I3)', () => {
  it('leaves calls that another one settles as their effect class allows', async () => {
    const { mesh, oracle } = harness;
    for (const { path } of cases)
      await oracle.behave({ match: { path }, mode: 'delay', ms: 3_000, times: 1 });
    const answers = cases.map(({ tool, args }) =>
      ask(mesh, 'POST', `/v1/tools/${tool}/execute`, callOf(args, newId()), { prefer: 'wait=60' }),
    );
    await waitFor(
      async () =>
        (await Promise.all(cases.map(({ path }) => oracle.requests({ path })))).every(
          (seen) => seen.length === 1,
        ),
      { timeoutMs: 20_000, what: 'all four requests to be under way' },
    );
    await mesh.kill('executor');
    const killedAtMs = performance.now();
    await mesh.start('executor');
    const settled = await Promise.all(answers);
    const tookMs = performance.now() - killedAtMs;

    const outcomes = new Map(
      settled.map(({ body }, index): [string, GatewayAnswer['body']] => [cases[index]?.effect ?? '', body]),
    );
    for (const effect of ['read', 'idempotent', 'keyed']) {
      expect(outcomes.get(effect)).toMatchObject({ status: 'succeeded', recovered: true, attempts: 2 });
    }
    expect(outcomes.get('opaque')).toMatchObject({
      status: 'needs_review',
      recovered: true,
      attempts: 1,
      error: { code: 'effect_unknown' },
    });

    const requests = async (path: string): Promise<number> => (await oracle.requests({ path })).length;
    expect(await Promise.all(cases.map(({ path }) => requests(path)))).toEqual([2, 2, 2, 1]);
    const keys = (await oracle.requests({ path: '/slack/chat.postMessage' })).map(
      (seen) => seen.idempotencyKey,
    );
    expect(new Set(keys).size).toBe(1);
    expect((await oracle.effects()).duplicates).toEqual([]);
    // The new process has to load and to detect that the old one is dead. It does not wait for a lease to run out.
    expect(tookMs).toBeLessThan(30_000);
  }, 120_000);
});

describe('an executor that is stopped', () => {
  it('finishes the calls under way before it ends', async () => {
    const { mesh, oracle } = harness;
    await oracle.clearBehaviours();
    await oracle.behave({ match: { path: '/echo' }, mode: 'delay', ms: 1_000, times: 1 });
    const before = (await oracle.requests({ path: '/echo' })).length;
    const answer = ask(mesh, 'POST', '/v1/tools/write_opaque/execute', callOf({ text: 'draining' }, newId()));
    await waitFor(async () => (await oracle.requests({ path: '/echo' })).length > before, {
      timeoutMs: 20_000,
      what: 'the request to be under way',
    });
    await mesh.stop('executor');
    expect((await answer).body).toMatchObject({ status: 'succeeded', recovered: false, attempts: 1 });
    await mesh.start('executor');
  }, 60_000);
});
