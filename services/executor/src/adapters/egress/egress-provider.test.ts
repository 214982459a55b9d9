import type { Attempt, Egress } from '@action-mesh/egress';
import { defined } from '@action-mesh/kernel';

import { findCredential, type StaticCredential } from '../../domain/static-credential.js';
import { EgressProvider } from './egress-provider.js';

const request = { method: 'POST', url: 'https://api.example/x', headers: {} };
const options = {
  provider: 'acme',
  maxResponseBytes: 262_144,
  deadlineMs: 1_000,
  signal: new AbortController().signal,
  mode: 'live' as const,
  mayStart: () => true,
};

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

type Response = Extract<Attempt, { kind: 'response' }>;

describe('a provider answer', () => {
  it('keeps JSON exactly', async () => {
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

  it('is left out when it does not fit into a record, with a note', async () => {
    for (const body of [Buffer.alloc(500_000, 0x01), '"'.repeat(300_000)]) {
      const { answer } = await answerOf(body);
      expect(answer).toMatchObject({ incomplete: true });
      expect(answer).not.toHaveProperty('result');
    }
  });

  it('is left out when it was cut off, with a note', async () => {
    const cut = await answerOf('{"a":1}', { truncated: true });
    expect(cut.answer).toEqual({ body: { kind: 'cut', limitBytes: 262_144 }, incomplete: true });
    const broken = await answerOf('{"a"', { bodyComplete: false });
    expect(broken.answer).toEqual({ body: { kind: 'broken' }, incomplete: true });
  });

  it.each<[string, Buffer, Record<string, string>, Partial<Response>, string, Record<string, unknown>]>([
    [
      'an image',
      Buffer.from([0x89, 0x50, 0x4e, 0x47]),
      { 'content-type': 'image/png' },
      {},
      'binary',
      { content_type: 'image/png', bytes: 4, base64: 'iVBORw==' },
    ],
    ['bytes of no type', Buffer.from([0xc3, 0x28]), {}, {}, 'binary', { bytes: 2, base64: 'wyg=' }],
    [
      'a text that is not in its charset',
      Buffer.from([0x61, 0xe4]),
      { 'content-type': 'text/plain; charset=utf-8' },
      {},
      'undecodable',
      {
        content_type: 'text/plain; charset=utf-8',
        bytes: 2,
        base64: 'YeQ=',
        reason: 'it is not in utf-8',
      },
    ],
    [
      'a text of an unknown charset',
      Buffer.from('a'),
      { 'content-type': 'text/plain; charset=x-own' },
      {},
      'undecodable',
      {
        content_type: 'text/plain; charset=x-own',
        bytes: 1,
        base64: 'YQ==',
        reason: 'its charset is not known here: x-own',
      },
    ],
    [
      'an unknown content coding',
      Buffer.from('a'),
      { 'content-type': 'application/json' },
      { undecoded: 'compress' },
      'undecodable',
      {
        content_type: 'application/json',
        content_encoding: 'compress',
        bytes: 1,
        base64: 'YQ==',
        reason: 'its content coding is not known here: compress',
      },
    ],
  ])('of %s is described by its bytes', async (_, body, headers, more, form, result) => {
    const { answer } = await answerOf(body, { headers, ...more });
    expect(answer).toMatchObject({ form, incomplete: false });
    expect(JSON.parse(answer?.result ?? '')).toEqual(result);
  });

  it.each<[string, Buffer, string, string]>([
    ['latin1', Buffer.from('{"a":"\u00e4"}', 'latin1'), 'application/json; charset=ISO-8859-1', '{"a":"ä"}'],
    ['a quoted charset', Buffer.from('ä', 'latin1'), 'text/plain; charset="iso-8859-1"', '"ä"'],
    ['UTF-16 by its mark', Buffer.from('\ufeff{"a":"ä"}', 'utf16le'), 'application/json', '{"a":"ä"}'],
    ['a mark that overrules the charset', Buffer.from('\ufeffä'), 'text/plain; charset=latin1', '"ä"'],
    ['text of a binary type', Buffer.from('ä'), 'application/octet-stream', '"ä"'],
    ['a drawing', Buffer.from('<svg/>'), 'image/svg+xml', '"<svg/>"'],
  ])('in %s is decoded', async (_, body, contentType, result) => {
    const { answer } = await answerOf(body, { headers: { 'content-type': contentType } });
    expect(answer?.result).toBe(result);
  });

  it.each([
    ['/b?token=secret#part', 'https://api.example/b?…'],
    ['https://user:secret@b.example/c', 'https://b.example/c'],
    ['//c.example/', 'https://c.example/'],
    ['javascript:alert(1)', 'javascript:'],
    ['http://[', undefined],
    [`/${'x'.repeat(5_000)}`, `https://api.example/${'x'.repeat(5_000)}`.slice(0, 500)],
  ])('reports a redirect to %s without secrets', async (location, expected) => {
    const { evidence } = await answerOf('', { status: 302, headers: { location } });
    expect(evidence).toEqual({
      kind: 'answered',
      status: 302,
      ...defined({ location: expected }),
    });
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

describe('a destination that the policy refuses', () => {
  it.each([
    ['EGRESS_DENIED_ADDRESS', 'https://api.internal/x?key=secret', 'api.internal:443'],
    ['EGRESS_DENIED_SCHEME', 'http://127.0.0.1/x', '127.0.0.1:80'],
    ['EGRESS_DENIED_PORT', 'https://[fd00::1]:8443/', '[fd00::1]:8443'],
  ] as const)('%s names the variable and the value to add for %s', async (code, url, value) => {
    const attempt: Attempt = denied(code, 'detail');
    const egress = { request: () => Promise.resolve(attempt) } as unknown as Egress;
    const { evidence } = await new EgressProvider(egress).send({ ...request, url }, options);
    const fix = `If calls may reach it, add ${value} to EGRESS_ALLOW of all executors, and start them again.`;
    expect(evidence).toMatchObject({ kind: 'not_sent', retryable: false, fix });
  });

  it('has no entry for EGRESS_ALLOW when no setting allows it', async () => {
    const egress = {
      request: () => Promise.resolve(denied('EGRESS_DENIED_HEADER', 'x')),
    } as unknown as Egress;
    expect((await new EgressProvider(egress).send(request, options)).evidence).not.toHaveProperty('fix');
  });
});

function denied(code: Extract<Attempt, { kind: 'not_sent' }>['code'], detail: string): Attempt {
  return { kind: 'not_sent', reason: 'denied', code, message: 'no', detail, retryable: false };
}

it.each(['dry_run', 'shadow'] as const)('no request of a call of the mode %s leaves (R6)', async (mode) => {
  let requests = 0;
  const egress = {
    request: () => {
      requests += 1;
      return Promise.reject(new Error('a request has left'));
    },
  } as unknown as Egress;
  const { evidence } = await new EgressProvider(egress).send(request, { ...options, mode });
  expect(evidence).toMatchObject({ kind: 'not_sent', code: 'call_not_live', retryable: false });
  expect(requests).toBe(0);
});

describe('a preview', () => {
  it.each<StaticCredential['place']>([
    { in: 'query', name: 'appid', value: 'operators-secret' },
    { in: 'header', name: 'x-acme', value: 'operators-secret' },
  ])('has a mask in place of the static credential, whatever its name (RH2)', (place) => {
    const find = findCredential([
      {
        provider: 'acme',
        origin: 'https://api.example',
        variable: 'CREDENTIAL_ACME',
        place,
        secrets: ['operators-secret'],
      },
    ]);
    const provider = new EgressProvider({} as unknown as Egress, find);
    const shown = JSON.stringify(provider.masked(request, { provider: 'acme', credential: undefined }));
    expect(shown).not.toContain('operators-secret');
    expect(decodeURIComponent(shown)).toContain('[masked]');
  });
});
