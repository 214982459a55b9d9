import { childSpan, MeshError, newId } from '@action-mesh/kernel';
import { FakeClock } from '@action-mesh/kernel/testing';
import type { Tool } from '@action-mesh/contracts/catalog';
import { sampleTool } from '@action-mesh/testing';

import { AskProvider, type Asked } from './ask-provider.js';
import { FakeInstance } from './ledger.fake.js';
import type { OwnedCall } from './ledger.port.js';
import { answerOf, answerOfText } from './provider.fake.js';
import type { Attempted } from './provider.port.js';
import type { PreparedTool } from './tools.port.js';

class UnbuildableError extends MeshError {
  readonly code = 'BAD';
  readonly retry = 'terminal';
}

const effect = {
  class: 'probeable',
  probe: 'find_x',
  settle_ms: 0,
  reference: { in: 'header', name: 'x-reference' },
  argument: 'reference',
  found: '/items',
} as const;

async function ask(
  attempted: Attempted,
  found: string = effect.found,
  broken = false,
  parts: Partial<Tool> = {},
): Promise<Asked> {
  const tool: PreparedTool = {
    tool: sampleTool({ timeout_ms: 1_000, ...parts }),
    endpoint: 'GET api.example/x',
    buildRequest: () => {
      if (broken) throw new UnbuildableError('no');
      return { method: 'GET', url: 'https://api.example/x', headers: {} };
    },
  };
  const tools = { of: () => undefined, stable: () => tool };
  const owned = {
    call: { call_id: newId() },
    trace: childSpan(),
    state: { redrives: 0 },
    providerKey: 'key-1',
    instance: new FakeInstance(),
  } as unknown as OwnedCall;
  const provider = { send: () => Promise.resolve(attempted) };
  return new AskProvider(tools, provider, new FakeClock(0)).execute(owned, { ...effect, found }, 3);
}

const answer = (status: number, result?: unknown): Attempted => ({
  evidence: { kind: 'answered', status },
  answer: answerOf(result),
});

const page = { body: { kind: 'text' as const, text: '404 page not found' }, incomplete: false };
const broken = { body: { kind: 'broken' as const }, incomplete: true };

