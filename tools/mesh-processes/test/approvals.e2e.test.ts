import { newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';
import pg from 'pg';

import { newTenantKey } from '../src/index.js';
import { startMesh, type MeshHarness } from '../src/testing/mesh-harness.js';

jest.setTimeout(120_000);

/** Policies, approvals and rehearsals through the gateway, as an agent and its approvers use them. */

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

let harness: MeshHarness;
const keys = { owner: '', agent: '', eve: '', olga: '', bound: '', stranger: '' };

beforeAll(async () => {
  harness = await startMesh({ form: 'one process' });
  const { mesh } = harness;
  const [owner, agent, eve, olga, bound, stranger] = await Promise.all([
    newTenantKey(mesh, 'acme'),
    newTenantKey(mesh, 'acme', { role: 'operator', holder: 'agent' }),
    newTenantKey(mesh, 'acme', { role: 'approver', holder: 'eve' }),
    newTenantKey(mesh, 'acme', { role: 'approver', holder: 'olga' }),
    newTenantKey(mesh, 'acme', { role: 'approver', holder: 'ben', users: ['ben'] }),
    newTenantKey(mesh, 'globex'),
  ]);
  Object.assign(keys, { owner, agent, eve, olga, bound, stranger });
  await as('owner', 'PUT', '/v1/policies/ask-before-contacts', {
    decision: 'ask',
    match: { tool: 'put_contact' },
    reason: 'A person looks at new contacts.',
    expires_after_seconds: 60,
  });
  await waitFor(async () => (await rehearsed()) === 'ask', { what: 'the policy to be known' });
});

afterAll(() => harness.close());

async function as(who: keyof typeof keys, method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${harness.mesh.gatewayUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${keys[who]}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) as Answer['body'] };
}

const callOf = (user = 'ada', more: object = {}) => ({
  user_id: user,
  agent: { id: 'writer', run_id: newId() },
  arguments: { email: `${newId()}@acme.example`, name: 'Ada' },
  ...more,
});

const execute = (body: object): Promise<Answer> => as('agent', 'POST', '/v1/tools/put_contact/execute', body);

async function rehearsed(): Promise<string | undefined> {
  const { preview } = (await execute(callOf('ada', { mode: 'dry_run' }))).body as {
    preview?: { policy?: { decision: string } };
  };
  return preview?.policy?.decision;
}

/** A call that waits for its approval. */
async function asked(
  user?: string,
): Promise<{ readonly callId: string; readonly id: string; readonly digest: string }> {
  const { status, body } = await execute(callOf(user));
  const { approval } = body['waiting'] as { approval: { id: string; arguments_digest: string } };
  expect([status, body['status']]).toEqual([202, 'waiting']);
  return { callId: String(body['call_id']), id: approval.id, digest: approval.arguments_digest };
}

const decide = (
  who: keyof typeof keys,
  verb: 'approve' | 'reject',
  { id, digest }: { readonly id: string; readonly digest: string },
  note?: string,
): Promise<Answer> =>
  as(who, 'POST', `/v1/approvals/${id}/${verb}`, {
    arguments_digest: digest,
    ...(note === undefined ? {} : { note }),
  });

async function ended(callId: string): Promise<Answer['body']> {
  const outcomeOf = async (): Promise<Answer['body'] | undefined> => {
    const { body } = await as('agent', 'GET', `/v1/calls/${callId}`);
    return body['ended_at'] === undefined ? undefined : (body['outcome'] as Answer['body']);
  };
  return await waitFor(outcomeOf, { what: `the end of ${callId}`, timeoutMs: 20_000 });
}

const requestsSeen = async (): Promise<number> =>
  (await harness.oracle.requests({ path: '/crm/contacts/' })).length;

