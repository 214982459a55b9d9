import { defineEvent } from '@action-mesh/kernel';

import { topics } from '../topics.js';
import { policyRuleSchema, type PolicyRule } from './policy.js';

/** The key of a policy: `acme/ask-before-mail`. Neither part has a slash. */
export function policyKey({ tenant_id: tenantId, id }: Pick<PolicyRule, 'tenant_id' | 'id'>): string {
  return `${tenantId}/${id}`;
}

/** A tenant's policy. A tombstone removes it. */
export const PolicyPublished = defineEvent({
  topic: topics.policies.name,
  type: 'mesh.policy.published',
  version: 1,
  description: 'A rule of a tenant that allows calls, denies them or asks a person. A tombstone removes it.',
  key: policyKey,
  schema: policyRuleSchema,
});
