import { ToolRegistry } from '@action-mesh/admission';
import type { KillSwitch } from '@action-mesh/contracts/auth-broker';
import { CallOutcome } from '@action-mesh/contracts/executor';
import { CallAccepted, type AcceptedCall } from '@action-mesh/contracts/gateway';
import { KillSwitches, ToolAllowList, type Principal } from '@action-mesh/identity';
import { sampleSwitch } from '@action-mesh/identity/testing';
import type { TraceContext } from '@action-mesh/kernel';
import { FakeClock } from '@action-mesh/kernel/testing';
import { sampleTool } from '@action-mesh/testing';

import { LedgerUnavailableError } from '../domain/executor.errors.js';
import type { Arrival } from './arrival.js';
import type { Reception } from './record-call.js';
import type { PutAside } from './refuse-record.js';
import { TakeSubmission, type Submission } from './take-submission.js';

const callId = '019b76da-a800-7000-8000-000000000001';
const trace: TraceContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };
const place = { topic: 'mesh.ingress', partition: 0, offset: 7n };
const publisher: Principal = {
  tenantId: 't1',
  keyId: '0123456789abcdef',
  holder: 'crawler',
  scopes: new Set(['calls:write']),
  tools: undefined,
  users: undefined,
  quota: undefined,
};
const request: Submission['request'] = {
  call_id: callId,
  user_id: 'u1',
  agent: { id: 'a', run_id: 'r1' },
  tool: { slug: 'crm_update_contact' },
  arguments: { email: 'ada@example.com' },
};

/** The time at which the broker took the record. */
const arrivedAtMs = Date.UTC(2026, 0, 1, 12, 9, 59);

function stage({
  answer = 'fresh',
  caller = {},
  stops = false,
}: {
  readonly answer?: Reception | Error;
  readonly caller?: Partial<Principal>;
  readonly stops?: boolean;
} = {}) {
  const tools = new ToolRegistry();
  tools.put(sampleTool());
  const arrivals: Arrival[] = [];
  const refused: PutAside[] = [];
  const switches = new KillSwitches();
  const recordCall = {
    execute: (arrival: Arrival) => {
      arrivals.push(arrival);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  const refuseRecord = {
    execute: (aside: PutAside) => {
      refused.push(aside);
      return Promise.resolve(!stops);
    },
  };
  const take = new TakeSubmission({ tools, switches, recordCall, refuseRecord, clock: new FakeClock() });
  const submit = (changes: Partial<Submission['request']> = {}): Promise<Reception> =>
    take.execute({
      request: { ...request, ...changes },
      publisher: { ...publisher, ...caller },
      trace,
      place,
      arrivedAtMs,
    });
  return { submit, arrivals, refused, switches };
}

describe('a call that was published straight to Kafka', () => {
  it('goes to the ledger as a call of the contract, with the trace and the position of its record', async () => {
    const { submit, arrivals, refused } = stage();
    await expect(submit()).resolves.toBe('fresh');
    expect(arrivals).toMatchObject([{ trace, origin: 'mesh.ingress/0/7' }]);
    const call: AcceptedCall | undefined = arrivals[0]?.call;
    expect(CallAccepted.schema.parse(call)).toMatchObject({
      call_id: callId,
      tenant_id: 't1',
      key_id: '0123456789abcdef',
      tool: { slug: 'crm_update_contact', version: '1.2.0' },
      scope: 'run:r1',
    });
    expect(refused).toEqual([]);
  });

  it.each<Reception>(['following', 'id_conflict'])('becomes the ledger’s verdict: %s', async (said) => {
    await expect(stage({ answer: said }).submit()).resolves.toBe(said);
  });

  it('uses the window of the broker’s stamp, so its record makes the same call when it is read again (I4)', async () => {
    const { submit, arrivals } = stage();
    await submit({ scope: 'window:10m' });
    const windowMs = 600_000;
    const window = Math.floor(arrivedAtMs / windowMs);
    expect(arrivals[0]?.call.scope).toBe(`window:${windowMs}:${window}`);
    expect(arrivals[0]?.arrivedAtMs).toBe(arrivedAtMs);
  });

  it('is kept under its tenant and answered when it is refused, and is not recorded', async () => {
    const { submit, arrivals, refused } = stage();
    await expect(submit({ arguments: {} })).resolves.toBe('refused');
    expect(arrivals).toEqual([]);
    expect(refused).toMatchObject([{ ...place, tenantId: 't1', callId, code: 'INVALID_ARGUMENTS', trace }]);
    expect(CallOutcome.schema.parse(refused[0]?.outcome)).toMatchObject({
      call_id: callId,
      tenant_id: 't1',
      status: 'failed',
      attempts: 0,
      error: { code: 'invalid_arguments', category: 'request' },
    });
  });

  it.each<[string, Partial<Principal>, string]>([
    ['no scope for calls', { scopes: new Set(['calls:read']) }, 'scope_missing'],
    ['other users', { users: new Set(['u2']) }, 'user_not_allowed'],
    ['other tools', { tools: new ToolAllowList(['slack_*']) }, 'tool_not_found'],
  ])('is refused with the code of the gateway when its token has %s', async (_what, caller, code) => {
    const { submit, arrivals, refused } = stage({ caller });
    await expect(submit()).resolves.toBe('refused');
    expect(refused).toMatchObject([{ code: code.toUpperCase(), outcome: { error: { code } } }]);
    expect(arrivals).toEqual([]);
  });

  it.each<KillSwitch['target']>([
    { type: 'tenant', value: 't1' },
    { type: 'key', value: '0123456789abcdef' },
    { type: 'user', value: 'u1' },
    { type: 'agent', value: 'a' },
    { type: 'tool', value: 'crm_update_contact' },
    { type: 'provider', value: sampleTool().provider.slug },
  ])('is refused under a kill switch of $type, and taken after it', async (target) => {
    const { submit, arrivals, refused, switches } = stage();
    const on = sampleSwitch(target);
    switches.put(on);
    await expect(submit()).resolves.toBe('refused');
    expect(refused[0]?.outcome?.error).toMatchObject({ code: 'switched_off' });
    expect(refused[0]?.message).toContain(on.id);
    expect(refused[0]?.message).toContain(on.reason);
    switches.remove(on.id);
    await expect(submit()).resolves.toBe('fresh');
    expect(arrivals).toHaveLength(1);
  });

  it('is tried again when the call cannot be written, or when the executor stops before the refusal is kept (I7)', async () => {
    const away = new LedgerUnavailableError('away');
    await expect(stage({ answer: away }).submit()).rejects.toBe(away);
    await expect(stage({ stops: true }).submit({ arguments: {} })).rejects.toBeInstanceOf(
      LedgerUnavailableError,
    );
  });
});
