import { z } from 'zod';

/** Every right that a key can hold. A route or a topic asks for one of them. */
export const scopeNames = [
  'calls:write',
  'calls:read',
  'tools:read',
  'tools:admin',
  'triggers:write',
  'triggers:admin',
  'dlq:admin',
  'limits:read',
  'limits:admin',
  'switches:admin',
  'policies:admin',
  'approvals:decide',
  'webhooks:admin',
  'keys:admin',
  'connections:read',
  'connections:write',
  'connections:admin',
  'audit:read',
  'audit:admin',
  'tenants:admin',
] as const;

export const keyScopeSchema = z.enum(scopeNames);
export type KeyScope = z.infer<typeof keyScopeSchema>;

export const roleNames = ['agent', 'viewer', 'approver', 'author', 'operator', 'owner', 'platform'] as const;
export const roleSchema = z.enum(roleNames);
export type Role = z.infer<typeof roleSchema>;

const viewing = ['calls:read', 'tools:read', 'limits:read', 'connections:read', 'audit:read'] as const;

const ofOwner = scopeNames.filter((scope) => scope !== 'tenants:admin' && scope !== 'tools:admin');

/**
 * The scopes of each role. `agent` is for programs, and the others are for people. `approver` decides about parked calls
 * and changes nothing else. `platform` administers all tenants;
 * only a key of this role can create another one. All tenants share the tools, so only `platform` can create an `author`.
 */
export const roleScopes: Readonly<Record<Role, readonly KeyScope[]>> = {
  agent: ['calls:write', 'calls:read', 'tools:read', 'triggers:write', 'connections:read'],
  viewer: viewing,
  approver: ['calls:read', 'tools:read', 'approvals:decide'],
  author: [...viewing, 'tools:admin'],
  operator: [
    ...viewing,
    'calls:write',
    'connections:write',
    'dlq:admin',
    'limits:admin',
    'switches:admin',
    'approvals:decide',
    'webhooks:admin',
    'triggers:admin',
  ],
  owner: ofOwner,
  platform: scopeNames,
};
