import {
  scopeNames,
  type KeyIdentity,
  type KillSwitch,
  type TenantIdentity,
} from '@action-mesh/contracts/auth-broker';

import { keyDigest, newKeyText, readKeyText } from './key-text.js';
import type { Principal } from './principal.js';

/** A tenant without settings. */
export function sampleTenant(id: string, more: Partial<TenantIdentity> = {}): TenantIdentity {
  return { kind: 'tenant', id, issuers: [], ...more };
}

/** A fresh key of a tenant, and its identity for a directory. */
export function sampleKey(
  tenantId: string,
  more: Partial<KeyIdentity> = {},
): { readonly key: string; readonly identity: KeyIdentity } {
  const { use = 'api', environment = 'dev' } = more;
  const key = newKeyText(use, environment);
  const id = readKeyText(key)?.id ?? '';
  return {
    key,
    identity: {
      kind: 'key',
      id,
      tenant_id: tenantId,
      use,
      environment,
      digest: keyDigest(key),
      holder: 'ada',
      scopes: ['calls:write', 'calls:read'],
      ...more,
    },
  };
}

/** A kill switch that is on. */
export function sampleSwitch(target: KillSwitch['target'], more: Partial<KillSwitch> = {}): KillSwitch {
  return {
    kind: 'switch',
    id: '0b7c1c53-3b2a-4c4b-9a51-6f1f3a0c0001',
    target,
    reason: 'a test',
    by: 'olga',
    since: '2026-01-01T00:00:00.000Z',
    ...more,
  };
}

/** A caller of the tenant `default` with every scope and no limits. */
export function samplePrincipal(more: Partial<Principal> = {}): Principal {
  return {
    tenantId: 'default',
    keyId: '0123456789abcdef',
    holder: 'ada',
    scopes: new Set(scopeNames),
    tools: undefined,
    users: undefined,
    quota: undefined,
    ...more,
  };
}
