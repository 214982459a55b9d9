import { Module, type DynamicModule } from '@nestjs/common';

import { CallsQueryController } from './adapters/http/calls-query.controller.js';
import { InternalApprovalsController } from './adapters/http/internal-approvals.controller.js';
import { CallRecords } from './application/administration/call-records.port.js';
import { CompareCalls } from './application/administration/compare-calls.js';
import { DecideOnApproval } from './application/administration/decide-approval.js';
import { ShowApproval } from './application/administration/show-approval.js';
import { ShowRequest } from './application/administration/show-request.js';
import { Approvals } from './application/approvals.port.js';
import { Ledger } from './application/ledger.port.js';
import type { Tools } from './application/tools.port.js';

class QueryModule {}
Module({})(QueryModule);

/** Shows people the calls that the ledger has recorded, and takes their decisions about approvals. */
export function queryModule(
  ledger: Ledger,
  tools: Tools,
  records: CallRecords,
  approvals: Approvals,
): DynamicModule {
  const showApproval = new ShowApproval(approvals, tools);
  return {
    module: QueryModule,
    controllers: [CallsQueryController, InternalApprovalsController],
    providers: [
      { provide: Ledger, useValue: ledger },
      { provide: CallRecords, useValue: records },
      { provide: ShowRequest, useValue: new ShowRequest(records, tools) },
      { provide: Approvals, useValue: approvals },
      { provide: ShowApproval, useValue: showApproval },
      { provide: DecideOnApproval, useValue: new DecideOnApproval(approvals, showApproval) },
      { provide: CompareCalls, useValue: new CompareCalls(records, tools) },
    ],
  };
}
