import { ApiKey } from '@action-mesh/admission';
import { CallSubmitted } from '@action-mesh/contracts/gateway';
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

interface Given {
  readonly token?: string | undefined;
  readonly value?: string;
  readonly answer?: Reception | Error;
}

async function submit({ token, value = JSON.stringify(request), answer = 'fresh' }: Given) {
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
  const controller = new IngressController(take as TakeSubmission, new ApiKey('the-right-key'));
  const outcome: Outcome = await controller.onSubmitted(request, context);
  return { outcome, taken };
}

const token = 'the-right-key';

describe('a record of the ingress', () => {
  it('with the right token is taken, in its own span within its trace', async () => {
    const { outcome, taken } = await submit({ token });
    expect(outcome).toEqual({ kind: 'ack' });
    expect(taken).toMatchObject([{ request, origin: 'mesh.ingress/3/9', trace: { traceId: trace.traceId } }]);
    expect(taken[0]?.trace.spanId).not.toBe(trace.spanId);
  });

  it.each([undefined, '', 'the-wrong-key', 'the-right-key '])(
    'with the token %j is dead-lettered',
    async (wrong) => {
      const { outcome, taken } = await submit({ token: wrong });
      expect(outcome).toMatchObject({ kind: 'deadLetter', reason: 'PUBLISHER_TOKEN_INVALID' });
      expect(taken).toEqual([]);
    },
  );

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
