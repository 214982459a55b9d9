import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { PolicySet } from '@action-mesh/policies';
import { samplePolicy } from '@action-mesh/policies/testing';
import { childSpan, newId } from '@action-mesh/kernel';
import { FakeClock } from '@action-mesh/kernel/testing';
import { sampleTool } from '@action-mesh/testing';

import type { Call } from '../domain/call.js';
import type { KnownApproval } from './approvals.port.js';
import { FakeInstance } from './ledger.fake.js';
import type { OwnedCall } from './ledger.port.js';
import { fakeGate } from './policy-gate.fake.js';
import type { GateAnswer } from './policy-gate.js';
import type { PreparedTool } from './tools.port.js';

const startMs = Date.UTC(2026, 0, 1);
const prepared: PreparedTool = {
  tool: sampleTool({ slug: 'x', effect: { class: 'opaque' } }),
  endpoint: 'POST api.example/x',
  buildRequest: () => ({ method: 'POST', url: 'https://api.example/x', headers: {} }),
};

function aCall(changes: Partial<AcceptedCall> = {}): AcceptedCall {
  return {
    call_id: newId(),
    tenant_id: 'acme',
    key_id: 'k'.repeat(16),
    user_id: 'ada',
    agent: { id: 'writer', run_id: 'r' },
    tool: { slug: 'x', version: '1.0.0' },
    arguments: { to: 'bob@example.com' },
    scope: 'global',
    mode: 'live',
    hash: 'a'.repeat(64),
    content_hash: 'b'.repeat(64),
    accepted_at: new Date(startMs).toISOString(),
    ...changes,
  };
}

const ask = samplePolicy('ask', { decision: 'ask', reason: 'Look first.', expires_after_seconds: 60 });
const known: KnownApproval = {
  id: newId(),
  status: 'pending',
  isOver: false,
  leftMs: 30_000,
  expiresAt: new Date(startMs + 30_000).toISOString(),
  about: { reason: 'Look first.', digest: 'b'.repeat(64) },
};

function stage(...rules: readonly (typeof ask)[]) {
  const policies = new PolicySet();
  for (const rule of rules) policies.put(rule);
  const approvals = new Map<string, KnownApproval>();
  const asked: string[] = [];
  const gate = fakeGate(new FakeClock(startMs), policies, (callId, redrives) => {
    asked.push(`${callId}/${redrives}`);
    return approvals.get(`${callId}/${redrives}`);
  });
  const resumed = (
    state: Partial<Call>,
    approval?: Partial<KnownApproval>,
    changes: Partial<AcceptedCall> = {},
    tried: OwnedCall['tried'] = [],
  ): Promise<GateAnswer> => {
    const call = aCall(changes);
    const standing = { fence: 1, attempt: 0, recovered: false, redrives: 0, attemptsBefore: 0 };
    const owned: OwnedCall = {
      call,
      trace: childSpan(),
      state: { state: 'AWAITING_APPROVAL', ...standing, ...state },
      tried,
      providerKey: 'the-key',
      receivedAtMs: 0,
      ageMs: 0,
      firstDispatchAgeMs: 0,
      instance: new FakeInstance(),
      claimId: '1',
    };
    if (approval !== undefined) approvals.set(`${call.call_id}/0`, { ...known, ...approval });
    return gate.resumed(owned, prepared);
  };
  return { gate, resumed, asked };
}

const attempted = (evidence: 'unanswered' | 'not_sent'): OwnedCall['tried'][number] => ({
  attempt: 1,
  at: new Date(startMs).toISOString(),
  kind: 'request',
  evidence,
});

const codeOf = (answer: GateAnswer): string | undefined =>
  answer.kind === 'ends' ? answer.failure.code : undefined;

describe('a new call', () => {
  it('goes on without a decision when its tenant has no policies', () => {
    expect(stage().gate.first(aCall(), prepared)).toEqual({ kind: 'open' });
    expect(stage(ask).gate.first(aCall({ tenant_id: 'globex' }), prepared)).toEqual({ kind: 'open' });
  });

  it('goes on with the decision of its policies', () => {
    const allow = samplePolicy('allow', { decision: 'allow', match: { tool: 'x' } });
    expect(stage(ask, allow).gate.first(aCall(), prepared)).toMatchObject({
      kind: 'open',
      policy: { decision: 'allow', rule: { id: 'allow' } },
    });
  });

  it('asks with a question that expires, and never waits beyond its deadline (PG1)', () => {
    const { gate } = stage(ask);
    const answer = gate.first(aCall(), prepared);
    expect(answer).toMatchObject({
      kind: 'asks',
      policy: { decision: 'ask' },
      parking: {
        park: { delayMs: 60_000, reason: 'awaiting_approval', scope: 'policy:ask' },
        ending: {
          status: 'waiting',
          waiting: {
            approval: {
              rule: 'ask',
              reason: 'Look first.',
              expires_at: '2026-01-01T00:01:00.000Z',
              arguments_digest: 'b'.repeat(64),
            },
          },
        },
      },
    });
    const deadline = new Date(startMs + 5_000).toISOString();
    const bounded = gate.first(aCall({ deadline }), prepared);
    expect(bounded).toMatchObject({ parking: { park: { delayMs: 5_000 } } });
  });

  it('ends with the reason of the rule, and the end answers no repetition', () => {
    const answer = stage(samplePolicy('no', { reason: 'Not this tool.' })).gate.first(aCall(), prepared);
    expect(answer).toMatchObject({
      kind: 'ends',
      validityMs: 0,
      failure: {
        code: 'policy_denied',
        category: 'request',
        message: expect.stringContaining('Not this tool.') as string,
      },
    });
  });
});

