import { topics } from '@action-mesh/contracts';
import { PolicyPublished, policyKey, type PolicyRule } from '@action-mesh/contracts/auth-broker';
import {
  approvalPageSchema,
  approvalViewSchema,
  type ApprovalSummary,
  type ApprovalView,
} from '@action-mesh/contracts/executor';
import { sampleKey, sampleSwitch, sampleTenant } from '@action-mesh/identity/testing';
import { eventType, newId } from '@action-mesh/kernel';
import { samplePolicy } from '@action-mesh/policies/testing';
import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { IngressStage, sampleToolAt, submission } from './ingress-stage.js';

jest.setTimeout(120_000);

const publisher = sampleKey('acme', { use: 'publisher' });
const approverKey = 'approverapprover';

let stage: IngressStage;
let executor: Awaited<ReturnType<IngressStage['start']>>;

beforeAll(async () => {
  stage = await IngressStage.open(sampleTenant('acme'), publisher.identity);
  executor = await stage.start();
});

afterAll(() => stage[Symbol.asyncDispose]());

async function submit(changes: object = {}): Promise<ReturnType<typeof submission>> {
  const call = submission(changes);
  await stage.publish(topics.ingress.name, JSON.stringify(call), { 'mesh-publisher-token': publisher.key });
  return call;
}

/** The decision of the policies about a call of this user, by a dry run. */
async function decisionFor(userId: string): Promise<string | undefined> {
  const { call_id: callId } = await submit({ user_id: userId, mode: 'dry_run' });
  const { value } = await stage.outcomeOf(callId);
  return (value['preview'] as { policy?: { decision?: string } }).policy?.decision;
}

/** Publishes a policy about a user, and waits until the executor follows it. */
async function policy(userId: string, changes: Partial<PolicyRule> = {}): Promise<PolicyRule> {
  const rule = samplePolicy(`p-${userId}`, {
    decision: 'ask',
    match: { user_id: userId },
    reason: 'A person looks at it.',
    ...changes,
  });
  await stage.publish(
    topics.policies.name,
    JSON.stringify(rule),
    { ce_type: eventType(PolicyPublished) },
    policyKey(rule),
  );
  const what = `the policy ${rule.decision} of ${userId}`;
  await waitFor(async () => (await decisionFor(userId)) === rule.decision, { what, timeoutMs: 30_000 });
  return rule;
}

async function withdraw(rule: PolicyRule): Promise<void> {
  await stage.publish(topics.policies.name, null, {}, policyKey(rule));
}

/** A call that waits for its approval. */
async function asked(
  userId: string,
  changes: object = {},
): Promise<{ readonly call: ReturnType<typeof submission>; readonly approval: ApprovalView }> {
  const call = await submit({ user_id: userId, ...changes });
  const { value } = await stage.outcomeOf(call.call_id, 'waiting');
  const { approval } = value['waiting'] as { approval: { id: string } };
  return { call, approval: await shown(approval.id) };
}

async function shown(id: string): Promise<ApprovalView> {
  return approvalViewSchema.parse((await stage.ask('GET', `approvals/${id}`, 'acme')).body);
}

async function listed(query: string): Promise<readonly ApprovalSummary[]> {
  return approvalPageSchema.parse((await stage.ask('GET', `approvals?${query}`, 'acme')).body).approvals;
}

function decide(
  verb: 'approve' | 'reject',
  { id, arguments_digest: digest }: Pick<ApprovalView, 'id' | 'arguments_digest'>,
  { note, key = approverKey }: { readonly note?: string; readonly key?: string } = {},
): ReturnType<IngressStage['ask']> {
  const headers = {
    'content-type': 'application/json',
    'x-mesh-scopes': 'approvals:decide',
    'x-mesh-key': key,
  };
  const body = { arguments_digest: digest, ...(note === undefined ? {} : { note }) };
  return stage.ask('POST', `approvals/${id}/${verb}`, 'acme', headers, body);
}

const errorOf = async (callId: string): Promise<unknown> =>
  (await stage.outcomeOf(callId, 'failed')).value['error'];

