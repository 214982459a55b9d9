import type { PolicyRule } from '@action-mesh/contracts/auth-broker';

import type { PolicyFacts } from './policy-decision.js';

/** A policy of the tenant acme that denies every call. */
export function samplePolicy(id: string, more: Partial<PolicyRule> = {}): PolicyRule {
  return {
    id,
    tenant_id: 'acme',
    decision: 'deny',
    match: {},
    reason: 'Not now.',
    created_by: 'ada',
    at: '2026-03-02T09:15:00.000Z',
    revision: 1,
    ...more,
  };
}

/** A call of the tenant acme that sends mail. */
export function sampleFacts(more: Partial<PolicyFacts> = {}): PolicyFacts {
  return {
    tenantId: 'acme',
    keyId: '0123456789abcdef',
    userId: 'ada',
    agentId: 'writer',
    tool: 'gmail_send',
    effectClass: 'opaque',
    arguments: { to: 'bob@example.com', amount: 100, tags: ['a', 'b'] },
    ...more,
  };
}
