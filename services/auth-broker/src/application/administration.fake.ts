import type { InternalCaller } from '@action-mesh/contracts';
import { identityKey, roleScopes, type Identity, type Role } from '@action-mesh/contracts/auth-broker';
import { FakeClock } from '@action-mesh/kernel/testing';

import { AdoptBootstrapKeys } from './adopt-bootstrap-keys.js';
import { CreateKey } from './create-key.js';
import {
  FakeIdentityRecord,
  FakeApiKeyStore,
  FakeSwitchStore,
  FakeTenantStore,
} from './identity-stores.fake.js';
import { FakePublishedTopic } from './published-topic.fake.js';
import type { JwkSetReading } from './jwk-sets.port.js';
import { LiftSwitch } from './lift-switch.js';
import { ListKeys } from './list-keys.js';
import { ListSwitches } from './list-switches.js';
import { ListTenants } from './list-tenants.js';
import { PublishIdentities } from './publish-identities.js';
import { PutTenant } from './put-tenant.js';
import { ReadJwkSets } from './read-jwk-sets.js';
import { RecordKeyUses } from './record-key-uses.js';
import { RemoveTenant } from './remove-tenant.js';
import { RevokeKey } from './revoke-key.js';
import { RotateKey } from './rotate-key.js';
import { ShowKey } from './show-key.js';
import { ShowTenant } from './show-tenant.js';
import { TurnOnSwitch } from './turn-on-switch.js';

/** All use cases over fakes. The tenants `default`, `acme` and `globex` exist. */
export function fakeAdministration() {
  const clock = new FakeClock();
  const tenants = new FakeTenantStore();
  const keys = new FakeApiKeyStore(tenants);
  const switches = new FakeSwitchStore();
  const record = new FakeIdentityRecord(keys, tenants, switches, clock);
  const topic = new FakePublishedTopic<Identity>(identityKey);
  const publish = new PublishIdentities(record, topic, clock);
  const jwkSets = new Map<string, JwkSetReading>();
  const source = {
    read: (url: string) =>
      Promise.resolve<JwkSetReading>(jwkSets.get(url) ?? { problem: 'the answer has the status 404' }),
  };
  const readJwkSets = new ReadJwkSets(tenants, source, clock);
  const showTenant = new ShowTenant(tenants, publish, clock);
  const listSwitches = new ListSwitches(switches, keys, publish, clock);
  tenants.onRemove = (id, atMs) => keys.revokeAll(id, atMs);
  for (const id of ['default', 'acme', 'globex'])
    tenants.tenants.set(id, { id, issuers: [], createdAt: new Date(clock.now()).toISOString() });
  return {
    clock,
    tenants,
    keys,
    switches,
    record,
    topic,
    publish,
    jwkSets,
    readJwkSets,
    createKey: new CreateKey(keys, publish, 'dev', clock),
    rotateKey: new RotateKey(keys, publish, 'dev', clock),
    revokeKey: new RevokeKey(keys, publish, clock),
    listKeys: new ListKeys(keys, publish, clock),
    showKey: new ShowKey(keys, publish, clock),
    recordKeyUses: new RecordKeyUses(keys, clock),
    putTenant: new PutTenant(tenants, readJwkSets, publish, showTenant, clock),
    removeTenant: new RemoveTenant(tenants, publish, clock),
    listTenants: new ListTenants(tenants, publish, clock),
    showTenant,
    turnOnSwitch: new TurnOnSwitch(switches, publish, clock),
    liftSwitch: new LiftSwitch(switches, listSwitches, publish, clock),
    listSwitches,
    adoptBootstrapKeys: new AdoptBootstrapKeys(keys, clock),
  };
}

/** A caller with all scopes of a role. */
export function callerAs(
  role: Role,
  tenantId = 'acme',
  scopes: readonly string[] = roleScopes[role],
): InternalCaller {
  return { tenantId, holder: `${role}-of-${tenantId}`, scopes: new Set(scopes) as InternalCaller['scopes'] };
}

/** The caller of the platform. */
export const platform = callerAs('platform', 'default');