describe('a call from the ledger', () => {
  it('is not compared after a request that may have acted, until a redrive begins a new life (PG2)', async () => {
    const { resumed, asked } = stage(ask);
    for (const state of ['DISPATCHING', 'INDETERMINATE'] as const)
      expect(await resumed({ state, attempt: 1 })).toEqual({ kind: 'open' });
    const unanswered = [attempted('unanswered')];
    expect(await resumed({ state: 'RETRY_WAIT', attempt: 1 }, undefined, {}, unanswered)).toEqual({
      kind: 'open',
    });
    expect(asked).toEqual([]);
    const again = await resumed(
      { state: 'RECEIVED', attempt: 2, attemptsBefore: 2, redrives: 1 },
      { status: 'approved' },
    );
    expect(again).toMatchObject({ kind: 'asks', parking: { ending: { status: 'waiting' } } });
  });

  it('is compared before each retry while no request has acted (PG1)', async () => {
    const retrying = { state: 'RETRY_WAIT', attempt: 3 } as const;
    const notSent = [attempted('not_sent')];
    const denied = await stage(samplePolicy('no')).resumed(retrying, undefined, {}, notSent);
    expect(codeOf(denied)).toBe('policy_denied');
    const { resumed } = stage(ask);
    expect(await resumed(retrying, undefined, {}, notSent)).toMatchObject({ kind: 'asks' });
    expect(await resumed(retrying, { status: 'approved' }, {}, notSent)).toMatchObject({ kind: 'open' });
  });

  it('goes on with an approval until its time is over, and then asks anew (PG2)', async () => {
    const { resumed } = stage(ask);
    expect(await resumed({}, { status: 'approved' })).toMatchObject({ kind: 'open' });
    expect(await resumed({ state: 'THROTTLED' }, { status: 'approved' })).toMatchObject({ kind: 'open' });
    const over = await resumed({ state: 'THROTTLED' }, { status: 'approved', isOver: true, leftMs: -1 });
    expect(over).toMatchObject({ kind: 'asks', parking: { ending: { status: 'waiting' } } });
    expect(over.kind === 'asks' && over.parking.park.approval?.shown.id).not.toBe(known.id);
  });

  it('waits on with the same question and tells nobody again', async () => {
    const answer = await stage(ask).resumed({}, {});
    expect(answer).toMatchObject({ kind: 'asks', parking: { park: { delayMs: 30_000 } } });
    if (answer.kind !== 'asks') throw new Error('the call goes on');
    expect(answer.parking.park.approval).toEqual({
      shown: expect.objectContaining({ id: known.id }) as unknown,
    });
    expect(answer.parking.ending).toBeUndefined();
  });

  it('ends at the end of its question, at its deadline, or with a rejection, even without the rule (PG3)', async () => {
    const deadline = new Date(startMs).toISOString();
    expect(codeOf(await stage(ask).resumed({}, { isOver: true, leftMs: 0 }))).toBe('approval_expired');
    expect(codeOf(await stage(ask).resumed({}, {}, { deadline }))).toBe('deadline_exceeded');
    for (const rules of [[], [ask], [samplePolicy('allow', { decision: 'allow' })]]) {
      const answer = await stage(...rules).resumed({}, { status: 'rejected', decidedBy: 'eve', note: 'No.' });
      expect(answer).toMatchObject({
        kind: 'ends',
        failure: { code: 'approval_rejected', message: 'A person (eve) rejected this call: No.' },
      });
      expect(answer).not.toHaveProperty('validityMs');
    }
  });

  it('follows a policy that changed meanwhile', async () => {
    expect(await stage().resumed({}, {})).toEqual({ kind: 'open' });
    expect(await stage(samplePolicy('allow', { decision: 'allow' })).resumed({}, {})).toMatchObject({
      kind: 'open',
      policy: { decision: 'allow' },
    });
    expect(codeOf(await stage(samplePolicy('no')).resumed({}, { status: 'approved' }))).toBe('policy_denied');
    expect(await stage(ask).resumed({ state: 'RETRY_WAIT' })).toMatchObject({ kind: 'asks' });
  });
});
