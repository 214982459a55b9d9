import type { Provider, Type } from '@nestjs/common';

import { AdministrationController } from './adapters/http/administration.controller.js';
import { ApprovalsController } from './adapters/http/approvals.controller.js';
import { ExecutorAdminClient } from './adapters/http/executor-admin-client.js';
import { ExecutorApprovals } from './adapters/http/executor-approvals.js';
import { InternalApi, type ServiceAddress } from './adapters/http/internal-api.js';
import { RefusedRecordsApi, RefusedRecordsController } from './adapters/http/refused-records.controller.js';
import { ApprovalsClient } from './application/approvals-client.port.js';
import type { CallHistory } from './application/call-history.port.js';
import type { CallVisibility } from './application/call-visibility.js';
import { ExecutorAdmin } from './application/executor-admin.port.js';
import { VisibleApprovals } from './application/visible-approvals.js';
import { VisibleCallsAdmin } from './application/visible-calls-admin.js';

/** The routes on which people see the ledger, intervene and approve. */
export interface CallAdministrationParts {
  readonly admin: ExecutorAdmin;
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
}

/** Binds the administration of calls. `history` has the limits of the caller's key. */
export function composeCallAdministration(
  executor: ServiceAddress,
  history: CallHistory,
  visibility: CallVisibility,
): CallAdministrationParts {
  const admin = new VisibleCallsAdmin(new ExecutorAdminClient(executor), history, visibility);
  const refusedRecords = new InternalApi({
    ...executor,
    timeoutMs: 5_000,
    unavailable: 'The executor, which keeps the list of refused records, cannot be reached now.',
    fix: 'Send the same request again later.',
  });
  return {
    admin,
    controllers: [AdministrationController, ApprovalsController, RefusedRecordsController],
    providers: [
      { provide: ExecutorAdmin, useValue: admin },
      {
        provide: ApprovalsClient,
        useValue: new VisibleApprovals(new ExecutorApprovals(executor), visibility),
      },
      { provide: RefusedRecordsApi, useValue: refusedRecords },
    ],
  };
}
