import type { CallView } from '@action-mesh/contracts/executor';
import { isId } from '@action-mesh/kernel';
import { Controller, Get, Headers, Inject, NotFoundException, Param } from '@nestjs/common';

import { Ledger } from '../../application/ledger.port.js';

/** How calls stand, for the gateway. Not for the outside: the caller names the tenant. */
@Controller('internal/calls')
export class CallsQueryController {
  constructor(@Inject(Ledger) private readonly ledger: Ledger) {}

  @Get(':callId')
  async find(
    @Param('callId') callId: string,
    @Headers('x-mesh-tenant') tenantId: string | undefined,
  ): Promise<CallView> {
    const view =
      tenantId === undefined || !isId(callId) ? undefined : await this.ledger.find(tenantId, callId);
    if (view === undefined) throw new NotFoundException('no such call');
    return view;
  }
}
