import type { KeyEnvironment, KeyScope, Quota } from '@action-mesh/contracts/auth-broker';
import type { IdentityDirectory } from '@action-mesh/identity';
import { defined } from '@action-mesh/kernel';
import { Controller, Inject, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { principalOf } from './caller-guard.js';
import { Serves } from './serves.js';

/** The gateway's knowledge about callers. */
export const CallerDirectory = Symbol('CallerDirectory');

/** A caller as the gateway knows it. */
interface Me {
  readonly tenant: string;
  readonly holder: string;
  readonly environment: KeyEnvironment;
  /** Absent: a user token proved the caller. */
  readonly key_id?: string;
  readonly scopes: readonly KeyScope[];
  /** Absent: every tool. */
  readonly tools?: readonly string[];
  /** Absent: every user of the tenant. */
  readonly users?: readonly string[];
  readonly quota?: Quota;
  readonly tenant_quota?: Quota;
}

/** The route that shows callers to themselves. It needs no other service. */
@Controller()
export class MeController {
  readonly #directory: Pick<IdentityDirectory, 'tenant' | 'environment'>;

  constructor(@Inject(CallerDirectory) directory: Pick<IdentityDirectory, 'tenant' | 'environment'>) {
    this.#directory = directory;
  }

  @Serves('whoAmI')
  show(@Req() request: FastifyRequest): Me {
    const { tenantId, holder, keyId, scopes, tools, users, quota } = principalOf(request);
    return {
      tenant: tenantId,
      holder,
      environment: this.#directory.environment,
      scopes: [...scopes],
      ...defined({
        key_id: keyId,
        tools: tools?.patterns,
        users: users === undefined ? undefined : [...users],
        quota,
        tenant_quota: this.#directory.tenant(tenantId)?.quota,
      }),
    };
  }
}
