import { brotliCompressSync, gzipSync } from 'node:zlib';

import type { Tool } from '@action-mesh/contracts/catalog';
import type { Attempt, Egress } from '@action-mesh/egress';
import { childSpan, newId } from '@action-mesh/kernel';
import { FakeClock } from '@action-mesh/kernel/testing';
import { sampleTool } from '@action-mesh/testing';
import fc from 'fast-check';

import { AskProvider } from '../../application/ask-provider.js';
import { FakeInstance } from '../../application/ledger.fake.js';
import type { OwnedCall } from '../../application/ledger.port.js';
import type { Attempted } from '../../application/provider.port.js';
import { readEvidence } from '../../domain/answer-rule.js';
import { mayHaveActed, triedRequest } from '../../domain/attempt-history.js';
import { judge, type Situation } from '../../domain/attempt-verdict.js';
import { EgressProvider } from './egress-provider.js';

type Response = Extract<Attempt, { kind: 'response' }>;

/** Ways to make a readable body unreadable. */
const spoilers: Readonly<Record<string, (text: string, at: number) => Partial<Response>>> = {
  'a coding that is not named': (text) => ({ body: gzipSync(text) }),
  'another such coding': (text) => ({ body: brotliCompressSync(text) }),
  'an unknown coding': (text) => ({ body: gzipSync(text), undecoded: 'compress' }),
  'a charset that is not named': (text) => ({ body: Buffer.from(text, 'utf16le') }),
  'an unknown charset': (text) => ({ body: Buffer.from(text), headers: type('charset=x-unknown') }),
  'a wrong charset': (text) => ({ body: Buffer.from(text), headers: type('charset=utf-16be') }),
  'bytes outside its charset': (text) => ({ body: Buffer.concat([Buffer.from(text), Buffer.from([0xc3])]) }),
  'a byte order mark of UTF-32': (text) => ({
    body: Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0]), Buffer.from(text)]),
  }),
  'a prefix against inclusion': (text) => ({ body: Buffer.from(`)]}'\n${text}`) }),
  'another such prefix': (text) => ({ body: Buffer.from(`for(;;);${text}`) }),
  'a callback around it': (text) => ({ body: Buffer.from(`call(${text});`) }),
  'a page of a sign-in': () => ({
    body: Buffer.from('<!doctype html><title>Sign in</title>'),
    headers: { 'content-type': 'text/html' },
  }),
  'a page with the JSON in it': (text) => ({ body: Buffer.from(`<pre>${text}</pre>`) }),
  'two values in a row': (text) => ({ body: Buffer.from(`${text}\n${text}`) }),
  'an end that is missing': (text, at) => ({ body: Buffer.from(text.slice(0, at)) }),
  'a connection that broke': (text, at) => ({ body: Buffer.from(text.slice(0, at)), bodyComplete: false }),
  'a connection that broke at the end': (text) => ({ body: Buffer.from(text), bodyComplete: false }),
  'a cut': (text) => ({ body: Buffer.from(text), bodyComplete: false, truncated: true }),
  nothing: () => ({ body: Buffer.alloc(0) }),
  'a byte order mark alone': () => ({ body: Buffer.from([0xef, 0xbb, 0xbf]) }),
  blanks: () => ({ body: Buffer.from(' \r\n') }),
  'an image': () => ({ body: Buffer.from('{}'), headers: { 'content-type': 'image/png' } }),
  'a member that is there twice': (text) => ({
    body: Buffer.from(text.replace(/\}$/, ',"x":1,"\\u0078":2}')),
  }),
  'a text as JSON': () => ({ body: Buffer.from('"please sign in"') }),
  'a number as JSON': () => ({ body: Buffer.from('7') }),
};

function type(parameter: string): Response['headers'] {
  return { 'content-type': `application/json; ${parameter}` };
}

