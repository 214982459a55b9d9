import { ToolRegistry } from '@action-mesh/admission';
import { CallOutcome } from '@action-mesh/contracts/executor';
import { CallAccepted, type AcceptedCall } from '@action-mesh/contracts/gateway';
import type { TraceContext } from '@action-mesh/kernel';
import { FakeClock } from '@action-mesh/kernel/testing';
import { sampleTool } from '@action-mesh/testing';

import { LedgerUnavailableError } from '../domain/executor.errors.js';
import type { Arrival, Reception } from './record-call.js';
import { FakeRefusalLog } from './refusal-log.fake.js';
import { TakeSubmission, type Submission } from './take-submission.js';

const callId = '019b76da-a800-7000-8000-000000000001';
const trace: TraceContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };
const origin = 'mesh.ingress/0/7';
const request: Submission['request'] = {
  call_id: callId,
  user_id: 'u1',
  agent: { id: 'a', run_id: 'r1' },
  tool: { slug: 'crm_update_contact' },
  arguments: { email: 'ada@example.com' },
};

/** The time at which the broker took the record. */
const arrivedAtMs = Date.UTC(2026, 0, 1, 12, 9, 59);

function stage(answer: Reception | Error = 'fresh') {
  const tools = new ToolRegistry();
  tools.put(sampleTool());
  const arrivals: Arrival[] = [];
  const refusals = new FakeRefusalLog();
  const recordCall = {
    execute: (arrival: Arrival) => {
      arrivals.push(arrival);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  const take = new TakeSubmission({ tenantId: 't1', tools, recordCall, refusals, clock: new FakeClock() });
  const submit = (changes: Partial<Submission['request']> = {}): Promise<Reception> =>
    take.execute({ request: { ...request, ...changes }, trace, origin, arrivedAtMs });
  return { submit, arrivals, refusals };
}

describe('a call that was published straight to Kafka', () => {
  it('goes to the ledger as a call of the contract, with the trace and the position of its record', async () => {
    const { submit, arrivals, refusals } = stage();
    await expect(submit()).resolves.toBe('fresh');
    expect(arrivals).toMatchObject([{ trace, origin }]);
    const call: AcceptedCall | undefined = arrivals[0]?.call;
    expect(CallAccepted.schema.parse(call)).toMatchObject({
      call_id: callId,
      tenant_id: 't1',
      tool: { slug: 'crm_update_contact', version: '1.2.0' },
      scope: 'run:r1',
    });
    expect(refusals.refusals).toEqual([]);
  });

  it.each<Reception>(['following', 'id_conflict'])('becomes the ledger’s verdict: %s', async (said) => {
    await expect(stage(said).submit()).resolves.toBe(said);
  });

  it('uses the window of the broker’s stamp, so its record makes the same call when it is read again (I4)', async () => {
    const { submit, arrivals } = stage();
    await submit({ scope: 'window:10m' });
    const windowMs = 600_000;
    const window = Math.floor(arrivedAtMs / windowMs);
    expect(arrivals[0]?.call.scope).toBe(`window:${windowMs}:${window}`);
    expect(arrivals[0]?.arrivedAtMs).toBe(arrivedAtMs);
  });

  it('is answered on the log when it is refused, and is not recorded', async () => {
    const { submit, arrivals, refusals } = stage();
    await expect(submit({ arguments: {} })).resolves.toBe('refused');
    expect(arrivals).toEqual([]);
    expect(refusals.refusals).toHaveLength(1);
    expect(CallOutcome.schema.parse(refusals.refusals[0])).toMatchObject({
      call_id: callId,
      tenant_id: 't1',
      status: 'failed',
      attempts: 0,
      error: { code: 'invalid_arguments', category: 'request' },
    });
  });

  it('fails, and is tried again, when the refusal or the call cannot be written', async () => {
    const away = new LedgerUnavailableError('away');
    const { submit, refusals } = stage(away);
    refusals.failure = away;
    await expect(submit({ arguments: {} })).rejects.toBe(away);
    await expect(submit()).rejects.toBe(away);
  });
});
