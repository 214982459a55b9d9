import type { Provider, Type } from '@nestjs/common';
import type { Pool } from 'pg';

import { InternalPoliciesController } from './adapters/http/internal-policies.controller.js';
import { PostgresPolicyStore } from './adapters/postgres/policies/postgres-policy-store.js';
import type { PublishPolicies } from './application/policies/publish-policies.js';
import { PutPolicy } from './application/policies/put-policy.js';
import { RemovePolicy } from './application/policies/remove-policy.js';
import { ShowPolicies } from './application/policies/show-policies.js';

/** The administration of policies, ready for Nest. */
export interface PolicyParts {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
}

/** Binds the use cases behind the routes for policies. */
export function composePolicies(pool: Pool, publish: PublishPolicies): PolicyParts {
  const store = new PostgresPolicyStore(pool);
  return {
    controllers: [InternalPoliciesController],
    providers: [
      { provide: ShowPolicies, useValue: new ShowPolicies(store, publish) },
      { provide: PutPolicy, useValue: new PutPolicy(store, publish) },
      { provide: RemovePolicy, useValue: new RemovePolicy(store, publish) },
    ],
  };
}
