import { hash } from 'node:crypto';

import { defined, newId } from '@action-mesh/kernel';
import { buildRequest, type BindableTool } from '@action-mesh/tools';
import { waitFor } from '@action-mesh/testing';

import { ask, callOf, startMesh, type GatewayAnswer, type MeshHarness } from '../src/testing/mesh-harness.js';

let harness: MeshHarness;

beforeAll(async () => {
  harness = await startMesh();
}, 120_000);

beforeEach(async () => {
  await harness.oracle.reset();
  await harness.oracle.behave({ match: { path: '/photos' }, mode: 'keyed' });
});

afterAll(async () => {
  await harness.close();
}, 60_000);

function call(tool: string, args: object, user_id = 'ada'): Promise<GatewayAnswer> {
  const body = { ...callOf(args, newId()), user_id };
  return ask(harness.mesh, 'POST', `/v1/tools/${tool}/execute`, body, { prefer: 'wait=20' });
}

/** Serves a file from the simulator. The newest text of a path comes first, `times` times. */
async function serve(path: string, text: string, times?: number): Promise<string> {
  const headers = { 'content-type': 'image/gif' };
  const limited = defined({ times });
  await harness.oracle.behave({ match: { path }, mode: 'status', status: 200, headers, text, ...limited });
  return `${harness.oracle.url}${path}`;
}

/** The digest of the tool's request body with this file. */
function digestOf(content: string, more: object, filename?: string): string {
  const tool: BindableTool = {
    provider: { slug: 'sim', base_url: harness.oracle.url },
    input: { type: 'object', properties: { photo: {}, title: {} } },
    http: {
      method: 'POST',
      path: '/photos',
      parameters: [],
      headers: {},
      body: { encoding: 'multipart', files: { photo: 'image/png' } },
    },
  };
  const named = defined({ filename });
  const photo = { base64: Buffer.from(content).toString('base64'), ...named, ...more };
  return hash('sha256', Buffer.from(buildRequest(tool, { photo }).body ?? ''), 'hex');
}

async function uploads(): Promise<{ readonly digests: string[]; readonly effects: number }> {
  const requests = await harness.oracle.requests({ path: '/photos' });
  const effects = requests.filter(({ effect }) => effect === 'new').length;
  return { digests: requests.map(({ bodyDigest }) => bodyDigest), effects };
}

async function endOf(callId: string): Promise<GatewayAnswer['body']> {
  let view: GatewayAnswer['body'] = {};
  await waitFor(
    async () => {
      view = (await ask(harness.mesh, 'GET', `/v1/calls/${callId}`)).body;
      return ['SUCCEEDED', 'FAILED', 'NEEDS_REVIEW', 'DEAD'].includes(String(view['state']));
    },
    { timeoutMs: 30_000, what: 'the call to end' },
  );
  return view;
}

describe('an upload by URL', () => {
  it('reaches the provider once, with exactly its bytes and its type', async () => {
    const url = await serve('/files/a.gif', 'GIF89a…');
    const { body } = await call('upload_photo', { photo: { url } });
    expect(body).toMatchObject({ status: 'succeeded' });
    const digest = digestOf('GIF89a…', { content_type: 'image/gif' }, 'a.gif');
    expect(await uploads()).toEqual({ digests: [digest], effects: 1 });
    const { body: view } = await ask(harness.mesh, 'GET', `/v1/calls/${String(body['call_id'])}`);
    expect(view).toMatchObject({ state: 'SUCCEEDED', arguments: { photo: { url } }, attempts: 1 });
  }, 60_000);

  it('is retried while the file does not exist, and uses up no attempt', async () => {
    const url = await serve('/files/late.gif', 'late');
    await harness.oracle.behave({ match: { path: '/files' }, mode: 'status', status: 503, times: 2 });
    const { body } = await call('upload_photo', { photo: { url } });
    const view = await endOf(String(body['call_id']));
    expect(view).toMatchObject({ state: 'SUCCEEDED', attempts: 1 });
    expect((await uploads()).effects).toBe(1);
  }, 60_000);

  it.each([
    ['the same bytes: the key makes it one effect', 'one', 'SUCCEEDED', 2],
    ['other bytes: a person decides, and nothing is sent', 'two', 'NEEDS_REVIEW', 1],
  ])(
    'is sent again after a possible effect only with the same bytes (U3): %s',
    async (_, second, state, requests) => {
      const url = await serve('/files/b.gif', second);
      await serve('/files/b.gif', 'one', 1);
      // Longer than a wait in memory, so the file is loaded again.
      const lost = { mode: 'status', status: 500, effect: true, headers: { 'retry-after': '2' } } as const;
      await harness.oracle.behave({ match: { path: '/photos' }, ...lost, times: 1 });
      const { body } = await call('upload_photo', { photo: { url } });
      expect(await endOf(String(body['call_id']))).toMatchObject({ state });
      const { digests, effects } = await uploads();
      expect([new Set(digests).size, digests.length, effects]).toEqual([1, requests, 1]);
    },
    60_000,
  );

  it('from a private address, or from one that redirects there, sends nothing', async () => {
    const location = 'http://10.0.0.1/secret';
    await harness.oracle.behave({
      ...{ match: { path: '/files/moved' }, mode: 'status', status: 302, headers: { location } },
    });
    for (const url of [location, 'http://169.254.169.254/latest', `${harness.oracle.url}/files/moved`]) {
      const { body } = await call('upload_photo', { photo: { url } });
      expect(body).toMatchObject({ status: 'failed', attempts: 0, error: { code: 'file_not_fetched' } });
    }
    expect(await uploads()).toEqual({ digests: [], effects: 0 });
  }, 60_000);
});

describe('an upload of an earlier result', () => {
  it('takes the value from the ledger, only for the user of that call', async () => {
    const { body: earlier } = await call('post_message', { channel: '#files', text: 'x' });
    const photo = { result: { call_id: earlier['call_id'], pointer: '/channel' }, filename: 'c.txt' };
    expect((await call('upload_photo', { photo })).body).toMatchObject({ status: 'succeeded' });
    expect(await uploads()).toEqual({ digests: [digestOf('#files', {}, 'c.txt')], effects: 1 });
    expect((await call('upload_photo', { photo }, 'bob')).body).toMatchObject({
      status: 'failed',
      error: { code: 'file_call_not_found' },
    });
    expect((await uploads()).effects).toBe(1);
  }, 60_000);

  it('of an unknown form is refused before a call is accepted', async () => {
    for (const photo of [{ result: {} }, { url: 'https://a.test', base64: 'YQ==' }, {}]) {
      expect((await call('upload_photo', { photo })).status).toBe(422);
    }
  }, 60_000);
});