/** Encodings of one text. Each is complete and means the same as the plain text. */
const dresses: Readonly<Record<string, (text: string) => Partial<Response>>> = {
  plain: (text) => ({ body: Buffer.from(text) }),
  'with a byte order mark': (text) => ({ body: Buffer.from(`\ufeff${text}`) }),
  'as UTF-16 with a mark': (text) => ({ body: Buffer.from(`\ufeff${text}`, 'utf16le') }),
  'as UTF-16 by its charset': (text) => ({
    body: Buffer.from(text, 'utf16le'),
    headers: type('charset=utf-16le'),
  }),
  'with a quoted charset': (text) => ({ body: Buffer.from(text), headers: type('charset="UTF-8"') }),
  'with a charset in single quotes': (text) => ({
    body: Buffer.from(text),
    headers: type("charset='utf-8'"),
  }),
  'of another content type': (text) => ({
    body: Buffer.from(text),
    headers: { 'content-type': 'text/html' },
  }),
  'with a content type that is none': (text) => ({
    body: Buffer.from(text),
    headers: { 'content-type': ';;' },
  }),
  'among blanks': (text) => ({ body: Buffer.from(`\r\n ${text}\n`) }),
};

const effects: readonly Situation['effect'][] = [
  { class: 'opaque' },
  { class: 'opaque', at_least_once: true },
  { class: 'read' },
  { class: 'idempotent' },
  { class: 'keyed', in: 'header', name: 'k', ttl_ms: 86_400_000 },
  {
    class: 'probeable',
    probe: 'find',
    settle_ms: 0,
    reference: { in: 'header', name: 'x' },
    argument: 'a',
    found: '',
  },
];

type Rules = Pick<Tool['http'], 'failure' | 'answers'>;
const failure: Rules['failure'] = { at: '/ok', equals: false };
const limited: NonNullable<Rules['answers']> = [{ at: '/error', words: ['limited'], means: 'limited' }];
const unknown: NonNullable<Rules['answers']> = [{ at: '/error', words: ['internal'], means: 'unknown' }];
const rules: readonly Rules[] = [
  { failure },
  { answers: limited },
  { answers: unknown },
  { failure, answers: [...limited, ...unknown] },
];

const bodies = [
  '{"ok":false,"error":"limited"}',
  '{"ok":false,"error":"internal"}',
  '{"ok":false}',
  '{"ok":true}',
];

async function arrived(parts: Partial<Response>): Promise<Attempted> {
  const attempt: Response = {
    kind: 'response',
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: Buffer.alloc(0),
    bodyComplete: true,
    truncated: false,
    durationMs: 1,
    ...parts,
  };
  const egress = { request: () => Promise.resolve(attempt) } as unknown as Egress;
  const options = {
    provider: 'acme',
    maxResponseBytes: 10_000,
    deadlineMs: 1_000,
    signal: new AbortController().signal,
    mode: 'live' as const,
    mayStart: () => true,
  };
  return new EgressProvider(egress).send({ method: 'POST', url: 'https://x.example/', headers: {} }, options);
}

function situation(effect: Situation['effect'], attempt = 1): Situation {
  return {
    effect,
    attempt,
    retry: { max_attempts: 3, initial_backoff_ms: 0, max_backoff_ms: 0 },
    mayHaveActed: false,
    firstDispatchAgeMs: 0,
    remainingMs: Infinity,
    random: 0,
  };
}

const anyDamage = fc.record({
  spoiler: fc.constantFrom(...Object.keys(spoilers)),
  body: fc.constantFrom(...bodies),
  at: fc.integer({ min: 1, max: 10 }),
});

