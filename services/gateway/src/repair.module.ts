import type { Provider, Type } from '@nestjs/common';

import { CompensationController } from './adapters/http/compensation.controller.js';
import { CorrectionController } from './adapters/http/correction.controller.js';
import type { CallHistory } from './application/call-history.port.js';
import { CompensateCall } from './application/compensate-call.js';
import { CompensateSaga } from './application/compensate-saga.js';
import { CorrectCall } from './application/correct-call.js';
import type { ExecuteCall } from './application/execute-call.js';
import type { ExecutorAdmin } from './application/executor-admin.port.js';
import type { KnownTools } from './application/known-tools.js';

export interface CallRepairOptions {
  readonly tools: KnownTools;
  readonly history: CallHistory;
  readonly admin: ExecutorAdmin;
  readonly execute: ExecuteCall;
}

/** The routes that run further calls for earlier ones: compensations and corrections. */
export interface CallRepairParts {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
}

/** Binds compensations and corrections of calls. */
export function composeCallRepair({ tools, history, admin, execute }: CallRepairOptions): CallRepairParts {
  const compensateCall = new CompensateCall(tools, history, execute);
  return {
    controllers: [CorrectionController, CompensationController],
    providers: [
      { provide: CorrectCall, useValue: new CorrectCall(admin, history, execute) },
      { provide: CompensateCall, useValue: compensateCall },
      { provide: CompensateSaga, useValue: new CompensateSaga(admin, compensateCall) },
    ],
  };
}
