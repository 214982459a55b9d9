import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { PolicySet } from '@action-mesh/policies';
import { samplePolicy } from '@action-mesh/policies/testing';
import { newId } from '@action-mesh/kernel';

import { decisionAbout } from './call-policies.js';
import { prepareProxy } from './proxy-call.js';

function proxied(method: string, effect?: string): AcceptedCall {
  return {
    call_id: newId(),
    tenant_id: 'acme',
    user_id: 'ada',
    tool: { slug: 'mesh_proxy', version: '1.0.0' },
    arguments: {
      integration: 'github',
      method,
      path: '/repos/a/b',
      ...(effect === undefined ? {} : { effect }),
    },
    scope: 'global',
    mode: 'live',
    hash: 'a'.repeat(64),
    content_hash: 'b'.repeat(64),
    accepted_at: '2026-01-01T00:00:00.000Z',
  };
}

describe('a proxied request', () => {
  it('passes no rule by the effect that its caller declares', () => {
    const policies = new PolicySet();
    policies.put(samplePolicy('writes', { decision: 'ask', match: { effect_class: 'opaque' } }));
    const decisionOn = (call: AcceptedCall) =>
      decisionAbout(policies, call, prepareProxy(call, () => undefined).tool)?.decision;
    expect(decisionOn(proxied('DELETE'))).toBe('ask');
    expect(decisionOn(proxied('DELETE', 'idempotent'))).toBe('ask');
    expect(decisionOn(proxied('GET'))).toBe('ask');
    expect(decisionOn(proxied('GET', 'read'))).toBe('allow');
  });
});