describe('an approval through the gateway', () => {
  it('shows the canonical arguments and the requester, and lets the call run', async () => {
    const before = await requestsSeen();
    const call = await asked();
    expect((await as('eve', 'GET', '/v1/approvals?user_id=ada')).body).toMatchObject({
      approvals: [
        { id: call.id, status: 'pending', tool: 'put_contact', reason: 'A person looks at new contacts.' },
      ],
    });
    const { body } = await as('eve', 'GET', `/v1/approvals/${call.id}`);
    expect(body).toMatchObject({
      call_id: call.callId,
      requested_by: { agent: { id: 'writer' } },
      rule: { id: 'ask-before-contacts', revision: 1 },
      canonical_arguments: expect.stringMatching(/^\{"email":/) as string,
      request: { method: 'PUT' },
    });
    expect(await requestsSeen()).toBe(before);
    expect(await decide('eve', 'approve', call)).toMatchObject({ status: 200, body: { status: 'approved' } });
    expect(await ended(call.callId)).toMatchObject({
      status: 'succeeded',
      policy: { decision: 'ask', rule: { id: 'ask-before-contacts' } },
    });
    expect(await requestsSeen()).toBe(before + 1);
  });

  it('of another person ends the call with words for a model', async () => {
    const call = await asked();
    await decide('olga', 'reject', call, 'She asked us not to.');
    const outcome = await ended(call.callId);
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'approval_rejected' } });
    expect((outcome['error'] as { message: string }).message).toContain('She asked us not to.');
  });

  it('is refused to the requester, for other arguments, and without the scope', async () => {
    const call = await asked();
    expect(await decide('agent', 'approve', call)).toMatchObject({ status: 403 });
    keys.agent = await newTenantKey(harness.mesh, 'acme', { role: 'owner', holder: 'agent' });
    const own = await asked();
    expect(await decide('agent', 'approve', own)).toMatchObject({
      status: 403,
      body: { code: 'approval_own_request', fix: expect.any(String) as string },
    });
    expect(await decide('eve', 'approve', { ...own, digest: '0'.repeat(64) })).toMatchObject({
      status: 409,
      body: { code: 'approval_digest_mismatch' },
    });
    expect(await as('eve', 'POST', `/v1/approvals/${own.id}/approve`, {})).toMatchObject({
      status: 422,
      body: { code: 'invalid_request', errors: [{ pointer: '/arguments_digest' }] },
    });
    expect(await decide('eve', 'reject', own)).toMatchObject({ status: 200 });
  });

  it('is decided by one of two approvers at one moment, and the other learns of it', async () => {
    for (let n = 0; n < 5; n += 1) {
      const call = await asked();
      const both = await Promise.all([decide('eve', 'approve', call), decide('olga', 'reject', call)]);
      const [first, second] = both.sort((a, b) => a.status - b.status);
      expect([first.status, second.status]).toEqual([200, 409]);
      expect(second.body).toMatchObject({ code: 'approval_decided', decision: first.body['decision'] });
      const status = first.body['status'] === 'approved' ? 'succeeded' : 'failed';
      expect(await ended(call.callId)).toMatchObject({ status });
    }
  });

  it('of another user or tenant looks like one that does not exist', async () => {
    const call = await asked('ada');
    const unknown = { ...call, id: newId() };
    for (const who of ['bound', 'stranger'] as const) {
      const [hidden, absent] = await Promise.all(
        [call, unknown].map(async (each) => [
          await as(who, 'GET', `/v1/approvals/${each.id}`),
          await decide(who, 'approve', each),
        ]),
      );
      expect(hidden).toEqual(absent);
      expect(hidden?.map(({ status }) => status)).toEqual([404, 404]);
      expect((await as(who, 'GET', '/v1/approvals')).body).toEqual({ approvals: [] });
    }
    const own = await asked('ben');
    expect((await as('bound', 'GET', '/v1/approvals')).body).toMatchObject({ approvals: [{ id: own.id }] });
    expect(await decide('bound', 'approve', own)).toMatchObject({ status: 200 });
  });

  it('that nobody gives in time ends the call', async () => {
    const call = await asked();
    const client = new pg.Client(harness.databaseUrl);
    await client.connect();
    await client.query('UPDATE executor.approval SET expires_at = now() WHERE id = $1', [call.id]);
    await client.query('UPDATE executor.waiting SET due_at = now() WHERE call_id = $1', [call.callId]);
    await client.end();
    expect(await decide('eve', 'approve', call)).toMatchObject({
      status: 409,
      body: { code: 'approval_decided' },
    });
    expect(await ended(call.callId)).toMatchObject({
      status: 'failed',
      error: { code: 'approval_expired', fix: expect.any(String) as string },
    });
  });

  it('is no longer needed after the call was cancelled', async () => {
    const call = await asked();
    expect(await as('agent', 'POST', `/v1/calls/${call.callId}/cancel`, {})).toMatchObject({
      body: { state: 'CANCELLED' },
    });
    expect(await decide('eve', 'approve', call)).toMatchObject({ status: 409 });
    expect((await as('eve', 'GET', `/v1/approvals/${call.id}`)).body).toMatchObject({ status: 'closed' });
  });
});

describe('a rehearsal through the gateway', () => {
  it('answers with the request and the policy, and sends nothing', async () => {
    const before = await requestsSeen();
    const { status, body } = await execute(callOf('ada', { mode: 'dry_run' }));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'dry_run',
      preview: {
        would: 'wait',
        reason: 'awaiting_approval',
        request: { method: 'PUT', url: expect.stringContaining('/crm/contacts/') as string },
        policy: { decision: 'ask' },
      },
    });
    expect(await requestsSeen()).toBe(before);
  });

  it('of a batch is recorded, and compared with the live call after it', async () => {
    const tool = { slug: 'read_item' };
    const args = { id: newId() };
    const call = { user_id: 'ada', agent: { id: 'a', run_id: newId() }, tool, arguments: args };
    const { status, body } = await as('agent', 'POST', '/v1/calls', [
      { ...call, mode: 'shadow' },
      { ...call, mode: 'dry_run' },
    ]);
    expect(status).toBe(202);
    const ids = (body as unknown as readonly { readonly call_id: string }[]).map(({ call_id: id }) => id);
    const [shadow = '', dry = ''] = ids;
    expect(await ended(shadow)).toMatchObject({ status: 'shadowed' });
    expect(await ended(dry)).toMatchObject({ status: 'dry_run', preview: { would: 'send' } });
    const live = await as('agent', 'POST', `/v1/tools/${tool.slug}/execute`, { ...call, tool: undefined });
    expect(live.body).toMatchObject({ status: 'succeeded', replayed: false });
    const path = `/v1/calls/${shadow}/comparison?with=${String(live.body['call_id'])}`;
    expect(await as('agent', 'GET', path)).toMatchObject({
      status: 200,
      body: { equal: true, differences: [] },
    });
    expect(await as('stranger', 'GET', path)).toMatchObject({ status: 404 });
    expect(await as('agent', 'GET', `/v1/calls/${shadow}/comparison`)).toMatchObject({ status: 422 });
  });
});
