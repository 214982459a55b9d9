import {
  refusedRecordPageSchema,
  refusedRecordQuerySchema,
  type RefusedRecordPage,
} from '@action-mesh/contracts/executor';
import { Controller, Get, Inject, Query } from '@nestjs/common';

import { readQuery } from '../../domain/request-form.js';
import type { InternalApi } from './internal-api.js';
import { unexpected } from './internal-api.js';

/** The executors' API that lists refused records. */
export const RefusedRecordsApi = Symbol('RefusedRecordsApi');

/** Lists the records on Kafka that became no call, each with its fault. */
@Controller('v1/refused-records')
export class RefusedRecordsController {
  readonly #api: InternalApi;

  constructor(@Inject(RefusedRecordsApi) api: InternalApi) {
    this.#api = api;
  }

  @Get()
  page(@Query() query: unknown): Promise<RefusedRecordPage> {
    const wanted = readQuery(refusedRecordQuerySchema, query, 'a list of refused records');
    return this.#api.ask({ method: 'GET', path: ['refused-records'], query: wanted }, (answer) =>
      answer.status === 200 ? refusedRecordPageSchema.parse(answer.body) : unexpected(answer),
    );
  }
}
