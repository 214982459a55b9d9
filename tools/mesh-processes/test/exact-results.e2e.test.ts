import { newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';

import { startMesh, type MeshHarness } from '../src/testing/mesh-harness.js';

let harness: MeshHarness;

beforeAll(async () => {
  harness = await startMesh();
}, 120_000);

beforeEach(async () => {
  await harness.oracle.reset();
});

afterAll(async () => {
  await harness.close();
}, 60_000);

/**
 * JSON that providers may send and few parsers keep exact: large ids, other spellings, names that are forbidden
 * elsewhere.
 */
const exact =
  '{ "id":7615917337495251231,"huge":1E400,"zero":-0,"one":1.0,"long":0.1000000000000000055,"__proto__":{"a":1},' +
  '"twice":1,"twice":2,"lone":"\\ud800","nul":"\\u0000" }';

interface Text {
  readonly status: number;
  readonly text: string;
}

/** Asks the gateway and returns the answer as text, since `JSON.parse` would round it. */
async function ask(method: string, path: string, body?: unknown): Promise<Text> {
  const response = await fetch(`${harness.mesh.gatewayUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${harness.mesh.apiKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

const answer = (text: string, method = 'POST') =>
  harness.oracle.behave({ match: { path: '/entries', method }, mode: 'status', status: 200, text });

function callOf(args: object, more: object = {}): object {
  return { user_id: 'ada', agent: { id: 'tester', run_id: newId() }, arguments: args, ...more };
}

function execute(tool: string, call: object): Promise<Text> {
  return ask('POST', `/v1/tools/${tool}/execute`, call);
}

const idOf = ({ text }: Text): string => String((JSON.parse(text) as { call_id: unknown }).call_id);

async function deletedPaths(): Promise<readonly string[]> {
  return (await harness.oracle.requests({ path: '/entries', method: 'DELETE' })).map(({ path }) => path);
}

describe('a result with numbers that no double can hold', () => {
  it('reaches the waiting caller, a duplicate, the history and a later look-up unchanged (I4)', async () => {
    await answer(exact);
    const call = callOf({ title: 'exact' });
    const first = await execute('create_entry', call);
    expect([first.status, first.text]).toEqual([200, expect.stringContaining(`"result":${exact}`)]);
    const duplicate = await execute('create_entry', call);
    expect([duplicate.status, duplicate.text]).toEqual([200, expect.stringContaining(`"result":${exact}`)]);
    for (const submission of [first, duplicate]) {
      const view = await ask('GET', `/v1/calls/${idOf(submission)}`);
      expect([view.status, view.text]).toEqual([200, expect.stringContaining(`"result":${exact}`)]);
      expect(() => JSON.parse(view.text) as unknown).not.toThrow();
    }
    const repeated = { ...call, call_id: idOf(first) };
    expect((await execute('create_entry', repeated)).text).toContain(`"result":${exact}`);
  }, 60_000);

  it('undoes the created record by the exact digits of its id (I2)', async () => {
    await answer(exact);
    const done = await execute('create_entry', callOf({ title: 'undo' }));
    const undone = await ask('POST', `/v1/calls/${idOf(done)}/compensate`);
    expect([undone.status, undone.text]).toEqual([200, expect.stringContaining('"status":"succeeded"')]);
    expect(await deletedPaths()).toEqual(['/entries/7615917337495251231']);
    const view = await ask('GET', `/v1/calls/${idOf(done)}`);
    expect(view.text).toContain(`"result":${exact}`);
    expect(JSON.parse(view.text)).toMatchObject({ compensating_actions: [{ status: 'succeeded' }] });
  }, 60_000);

  it('cannot be undone when no argument carries it, and nothing is sent (I2)', async () => {
    await answer(exact);
    const done = await execute('create_numbered', callOf({ title: 'numbered' }));
    const refused = await ask('POST', `/v1/calls/${idOf(done)}/compensate`);
    expect(refused.status).toBe(422);
    expect(JSON.parse(refused.text)).toMatchObject({
      code: 'not_compensable',
      errors: [{ pointer: '/result/id', code: 'IJSON_NUMBER_RANGE' }],
    });
    expect(await deletedPaths()).toEqual([]);
  }, 60_000);

  it('is exact in a saga too', async () => {
    await answer(exact);
    const saga_id = `saga-${newId()}`;
    await execute('create_numbered', callOf({ title: 'first' }, { saga_id }));
    await execute('create_entry', callOf({ title: 'second' }, { saga_id }));
    const { status, text } = await ask('POST', `/v1/sagas/${saga_id}/compensate`);
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ calls: [{ status: 'undone' }, { status: 'not_compensable' }] });
    expect(await deletedPaths()).toEqual(['/entries/7615917337495251231']);
  }, 60_000);

  it('is found exactly by a probe, and undone by it (I2)', async () => {
    await harness.oracle.behave({
      match: { path: '/entries', method: 'POST' },
      mode: 'close-before-response',
      effect: true,
    });
    await answer(`{"items":[ {"id":7615917337495251231,"n":1E400}, {"id":1}]}`, 'GET');
    const callId = idOf(await execute('create_findable', callOf({ title: 'found' })));
    await waitFor(
      async () => (await ask('GET', `/v1/calls/${callId}`)).text.includes('"state":"SUCCEEDED"'),
      {
        timeoutMs: 30_000,
        what: 'the probe',
      },
    );
    const view = await ask('GET', `/v1/calls/${callId}`);
    expect(view.text).toContain('"result":{"id":7615917337495251231,"n":1E400}');
    expect((await ask('POST', `/v1/calls/${callId}/compensate`)).status).toBe(200);
    expect(await deletedPaths()).toEqual(['/entries/7615917337495251231']);
  }, 60_000);

  it('stays unchanged when a person gives it in a verdict', async () => {
    await harness.oracle.behave({
      match: { path: '/entries', method: 'POST' },
      mode: 'close-before-response',
      effect: true,
    });
    const callId = idOf(await execute('create_entry', callOf({ title: 'looked' })));
    const verdict = `{"verdict":"happened","result":${exact}}`;
    const resolved = await ask('POST', `/v1/calls/${callId}/resolve`, verdict);
    expect([resolved.status, resolved.text]).toEqual([200, expect.stringContaining(`"result":${exact}`)]);
    expect((await ask('POST', `/v1/calls/${callId}/compensate`)).status).toBe(200);
    expect(await deletedPaths()).toEqual(['/entries/7615917337495251231']);
  }, 60_000);
});
