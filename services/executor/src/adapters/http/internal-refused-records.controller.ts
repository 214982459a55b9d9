import { refusedRecordQuerySchema, type RefusedRecordPage } from '@action-mesh/contracts/executor';
import { Controller, Get, Headers, Inject, Query } from '@nestjs/common';

import { RefusedRecords } from '../../application/refused-records.port.js';
import { hasScope, read, tenantOf } from './administration-requests.js';

/** The records that became no call. Those without a tenant are for administrators of all tenants. */
@Controller('internal/refused-records')
export class InternalRefusedRecordsController {
  readonly #records: RefusedRecords;

  constructor(@Inject(RefusedRecords) records: RefusedRecords) {
    this.#records = records;
  }

  @Get()
  page(
    @Headers('x-mesh-tenant') tenant: string | undefined,
    @Headers('x-mesh-scopes') scopes: string | undefined,
    @Query() query: unknown,
  ): Promise<RefusedRecordPage> {
    const reader = { tenantId: tenantOf(tenant), seesUnproved: hasScope(scopes, 'tenants:admin') };
    return this.#records.page(reader, read(refusedRecordQuerySchema, query));
  }
}
