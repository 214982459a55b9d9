import type { KeyEnvironment } from '@action-mesh/contracts/auth-broker';
import type { Provider } from '@nestjs/common';
import type { Pool } from 'pg';

import { PostgresApiKeyStore } from './adapters/postgres/postgres-api-key-store.js';
import { PostgresSwitchStore } from './adapters/postgres/postgres-switch-store.js';
import { PostgresTenantStore } from './adapters/postgres/postgres-tenant-store.js';
import { CreateKey } from './application/create-key.js';
import { LiftSwitch } from './application/lift-switch.js';
import { ListKeys } from './application/list-keys.js';
import { ListSwitches } from './application/list-switches.js';
import { ListTenants } from './application/list-tenants.js';
import type { PublishIdentities } from './application/publish-identities.js';
import { PutTenant } from './application/put-tenant.js';
import type { ReadJwkSets } from './application/read-jwk-sets.js';
import { RecordKeyUses } from './application/record-key-uses.js';
import { RemoveTenant } from './application/remove-tenant.js';
import { RevokeKey } from './application/revoke-key.js';
import { RotateKey } from './application/rotate-key.js';
import { ShowKey } from './application/show-key.js';
import { ShowTenant } from './application/show-tenant.js';
import { TurnOnSwitch } from './application/turn-on-switch.js';

interface AdministrationParts {
  readonly pool: Pool;
  readonly publishIdentities: PublishIdentities;
  readonly readJwkSets: ReadJwkSets;
  readonly environment: KeyEnvironment;
}

/** The use cases behind the internal API, bound to PostgreSQL. */
export function administration({
  pool,
  publishIdentities,
  readJwkSets,
  environment,
}: AdministrationParts): Provider[] {
  const keys = new PostgresApiKeyStore(pool);
  const tenants = new PostgresTenantStore(pool);
  const switches = new PostgresSwitchStore(pool);
  const showTenant = new ShowTenant(tenants, publishIdentities);
  const listSwitches = new ListSwitches(switches, keys, publishIdentities);
  return [
    { provide: CreateKey, useValue: new CreateKey(keys, publishIdentities, environment) },
    { provide: RotateKey, useValue: new RotateKey(keys, publishIdentities, environment) },
    { provide: RevokeKey, useValue: new RevokeKey(keys, publishIdentities) },
    { provide: ListKeys, useValue: new ListKeys(keys, publishIdentities) },
    { provide: ShowKey, useValue: new ShowKey(keys, publishIdentities) },
    { provide: RecordKeyUses, useValue: new RecordKeyUses(keys) },
    {
      provide: PutTenant,
      useValue: new PutTenant(tenants, readJwkSets, publishIdentities, showTenant),
    },
    { provide: RemoveTenant, useValue: new RemoveTenant(tenants, publishIdentities) },
    { provide: ListTenants, useValue: new ListTenants(tenants, publishIdentities) },
    { provide: ShowTenant, useValue: showTenant },
    { provide: TurnOnSwitch, useValue: new TurnOnSwitch(switches, publishIdentities) },
    { provide: LiftSwitch, useValue: new LiftSwitch(switches, listSwitches, publishIdentities) },
    { provide: ListSwitches, useValue: listSwitches },
  ];
}