describe('an unreadable answer proves nothing', () => {
  it('when rules of the tool need its body (I2)', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyDamage,
        fc.constantFrom(...rules),
        fc.constantFrom(...effects),
        fc.integer({ min: 1, max: 3 }),
        async ({ spoiler, body, at }, rule, effect, attempt) => {
          // A scalar has no place for the rules to look at, so they find nothing.
          fc.pre(rule.failure !== undefined || !/as JSON/.test(spoiler));
          const { evidence: seen, answer } = await arrived(spoilers[spoiler]?.(body, at) ?? {});
          const now = situation(effect, attempt);
          const evidence = readEvidence(seen, { method: 'POST', ...rule }, answer, now);
          const verdict = judge(evidence, now);
          const repeatable = effect.class !== 'probeable' && effects.indexOf(effect) !== 0;
          const expected = repeatable
            ? attempt < 3
              ? 'retry'
              : 'die'
            : effect.class === 'probeable'
              ? 'probe'
              : 'review';
          expect([spoiler, verdict.kind]).toEqual([spoiler, expected]);
          const tried = triedRequest(attempt, evidence, now.retry, 0);
          expect(mayHaveActed([tried])).toBe(true);
          expect(tried.message).toContain('cannot be read');
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each(['/items', ''])('when a probe looks for %j (I2)', async (found) => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(spoilers)),
        fc.constantFrom('{"items":[]}', '{"items":[{"id":7}]}', '{}'),
        fc.integer({ min: 1, max: 10 }),
        async (spoiler, body, at) => {
          // The whole answer may be a text or a number.
          fc.pre(found !== '' || !/as JSON/.test(spoiler));
          fc.pre(!(spoiler === 'an end that is missing' && at >= body.length));
          fc.pre(!(spoiler === 'a member that is there twice' && body === '{}'));
          const asked = await askAbout(await arrived(spoilers[spoiler]?.(body, at) ?? {}), found);
          expect([spoiler, asked.answer.kind]).toEqual([spoiler, 'unsure']);
          expect(asked.tried).toMatchObject({ evidence: 'answered', status_code: 200 });
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('and a readable answer counts, in any encoding', async () => {
    for (const [dress, wear] of Object.entries(dresses)) {
      const judged = async (body: string) => {
        const { evidence, answer } = await arrived(wear(body));
        const now = situation({ class: 'opaque' });
        const verdict = judge(readEvidence(evidence, { method: 'POST', failure }, answer, now), now);
        return `${dress}: ${verdict.kind}`;
      };
      expect(await judged('{"ok":false,"word":"äß€"}')).toBe(`${dress}: fail`);
      expect(await judged('{"ok":true,"word":"äß€"}')).toBe(`${dress}: succeed`);
      const asked = await askAbout(await arrived(wear('{"items":[{"id":7}]}')), '/items');
      expect([dress, asked.found]).toEqual([dress, '{"id":7}']);
      expect((await askAbout(await arrived(wear('{"items":[]}')), '/items')).answer.kind).toBe('absent');
    }
  });

  it('a 204 has no body that could be unreadable', async () => {
    const now = situation({ class: 'opaque' });
    const { evidence, answer } = await arrived({ status: 204 });
    expect(judge(readEvidence(evidence, { method: 'POST', failure }, answer, now), now).kind).toBe('succeed');
  });

  it('without rules the status decides, and the result describes the body', async () => {
    const now = situation({ class: 'opaque' });
    for (const spoil of Object.values(spoilers)) {
      const { evidence, answer } = await arrived(spoil('{"ok":false}', 5));
      expect(judge(readEvidence(evidence, { method: 'POST' }, answer, now), now).kind).toBe('succeed');
      expect(answer?.result ?? '').not.toContain('\ufffd');
    }
  });
});

function askAbout(attempted: Attempted, found: string) {
  const probe = {
    tool: sampleTool({ http: { method: 'GET', path: '/search', parameters: [], headers: {} } }),
    endpoint: 'GET x.example/search',
    buildRequest: () => ({ method: 'GET', url: 'https://x.example/search', headers: {} }),
  };
  const tools = { of: () => undefined, stable: () => probe };
  const owned = {
    call: { call_id: newId() },
    trace: childSpan(),
    state: { redrives: 0 },
    providerKey: 'key-1',
    instance: new FakeInstance(),
  } as unknown as OwnedCall;
  const effect = { class: 'probeable', probe: 'find', settle_ms: 0, argument: 'reference' } as const;
  const provider = { send: () => Promise.resolve(attempted) };
  return new AskProvider(tools, provider, new FakeClock(0)).execute(
    owned,
    { ...effect, reference: { in: 'header', name: 'x' }, found },
    1,
  );
}