describe('a call that a policy asks about', () => {
  it('waits without an attempt, is shown with canonical arguments, and runs soon after its approval (PG1)', async () => {
    const rule = await policy('asker');
    const call = await submit({
      user_id: 'asker',
      arguments: { email: 'ada@example.com', company: newId() },
    });
    const { value } = await stage.outcomeOf(call.call_id);
    expect(value).toMatchObject({
      status: 'waiting',
      attempts: 0,
      policy: { decision: 'ask', rule: { id: rule.id, revision: 1, reason: rule.reason } },
      waiting: {
        reason: 'awaiting_approval',
        scope: `policy:${rule.id}`,
        approval: { rule: rule.id, reason: rule.reason },
      },
    });
    const { approval } = value['waiting'] as { approval: { id: string; expires_at: string } };
    const view = await shown(approval.id);
    expect(view).toMatchObject({
      status: 'pending',
      call_id: call.call_id,
      user_id: 'asker',
      requested_by: { key_id: publisher.identity.id, agent: call['agent'] },
      rule: { id: rule.id, revision: 1, reason: rule.reason },
      arguments: call['arguments'],
      expires_at: approval.expires_at,
      request: { method: 'POST', url: `${stage.oracle.url}/echo` },
    });
    expect(view.canonical_arguments).toMatch(/^\{"company":/);
    // A change of policies compares the call again, which takes a moment.
    const waiting = await waitFor(
      async () => {
        const seen = await stage.view('acme', call.call_id);
        return seen?.waiting?.reason === 'awaiting_approval' ? seen : undefined;
      },
      { what: 'the call to wait for its approval' },
    );
    expect(waiting).toMatchObject({
      state: 'AWAITING_APPROVAL',
      policy: { decision: 'ask' },
      waiting: { approval: { id: view.id } },
    });
    expect(await listed('user_id=asker')).toMatchObject([{ id: view.id, status: 'pending' }]);

    const duplicate = await submit({ ...call, call_id: newId() });
    expect((await stage.outcomeOf(duplicate.call_id)).value).toMatchObject({
      status: 'waiting',
      duplicate_of: call.call_id,
    });

    const answer = await decide('approve', view, { note: 'fine' });
    const decidedAtMs = performance.now();
    expect(answer).toMatchObject({
      status: 200,
      body: { status: 'approved', decision: { by: 'olga', note: 'fine' } },
    });
    const ended = await stage.outcomeOf(call.call_id, 'succeeded');
    // The target is 1 s on an idle machine, and the usual time 0.1 s.
    expect(performance.now() - decidedAtMs).toBeLessThan(4_000);
    expect(ended.value).toMatchObject({
      attempts: 1,
      policy: { decision: 'ask', rule: { id: rule.id }, approval: { id: view.id, by: 'olga' } },
    });
    await stage.outcomeOf(duplicate.call_id, 'succeeded');
    expect(await stage.effectsOf(call)).toBe(1);
    expect(await listed('user_id=asker&status=any')).toMatchObject([{ status: 'approved' }]);
  });

  it('fails with the words of the person who rejects it, also for its repetitions (PG3)', async () => {
    await policy('rejected');
    const { call, approval } = await asked('rejected');
    expect((await decide('reject', approval, { note: 'Write to her assistant instead.' })).status).toBe(200);
    expect(await errorOf(call.call_id)).toMatchObject({
      code: 'approval_rejected',
      category: 'request',
      message: 'A person (olga) rejected this call: Write to her assistant instead.',
    });
    const again = await submit({ ...call, call_id: newId() });
    expect((await stage.outcomeOf(again.call_id)).value).toMatchObject({ status: 'failed', replayed: true });
    expect(await stage.effectsOf(call)).toBe(0);
  });

  it('fails when nobody decides in time, by the clock of the ledger', async () => {
    await policy('slow', { expires_after_seconds: 60 });
    const { call, approval } = await asked('slow');
    await stage.sql(
      `UPDATE executor.approval SET expires_at = now() WHERE id = '${approval.id}';
       UPDATE executor.waiting SET due_at = now() WHERE call_id = '${call.call_id}'`,
    );
    expect(await decide('approve', approval)).toMatchObject({
      status: 409,
      body: { code: 'approval_decided', status: 'expired' },
    });
    expect(await errorOf(call.call_id)).toMatchObject({ code: 'approval_expired', category: 'request' });
    expect(await listed('user_id=slow&status=expired')).toMatchObject([{ id: approval.id }]);
  });

  it('takes one decision, never from its requester, and only about these arguments (DA1, DA2, DA3)', async () => {
    await policy('strict');
    const { call, approval } = await asked('strict');
    expect(await decide('approve', approval, { key: publisher.identity.id })).toMatchObject({
      status: 409,
      body: { code: 'approval_own_request', status: 'pending' },
    });
    const other = { ...approval, arguments_digest: 'f'.repeat(64) };
    expect(await decide('approve', other)).toMatchObject({
      status: 409,
      body: { code: 'approval_digest_mismatch', status: 'pending' },
    });
    const both = await Promise.all([decide('approve', approval), decide('reject', approval)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [winner, loser] = both.sort((a, b) => a.status - b.status);
    const { status, decision } = winner.body as ApprovalView;
    expect(loser.body).toMatchObject({ code: 'approval_decided', status, decision });
    await stage.outcomeOf(call.call_id, status === 'approved' ? 'succeeded' : 'failed');
    expect(await stage.effectsOf(call)).toBe(status === 'approved' ? 1 : 0);
  });

  it('still ends at its deadline, and then needs no approval', async () => {
    await policy('late');
    const { call, approval } = await asked('late', { deadline: new Date(Date.now() + 2_000).toISOString() });
    expect(await errorOf(call.call_id)).toMatchObject({ code: 'deadline_exceeded' });
    expect(await decide('approve', approval)).toMatchObject({ status: 409, body: { status: 'closed' } });
  });

  it('can be cancelled, and not be rescheduled', async () => {
    await policy('cancelled');
    const { call, approval } = await asked('cancelled');
    const headers = { 'content-type': 'application/json' };
    const moment = { not_before: '2030-01-01T00:00:00Z' };
    expect(
      await stage.ask('POST', `calls/${call.call_id}/reschedule`, 'acme', headers, moment),
    ).toMatchObject({ status: 409, body: { code: 'call_not_waiting' } });
    expect(await stage.ask('POST', `calls/${call.call_id}/cancel`, 'acme', headers, {})).toMatchObject({
      status: 200,
      body: { state: 'CANCELLED' },
    });
    expect((await shown(approval.id)).status).toBe('closed');
  });

  it('is held by a kill switch after its approval, and runs when the switch is lifted (KS3)', async () => {
    await policy('held');
    const { call, approval } = await asked('held');
    const on = sampleSwitch({ type: 'user', value: 'held' }, { id: crypto.randomUUID(), tenant_id: 'acme' });
    await stage.identify(on);
    await waitFor(
      async () => {
        const probe = await submit({ user_id: 'held', mode: 'shadow' });
        const { value } = await stage.outcomeOf(probe.call_id);
        return (value['error'] as { code?: string } | undefined)?.code === 'switched_off';
      },
      { what: 'the switch to be known', timeoutMs: 30_000 },
    );
    await decide('approve', approval);
    await waitFor(async () => (await stage.view('acme', call.call_id))?.waiting?.reason === 'switched_off', {
      what: 'the call to be held',
    });
    expect(await stage.effectsOf(call)).toBe(0);
    await stage.forget(on);
    await stage.outcomeOf(call.call_id, 'succeeded');
    expect(await stage.effectsOf(call)).toBe(1);
  });
});

it('a redrive of an approved call asks anew, and a retry does not (PG2)', async () => {
  await policy('redriven');
  const retry = { max_attempts: 2, initial_backoff_ms: 0, max_backoff_ms: 0 };
  await stage.publishTool(sampleToolAt(stage.oracle.url, { slug: 'crm_twice', version: '1.0.0', retry }));
  const busy = { mode: 'status', status: 503, headers: { 'retry-after': '0' } } as const;
  await stage.oracle.behave({ match: { path: '/echo' }, ...busy });
  const { call, approval } = await asked('redriven', { tool: { slug: 'crm_twice' } });
  await decide('approve', approval);
  const dead = await stage.outcomeOf(call.call_id, 'dead');
  expect(dead.value).toMatchObject({ attempts: 2, policy: { approval: { id: approval.id, by: 'olga' } } });
  await stage.oracle.reset();

  const headers = { 'content-type': 'application/json' };
  const redrive = { redrive_id: newId(), call_ids: [call.call_id] };
  await stage.ask('POST', 'dead-letters/redrive', 'acme', headers, redrive);
  const again = await waitFor(async () => (await listed('user_id=redriven'))[0], {
    what: 'the second question',
  });
  expect(again).toMatchObject({ call_id: call.call_id, status: 'pending' });
  expect(again.id).not.toBe(approval.id);
  expect(await stage.effectsOf(call)).toBe(0);
  await decide('approve', again);
  await stage.outcomeOf(call.call_id, 'succeeded');
});

describe('a policy that changes while a call waits', () => {
  it('lets the call go when the rule is removed', async () => {
    const rule = await policy('freed');
    const { call, approval } = await asked('freed');
    await withdraw(rule);
    await stage.outcomeOf(call.call_id, 'succeeded');
    expect((await shown(approval.id)).status).toBe('closed');
    expect(await decide('approve', approval)).toMatchObject({ status: 409, body: { status: 'closed' } });
  });

  it('ends the call when a rule denies it', async () => {
    await policy('denied');
    const { call } = await asked('denied');
    await policy('denied', { decision: 'deny', reason: 'Not on weekends.', revision: 2 });
    expect(await errorOf(call.call_id)).toMatchObject({
      code: 'policy_denied',
      message: 'A policy of the tenant denies this call: Not on weekends.',
    });
  });

  it('keeps the question when another rule asks, and an approval covers both (PG2)', async () => {
    await policy('twice');
    const { call, approval } = await asked('twice');
    const id = 'p-twice-more';
    const match = { user_id: 'twice', tool: 'crm_update_contact' };
    await policy('twice', { id, match, reason: 'Another reason.' });
    await waitFor(async () => (await stage.view('acme', call.call_id))?.waiting?.scope === `policy:${id}`, {
      what: 'the call to be compared again',
    });
    expect(await listed('user_id=twice')).toMatchObject([{ id: approval.id, status: 'pending' }]);
    await decide('approve', approval);
    await stage.outcomeOf(call.call_id, 'succeeded');
    expect(
      stage.outcomes.filter(({ key, value }) => key === call.call_id && value['status'] === 'waiting'),
    ).toHaveLength(1);
  });
});

it('a policy that denies ends the call at once, and a later allow lets its repetition run', async () => {
  const rule = await policy('closed', { decision: 'deny', reason: 'Closed.' });
  const call = await submit({ user_id: 'closed' });
  expect((await stage.outcomeOf(call.call_id)).value).toMatchObject({
    status: 'failed',
    attempts: 0,
    error: { code: 'policy_denied', category: 'request', fix: expect.any(String) as string },
    policy: { decision: 'deny', rule: { id: rule.id } },
  });
  await policy('closed', { decision: 'allow', revision: 2 });
  const again = await submit({ ...call, call_id: newId() });
  expect((await stage.outcomeOf(again.call_id)).value).toMatchObject({
    status: 'succeeded',
    replayed: false,
    policy: { decision: 'allow' },
  });
});

it('a decision and a change of policies while the executor is down count after its start', async () => {
  await policy('restarted');
  const gone = await policy('restarted-freed');
  const { call, approval } = await asked('restarted');
  const { call: freed } = await asked('restarted-freed');
  await stage.stop(executor);
  // A second executor takes the decision while the first one is down.
  await stage.sql(
    `UPDATE executor.approval SET decision = 'approved', decided_by = 'olga', decided_at = now() WHERE id = '${approval.id}'`,
  );
  await withdraw(gone);
  executor = await stage.start();
  await Promise.all([call, freed].map(({ call_id: callId }) => stage.outcomeOf(callId, 'succeeded')));
  expect(await Promise.all([call, freed].map((each) => stage.effectsOf(each)))).toEqual([1, 1]);
});
