import {
  CallAccepted,
  flowKeyPrefix,
  type AcceptedCall,
  type CallRequest,
} from '@action-mesh/contracts/gateway';

import { sampleTool } from '@action-mesh/testing';
import { acceptCall, type CallRights } from './accept-call.js';
import { CallRefusedError } from './admission.errors.js';
import { refusedOutcome } from './refused-outcome.js';
import { CallOutcome } from '@action-mesh/contracts/executor';
import { ToolRegistry } from './tool-registry.js';

const nowMs = Date.UTC(2026, 0, 1);
const madeId = '019b76da-a800-7000-8000-000000000001';
const tools = new ToolRegistry();
tools.put(sampleTool());
tools.put(sampleTool({ version: '1.3.0' }));
tools.put(sampleTool({ version: '2.0.0' }));

const request: CallRequest = {
  user_id: 'u1',
  agent: { id: 'a', run_id: 'r1' },
  tool: { slug: 'crm_update_contact', version: '1.2.0' },
  arguments: { email: 'ada@example.com', company: 'x' },
};

function accept(changes: Partial<CallRequest> = {}, rights: Partial<CallRights> = {}): AcceptedCall {
  const caller = { tenantId: 't1', keyId: 'k1', ...rights };
  return acceptCall({ ...request, ...changes }, { caller, tools, nowMs, newId: () => madeId });
}

function refusalOf(changes: Partial<CallRequest>, rights: Partial<CallRights> = {}): CallRefusedError {
  try {
    accept(changes, rights);
  } catch (error) {
    if (error instanceof CallRefusedError) return error;
    throw error;
  }
  throw new Error('the call was taken');
}

