import type { Attempt, Egress } from '@action-mesh/egress';

import { EgressProvider } from './egress-provider.js';

const request = { method: 'POST', url: 'https://api.example/x', headers: {} };
const options = { deadlineMs: 1_000, signal: new AbortController().signal, mayStart: () => true };

async function answerOf(
  body: Buffer | string,
  overrides: Partial<Extract<Attempt, { kind: 'response' }>> = {},
) {
  const attempt: Attempt = {
    kind: 'response',
    status: 200,
    headers: {},
    body: Buffer.from(body),
    bodyComplete: true,
    truncated: false,
    durationMs: 1,
    ...overrides,
  };
  const egress = { request: () => Promise.resolve(attempt) } as unknown as Egress;
  return new EgressProvider(egress).send(request, options);
}

describe('a provider answer', () => {
  it('of JSON is kept to the letter', async () => {
    const { answer } = await answerOf('{"id":12345678901234567890, "x":[1.0]}');
    expect(answer).toMatchObject({ result: '{"id":12345678901234567890, "x":[1.0]}', incomplete: false });
  });

  it.each([
    ['plain text', 'hello', '"hello"'],
    ['broken JSON', '{"a":', JSON.stringify('{"a":')],
    ['JSON nested deeper than readers can take', '['.repeat(5_000) + ']'.repeat(5_000), undefined],
  ])('of %s is kept as text', async (_, body, expected) => {
    const { answer } = await answerOf(body);
    expect(answer?.result).toBe(expected ?? JSON.stringify(body));
    expect(answer?.incomplete).toBe(false);
  });

  it('that would not fit into a record is left out and says so', async () => {
    const { answer } = await answerOf(Buffer.alloc(256 * 1024, 0x01));
    expect(answer).toMatchObject({ incomplete: true });
    expect(answer).not.toHaveProperty('result');
  });

  it('that was cut off is left out and says so', async () => {
    const cut = await answerOf('{"a":1}', { truncated: true });
    expect(cut.answer).toEqual({ body: { kind: 'cut', limitBytes: 262_144 }, incomplete: true });
    const broken = await answerOf('{"a"', { bodyComplete: false });
    expect(broken.answer).toEqual({ body: { kind: 'broken' }, incomplete: true });
  });

  it('without a body has no result', async () => {
    expect((await answerOf('', { status: 204 })).answer).toEqual({
      body: { kind: 'empty' },
      incomplete: false,
    });
  });

  it.each([
    ['3', 3_000],
    ['4.5', 4_500],
    ['4, 4', 4_000],
    [['4', '9'], 9_000],
    ['soon', undefined],
    ['-1', undefined],
  ])('with Retry-After %s', async (value, expected) => {
    const { evidence } = await answerOf('', { status: 429, headers: { 'retry-after': value } });
    expect(evidence).toEqual(
      expected === undefined
        ? { kind: 'answered', status: 429 }
        : { kind: 'answered', status: 429, retryAfterMs: expected },
    );
  });
});
