import { CallSubmitted } from '@action-mesh/contracts/gateway';
import { IdentityDirectory } from '@action-mesh/identity';
import { sampleKey, sampleTenant } from '@action-mesh/identity/testing';
import { encodeEvent, RecordContext, type Outcome } from '@action-mesh/messaging';

import type { Reception } from '../../application/record-call.js';
import type { Submission, TakeSubmission } from '../../application/take-submission.js';
import { LedgerUnavailableError } from '../../domain/executor.errors.js';
import { IngressController } from './ingress.controller.js';

const trace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };
const request: Submission['request'] = {
  call_id: '019b76da-a800-7000-8000-000000000001',
  user_id: 'u1',
  agent: { id: 'a', run_id: 'r1' },
  tool: { slug: 'crm_update_contact' },
  arguments: { email: 'ada@example.com' },
};

const publisher = sampleKey('acme', { use: 'publisher' });
const expired = sampleKey('acme', { use: 'publisher', expires_at: '2026-01-01T00:00:00Z' });
const api = sampleKey('acme');
const live = sampleKey('acme', { use: 'publisher', environment: 'live' });
const stranger = sampleKey('acme', { use: 'publisher' });
const orphan = sampleKey('nobody', { use: 'publisher' });
const directory = new IdentityDirectory('dev');
directory.put(sampleTenant('acme'));
for (const { identity } of [publisher, expired, api, live, orphan]) directory.put(identity);
directory.complete();

interface Given {
  readonly known?: IdentityDirectory;
  readonly token?: string | undefined;
  readonly value?: string;
  readonly answer?: Reception | Error;
}

async function submit({
  known = directory,
  token,
  value = JSON.stringify(request),
  answer = 'fresh',
}: Given) {
  const taken: Submission[] = [];
  const take: Pick<TakeSubmission, 'execute'> = {
    execute: (submission) => {
      taken.push(submission);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  const { topic, headers } = encodeEvent(CallSubmitted, request, {
    source: '/agents/a',
    trace,
    ...(token === undefined ? {} : { headers: { 'mesh-publisher-token': token } }),
  });
  const context = new RecordContext({
    topic,
    partition: 3,
    offset: 9n,
    timestampMs: 0,
    key: null,
    value: Buffer.from(value),
    headers,
  });
  const controller = new IngressController(take as TakeSubmission, known);
  const outcome: Outcome = await controller.onSubmitted(request, context);
  return { outcome, taken };
}

const { key: token } = publisher;
/** The token with another secret and a right checksum. */
const forged = stranger.key;

describe('a record of the ingress', () => {
  it('with the right token is taken, in its own span within its trace', async () => {
    const { outcome, taken } = await submit({ token });
    expect(outcome).toEqual({ kind: 'ack' });
    expect(taken).toMatchObject([
      {
        request,
        publisher: { tenantId: 'acme', keyId: publisher.identity.id },
        place: { topic: 'mesh.ingress', partition: 3, offset: 9n },
        trace: { traceId: trace.traceId },
      },
    ]);
    expect(taken[0]?.trace.spanId).not.toBe(trace.spanId);
  });

  it.each<[string, string | undefined, RegExp]>([
    ['no token', undefined, /missing/],
    ['an empty token', '', /missing/],
    ['a text that is no token', 'the-wrong-key', /damaged/],
    ['a token and a space', `${token} `, /damaged/],
    ['a cut token', token.slice(0, -1), /damaged/],
    ['a very long text', `meshpub_${'x'.repeat(100_000)}`, /damaged/],
    ['a text beyond ASCII', `${token.slice(0, -1)}ü`, /damaged/],
    ['an API key', api.key, /API key/],
    ['a token of another environment', live.key, /another environment/],
    ['an unknown token', forged, /unknown, revoked or wrong/],
    ['a token of an unknown tenant', orphan.key, /unknown, revoked or wrong/],
    ['an expired token', expired.key, /expired/],
  ])('with %s is dead-lettered, and the reason shows no part of it', async (_what, wrong, why) => {
    const { outcome, taken } = await submit({ token: wrong });
    expect(outcome).toMatchObject({ kind: 'deadLetter', reason: 'PUBLISHER_TOKEN_INVALID' });
    expect(outcome).toMatchObject({ message: expect.stringMatching(why) as unknown });
    expect(JSON.stringify(outcome)).not.toMatch(/mesh(pub)?_(dev|live)/);
    expect(taken).toEqual([]);
  });

  it('waits while the tokens are not known', async () => {
    const { outcome } = await submit({ token, known: new IdentityDirectory('dev') });
    expect(outcome).toMatchObject({ kind: 'retry' });
  });

  it('is refused from the moment its token is revoked', async () => {
    const known = new IdentityDirectory('dev');
    known.put(sampleTenant('acme'));
    known.put(publisher.identity);
    known.complete();
    expect((await submit({ token, known })).outcome).toEqual({ kind: 'ack' });
    known.remove(`key/${publisher.identity.id}`);
    expect((await submit({ token, known })).outcome).toMatchObject({ kind: 'deadLetter' });
  });

  it('that only a lax parser can read is dead-lettered', async () => {
    const value = JSON.stringify(request).replace('"email"', '"email":"eve@example.com","email"');
    const { outcome, taken } = await submit({ token, value });
    expect(outcome).toMatchObject({ kind: 'deadLetter', reason: 'IJSON_DUPLICATE_NAME' });
    expect(taken).toEqual([]);
  });

  it('is kept while the ledger cannot be written (I7)', async () => {
    const away = new LedgerUnavailableError('away');
    expect((await submit({ token, answer: away })).outcome).toMatchObject({ kind: 'retry' });
  });

  it.each<Reception>(['following', 'replayed', 'redelivered', 'refused'])(
    'is acknowledged after it was handled: %s',
    async (answer) => expect((await submit({ token, answer })).outcome).toEqual({ kind: 'ack' }),
  );

  it('under the id of another call is dead-lettered for a person', async () => {
    expect((await submit({ token, answer: 'id_conflict' })).outcome).toMatchObject({
      kind: 'deadLetter',
      reason: 'CALL_ID_CONFLICT',
    });
  });
});
