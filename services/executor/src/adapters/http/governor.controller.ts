import { Governor } from '@action-mesh/governor/port';
import { Controller, Get, Headers, Inject } from '@nestjs/common';

import { tenantHeader, tenantOf } from './administration-requests.js';

/** Limits, blocks, breakers and concurrency as this instance knows them. */
@Controller('internal')
export class GovernorController {
  readonly #governor: Governor;

  constructor(@Inject(Governor) governor: Governor) {
    this.#governor = governor;
  }

  /** The status for all tenants, for operators. The gateway has no route to it. */
  @Get('governor')
  read(): unknown {
    return this.#governor.status();
  }

  /** The part of the governor's status that belongs to one tenant, for the gateway. */
  @Get('breakers')
  breakers(@Headers(tenantHeader) tenant: string | undefined): unknown {
    return this.#governor.tenantStatus(tenantOf(tenant));
  }
}
