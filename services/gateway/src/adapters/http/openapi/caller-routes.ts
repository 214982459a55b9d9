import {
  createdKeySchema,
  keyRequestSchema,
  keyRotationSchema,
  keyViewSchema,
  policyExplanationSchema,
  policyListSchema,
  policyQuestionSchema,
  policyRequestSchema,
  policyViewSchema,
  switchRequestSchema,
  switchViewSchema,
  tenantRequestSchema,
  tenantViewSchema,
} from '@action-mesh/contracts/auth-broker';
import type { RouteName } from '@action-mesh/contracts/gateway';

import { policyRemovalSchema } from '../policies.controller.js';
import { switchListSchema } from '../switches.controller.js';
import { callerAnswerSchema, keyListSchema, tenantListSchema } from './answer-schemas.js';
import { answers200, removed } from './answers.js';
import type { RouteDocument } from './route-document.js';

const changes = ['right_missing', 'identity_conflict'] as const;
const created = { 201: { description: 'The only answer that shows the key.', schema: createdKeySchema } };

/** The routes for keys, kill switches, policies and tenants. */
export const callerRoutes = {
  whoAmI: { area: 'keys', answers: answers200('The caller.', callerAnswerSchema) },
  listKeys: {
    area: 'keys',
    answers: answers200('The keys, without their secrets.', keyListSchema),
    problems: ['right_missing'],
  },
  createKey: {
    area: 'keys',
    body: keyRequestSchema,
    example: { role: 'agent', users: ['ada'], note: 'The release bot.' },
    answers: created,
    problems: changes,
  },
  findKey: {
    area: 'keys',
    answers: answers200('The key, without its secret.', keyViewSchema),
    problems: ['key_not_found', 'right_missing'],
  },
  rotateKey: {
    area: 'keys',
    body: keyRotationSchema,
    isBodyOptional: true,
    answers: created,
    problems: [...changes, 'key_not_found'],
  },
  revokeKey: { area: 'keys', answers: removed, problems: [...changes, 'key_not_found'] },
  listSwitches: { area: 'keys', answers: answers200('The switches that are on.', switchListSchema) },
  turnOnSwitch: {
    area: 'keys',
    body: switchRequestSchema,
    example: { target: { type: 'tool', value: 'slack_post_message' }, reason: 'The channel is wrong.' },
    answers: { 201: { description: 'The switch.', schema: switchViewSchema } },
    problems: changes,
  },
  liftSwitch: { area: 'keys', answers: removed, problems: [...changes, 'switch_not_found'] },
  listPolicies: {
    area: 'policies',
    answers: answers200('The policies, in the order of their trial.', policyListSchema),
  },
  findPolicy: {
    area: 'policies',
    answers: answers200('The policy.', policyViewSchema),
    problems: ['policy_not_found'],
  },
  putPolicy: {
    area: 'policies',
    body: policyRequestSchema,
    answers: answers200('The policy.', policyViewSchema),
    problems: changes,
  },
  removePolicy: {
    area: 'policies',
    query: policyRemovalSchema,
    answers: removed,
    problems: [...changes, 'policy_not_found'],
  },
  explainPolicies: {
    area: 'policies',
    body: policyQuestionSchema,
    answers: answers200('The decision, and the policies that select the call.', policyExplanationSchema),
    problems: ['tool_not_found'],
  },
  listTenants: { area: 'keys', answers: answers200('The tenants.', tenantListSchema) },
  findTenant: {
    area: 'keys',
    answers: answers200('The tenant.', tenantViewSchema),
    problems: ['tenant_not_found'],
  },
  putTenant: {
    area: 'keys',
    body: tenantRequestSchema,
    answers: answers200('The tenant.', tenantViewSchema),
    problems: [...changes, 'tenant_not_found'],
  },
  createTenantKey: {
    area: 'keys',
    body: keyRequestSchema,
    answers: created,
    problems: [...changes, 'tenant_not_found'],
  },
  removeTenant: { area: 'keys', answers: removed, problems: [...changes, 'tenant_not_found'] },
} as const satisfies Partial<Record<RouteName, RouteDocument>>;