describe('asking a provider', () => {
  const exact = (text: string): Attempted => ({
    evidence: { kind: 'answered', status: 200 },
    answer: answerOfText(text),
  });

  it('returns the first item of a list exactly (I2)', async () => {
    const item = '{ "id":7615917337495251231,"n":1E400,"__proto__":1.0 }';
    const asked = await ask(exact(`{"items":[ ${item} ,{}]}`));
    expect(asked).toMatchObject({ answer: { kind: 'found' }, found: item });
  });

  it('is unsure about an answer that readers interpret differently (I2)', async () => {
    const asked = await ask(exact('{"items":[],"items":[{"id":1}]}'));
    expect(asked.answer.kind).toBe('unsure');
  });

  it('is unsure when the body says that the provider has not looked', async () => {
    const { http } = sampleTool();
    const asked = await ask(answer(200, { ok: false, items: [] }), '/items', false, {
      http: { ...http, failure: { at: '/ok', equals: false } },
    });
    expect(asked.answer).toMatchObject({ kind: 'unsure' });
    expect(asked.tried.evidence).toBe('answered');
  });

  it.each([
    [200, 'limited', 'unsure'],
    [404, 'limited', 'unsure'],
    [200, 'unknown', 'unsure'],
    [200, 'done', 'absent'],
  ] as const)('reads a %i by the rules of the probe: %s is %s (I2)', async (status, means, kind) => {
    const { http } = sampleTool();
    const answers = [{ status, at: '/error', words: ['x'], means }];
    const asked = await ask(answer(status, { error: 'x', items: [] }), '/items', false, {
      http: { ...http, answers },
    });
    expect(asked.answer.kind).toBe(kind);
  });

  it.each([
    ['a list with something in it', answer(200, { items: [{ id: 7 }] }), '/items', '{"id":7}'],
    ['an object', answer(200, { data: { id: 7 } }), '/data', '{"id":7}'],
    ['the whole answer', answer(200, { id: 7 }), '', '{"id":7}'],
    ['a name with a slash in it', answer(200, { 'a/b': 1 }), '/a~1b', '1'],
    ['an object in a list, be it empty', answer(200, { items: [{}] }), '/items', '{}'],
    ['zero, which is something', answer(200, { n: 0 }), '/n', '0'],
  ])('finds %s', async (_, attempted, pointer, found) => {
    expect(await ask(attempted, pointer)).toMatchObject({ answer: { kind: 'found' }, found });
  });

  it.each([
    ['an empty list', answer(200, { items: [] }), '/items'],
    ['null', answer(200, { items: null }), '/items'],
    ['nothing there', answer(200, { other: 1 }), '/items'],
    ['a name of every object', answer(200, {}), '/constructor'],
    ['a member that is missing on the way', answer(200, {}), '/data/items'],
    ['null on the way', answer(200, { data: null }), '/data/items'],
    ['an empty list on the way, as PHP writes an empty object', answer(200, { data: [] }), '/data/items'],
    ['an item that is missing', answer(200, { items: [] }), '/items/0/id'],
  ])('takes %s for absent', async (_, attempted, pointer) => {
    expect(await ask(attempted, pointer)).toMatchObject({
      answer: { kind: 'absent' },
      tried: { kind: 'probe', evidence: 'absent', attempt: 3 },
    });
  });

  it.each([
    ['silence', { evidence: { kind: 'unanswered' as const, message: 'reset' } }],
    ['a server error', answer(503)],
    ['a refusal', answer(403)],
    ['a refused probe', answer(401)],
    ['a redirect', answer(302, { items: [] })],
    ['a redirect that keeps the method', answer(308, { items: [] })],
    ['no content', answer(204)],
    ['an empty answer', answer(200)],
    [
      'an answer whose members are there twice',
      { ...answer(200), answer: answerOfText('{"items":[],"items":[]}') },
    ],
    ['a text where an object should be', answer(200, 'signed out')],
    ['a list of a gap', answer(200, { items: [null] })],
    [
      'an answer that was cut',
      { ...answer(200), answer: { body: { kind: 'cut' as const, limitBytes: 9 }, incomplete: true } },
    ],
    [
      'a page',
      {
        ...answer(200),
        answer: { body: { kind: 'text' as const, text: '<html>Sign in</html>' }, incomplete: false },
      },
    ],
    ['a 404 of a search', answer(404, { error: 'not found' })],
    ['a 410 of a search', answer(410)],
    [
      'an answer that broke off',
      { ...answer(200), answer: { body: { kind: 'broken' as const }, incomplete: true } },
    ],
  ])('learns nothing from %s', async (_, attempted) => {
    expect((await ask(attempted)).answer.kind).toBe('unsure');
  });

  it.each([
    ['a path into a text', answer(200, { items: 'x' }), '/items/length'],
    ['a path into a number', answer(200, { items: 7 }), '/items/0'],
    ['a name in a list', answer(200, { items: [1, 2] }), '/items/length'],
    ['a list where an object should be', answer(200, [{ items: [] }]), '/items'],
  ])('learns nothing from %s', async (_, attempted, pointer) => {
    const asked = await ask(attempted, pointer);
    expect(asked).toMatchObject({ answer: { kind: 'unsure' }, tried: { evidence: 'answered' } });
    expect(asked.tried.message).toContain('its body cannot be read');
  });

  it.each([
    ['404', answer(404, { error: 'not found' }), 'absent'],
    ['404 without a body', answer(404), 'absent'],
    ['410', answer(410), 'absent'],
    ['404 with a page', { ...answer(404), answer: page }, 'unsure'],
    ['404 that broke off', { ...answer(404), answer: broken }, 'unsure'],
  ])('with the reference in its path, answered with %s: %#', async (_, attempted, kind) => {
    const http = { ...sampleTool().http, method: 'GET' as const, path: '/x/{reference}' };
    expect((await ask(attempted, '/items', false, { http })).answer.kind).toBe(kind);
  });

  it('waits as long as the provider asks', async () => {
    const busy: Attempted = { evidence: { kind: 'answered', status: 429, retryAfterMs: 9_000 } };
    expect((await ask(busy)).answer).toMatchObject({ kind: 'unsure', retryAfterMs: 9_000 });
  });

  it('learns nothing when its request cannot be built', async () => {
    expect((await ask(answer(200), effect.found, true)).answer.kind).toBe('unsure');
  });
});
