import { refusedRecordQuerySchema, type RefusedRecordPage } from '@action-mesh/contracts/executor';
import { Controller, Get, Headers, Inject, Query } from '@nestjs/common';

import { RefusedRecords } from '../../application/refused-records.port.js';
import { read, tenantOf } from './administration-requests.js';

/** The records that became no call. */
@Controller('internal/refused-records')
export class InternalRefusedRecordsController {
  readonly #records: RefusedRecords;

  constructor(@Inject(RefusedRecords) records: RefusedRecords) {
    this.#records = records;
  }

  @Get()
  page(
    @Headers('x-mesh-tenant') tenant: string | undefined,
    @Query() query: unknown,
  ): Promise<RefusedRecordPage> {
    return this.#records.page(tenantOf(tenant), read(refusedRecordQuerySchema, query));
  }
}
