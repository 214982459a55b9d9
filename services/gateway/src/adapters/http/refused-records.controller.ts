import {
  refusedRecordPageSchema,
  refusedRecordQuerySchema,
  type RefusedRecordPage,
} from '@action-mesh/contracts/executor';
import { Controller, Inject, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { readQuery } from '../../domain/request-form.js';
import { principalOf } from './caller-guard.js';
import type { InternalApi } from './internal-api.js';
import { unexpected } from './internal-api.js';
import { Serves } from './serves.js';

/** The executors' API that lists refused records. */
export const RefusedRecordsApi = Symbol('RefusedRecordsApi');

/** Lists the records on Kafka that became no call, each with its fault. */
@Controller()
export class RefusedRecordsController {
  readonly #api: InternalApi;

  constructor(@Inject(RefusedRecordsApi) api: InternalApi) {
    this.#api = api;
  }

  @Serves('listRefused')
  page(@Query() query: unknown, @Req() request: FastifyRequest): Promise<RefusedRecordPage> {
    const caller = principalOf(request);
    const wanted = readQuery(refusedRecordQuerySchema, query, 'a list of refused records');
    return this.#api.ask({ caller, method: 'GET', path: ['refused-records'], query: wanted }, (answer) =>
      answer.status === 200 ? refusedRecordPageSchema.parse(answer.body) : unexpected(answer),
    );
  }
}
