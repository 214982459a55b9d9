import {
  callQuerySchema,
  comparisonQuerySchema,
  type CallComparison,
  type CallPage,
  type CallView,
} from '@action-mesh/contracts/executor';
import { Controller, Get, Headers, Inject, NotFoundException, Param, Query } from '@nestjs/common';

import { CallRecords } from '../../application/administration/call-records.port.js';
import { CompareCalls } from '../../application/administration/compare-calls.js';
import { ShowRequest } from '../../application/administration/show-request.js';
import { Ledger } from '../../application/ledger.port.js';
import { callIdOf, read, tenantOf } from './administration-requests.js';

/** The calls and their states, for the gateway. Not for the outside: the caller names the tenant. */
@Controller('internal/calls')
export class CallsQueryController {
  readonly #ledger: Ledger;
  readonly #records: CallRecords;
  readonly #showRequest: ShowRequest;
  readonly #compareCalls: CompareCalls;

  constructor(
    @Inject(Ledger) ledger: Ledger,
    @Inject(CallRecords) records: CallRecords,
    @Inject(ShowRequest) showRequest: ShowRequest,
    @Inject(CompareCalls) compareCalls: CompareCalls,
  ) {
    this.#ledger = ledger;
    this.#records = records;
    this.#showRequest = showRequest;
    this.#compareCalls = compareCalls;
  }

  @Get()
  list(@Headers('x-mesh-tenant') tenant: string | undefined, @Query() query: unknown): Promise<CallPage> {
    return this.#records.page(tenantOf(tenant), read(callQuerySchema, query));
  }

  @Get(':callId/comparison')
  compare(
    @Param('callId') callId: string,
    @Headers('x-mesh-tenant') tenant: string | undefined,
    @Query() query: unknown,
  ): Promise<CallComparison> {
    const other = read(comparisonQuerySchema, query).with;
    return this.#compareCalls.execute(tenantOf(tenant), callIdOf(callId), other);
  }

  @Get(':callId')
  async find(
    @Param('callId') callId: string,
    @Headers('x-mesh-tenant') tenant: string | undefined,
  ): Promise<CallView> {
    const tenantId = tenantOf(tenant);
    const view = await this.#ledger.find(tenantId, callIdOf(callId));
    if (view === undefined) throw new NotFoundException('no such call');
    const request = await this.#showRequest.execute(tenantId, callId);
    return request === undefined ? view : { ...view, request };
  }
}