describe('acceptCall', () => {
  it('makes a call of the contract: pinned, scoped, hashed', () => {
    const call = accept();
    expect(CallAccepted.schema.parse(call)).toEqual({
      call_id: madeId,
      tenant_id: 't1',
      key_id: 'k1',
      user_id: 'u1',
      agent: { id: 'a', run_id: 'r1' },
      tool: { slug: 'crm_update_contact', version: '1.2.0' },
      arguments: { email: 'ada@example.com', company: 'x' },
      scope: 'run:r1',
      mode: 'live',
      hash: call.hash,
      content_hash: call.content_hash,
      accepted_at: '2026-01-01T00:00:00.000Z',
    });
  });

  it('gives the keys of flows to the steps of flows alone', () => {
    const key = `${flowKeyPrefix}run_1:update`;
    expect(refusalOf({ idempotency_key: key })).toMatchObject({
      refusal: 'invalid_request',
      problems: [{ pointer: '/idempotency_key' }],
    });
    const step = { ...request, idempotency_key: key };
    const call = acceptCall(step, {
      caller: { tenantId: 't1' },
      tools,
      nowMs,
      newId: () => madeId,
      isStep: true,
    });
    expect(call.idempotency_key).toBe(key);
  });

  it("keeps the caller's own id", () => {
    expect(accept({ call_id: '019b76da-a800-7000-8000-000000000009' }).call_id).toMatch(/9$/);
  });

  it('makes reads with the same idempotency key equal, with any content', () => {
    tools.put(sampleTool({ slug: 'crm_get_contact', effect: { class: 'read' } }));
    const tool = { slug: 'crm_get_contact' };
    const read = (changes: Partial<CallRequest> = {}): AcceptedCall => accept({ tool, ...changes });
    const keyed = read({ idempotency_key: 'k' });
    expect(keyed.scope).toBe('key:k');
    expect(read({ idempotency_key: 'k', scope: 'global' }).hash).toBe(keyed.hash);
    expect(read({ idempotency_key: 'other' }).hash).not.toBe(keyed.hash);
    expect(read().hash).not.toBe(keyed.hash);
    expect(read({ scope: 'global' }).scope).toBe('global');
  });

  it('gives equal hashes to equal calls in different notations', () => {
    const { hash, content_hash } = accept();
    expect(accept({ arguments: { company: 'x', email: 'ada@example.com' } })).toMatchObject({
      hash,
      content_hash,
    });
    expect(accept({ tool: { slug: 'crm_update_contact', version: '1.3.0' } })).toMatchObject({
      hash,
      content_hash,
    });
    expect(accept({ idempotency_key: 'k', deadline: '2027-01-01T00:00:00Z' })).toMatchObject({ hash });
  });

  it('gives different hashes to different calls', () => {
    const others = [
      accept({ arguments: { email: 'bob@example.com' } }),
      accept({ agent: { id: 'a', run_id: 'r2' } }),
      accept({ scope: 'global' }),
      accept({ occurrence: '2' }),
      accept({ tool: { slug: 'crm_update_contact' } }),
    ];
    expect(new Set([accept(), ...others].map(({ hash }) => hash)).size).toBe(others.length + 1);
  });

  it('keeps the hash of live calls apart from both kinds of rehearsals, with one content', () => {
    const [live, given, dry, shadow] = [
      accept(),
      accept({ mode: 'live' }),
      accept({ mode: 'dry_run' }),
      accept({ mode: 'shadow' }),
    ];
    expect([dry.mode, shadow.mode]).toEqual(['dry_run', 'shadow']);
    expect(given.hash).toBe(live.hash);
    expect(new Set([live.hash, dry.hash, shadow.hash]).size).toBe(3);
    expect([dry.content_hash, shadow.content_hash]).toEqual([live.content_hash, live.content_hash]);
  });

  it('leaves scope and occurrence out of the content hash', () => {
    expect(accept({ scope: 'global', occurrence: '2' }).content_hash).toBe(accept().content_hash);
    expect(accept({ arguments: { email: 'bob@example.com' } }).content_hash).not.toBe(accept().content_hash);
  });

  it.each<[string, Partial<CallRequest>, string | undefined]>([
    ['deadline_passed', { deadline: '2026-01-01T00:00:00.000Z' }, '/deadline'],
    ['tool_not_found', { tool: { slug: 'nothing' } }, '/tool/slug'],
    ['tool_version_not_found', { tool: { slug: 'crm_update_contact', version: '9.0.0' } }, '/tool/version'],
    ['dedupe_scope_missing', { agent: { id: 'a' } }, undefined],
    ['invalid_arguments', { arguments: {} }, '/arguments/email'],
    ['invalid_arguments', { arguments: { email: 'a', companyy: 'x' } }, '/arguments/companyy'],
    ['invalid_json', { occurrence: '\ud800' }, '/occurrence'],
  ])('refuses with %s and names the fix', (refusal, changes, pointer) => {
    const refused = refusalOf(changes);
    expect(refused.refusal).toBe(refusal);
    expect(refused.problems[0]?.pointer).toBe(pointer);
    expect(refused.fix).not.toBe('');
  });

  it('takes tenant and key from the caller alone', () => {
    expect(accept()).toMatchObject({ tenant_id: 't1', key_id: 'k1' });
    expect(accept({}, { keyId: undefined })).not.toHaveProperty('key_id');
  });

  it('refuses users outside of the key, before it looks at the tool', () => {
    const users = new Set(['u2', 'u3']);
    expect(accept({ user_id: 'u2' }, { users }).user_id).toBe('u2');
    const refused = refusalOf({ tool: { slug: 'nothing' } }, { users });
    expect(refused).toMatchObject({ refusal: 'user_not_allowed', problems: [{ pointer: '/user_id' }] });
    expect(`${refused.message}${refused.fix}`).not.toMatch(/u\d/);
  });

  it.each(['direct', 'execute_tool'])('refuses other tools of the key like unknown tools: %s', (way) => {
    const of = (slug: string): Partial<CallRequest> =>
      way === 'direct'
        ? { tool: { slug } }
        : { tool: { slug: 'execute_tool' }, arguments: { tool: slug, arguments: request.arguments } };
    const rights = { tools: { allows: ({ slug }: { readonly slug: string }) => slug === 'crm_get_contact' } };
    const [hidden, unknown] = [of('crm_update_contact'), of('zzz')].map((call) => refusalOf(call, rights));
    const { refusal, message, problems } = unknown ?? {};
    expect(hidden).toMatchObject({ refusal, message, problems });
    expect(refusal).toBe('tool_not_found');
    expect(hidden?.fix).not.toContain('crm_update_contact');
    expect(refusalOf(of('crm_update_contac'), rights).fix).not.toContain('crm_update_contact');
  });

  it('accepts a deadline in the future', () => {
    expect(accept({ deadline: '2026-01-01T00:00:00.001Z' }).deadline).toBe('2026-01-01T00:00:00.001Z');
  });
});

describe('refusedOutcome', () => {
  it('is a failed outcome of the contract and names the wrong place', () => {
    const refused = refusalOf({ arguments: {} });
    const outcome = refusedOutcome({ ...request, call_id: madeId }, refused, { tenantId: 't1', nowMs });
    expect(CallOutcome.schema.parse(outcome)).toMatchObject({
      call_id: madeId,
      status: 'failed',
      seq: 1,
      attempts: 0,
      replayed: false,
      recovered: false,
      tool: { slug: 'crm_update_contact', version: '1.2.0' },
      error: { code: 'invalid_arguments', category: 'request', fix: refused.fix },
    });
    expect(outcome.error?.message).toContain('/arguments/email is required and missing');
  });
});
