import { Module, type DynamicModule } from '@nestjs/common';

import { CallsQueryController } from './adapters/http/calls-query.controller.js';
import { CallRecords } from './application/administration/call-records.port.js';
import { ShowRequest } from './application/administration/show-request.js';
import { Ledger } from './application/ledger.port.js';
import type { Tools } from './application/tools.port.js';

class QueryModule {}
Module({})(QueryModule);

/** Shows people the calls that the ledger has recorded. */
export function queryModule(ledger: Ledger, tools: Tools, records: CallRecords): DynamicModule {
  return {
    module: QueryModule,
    controllers: [CallsQueryController],
    providers: [
      { provide: Ledger, useValue: ledger },
      { provide: CallRecords, useValue: records },
      { provide: ShowRequest, useValue: new ShowRequest(records, tools) },
    ],
  };
}
