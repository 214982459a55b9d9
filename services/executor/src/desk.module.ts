import type { Clock } from '@action-mesh/kernel';
import { Module, type DynamicModule } from '@nestjs/common';

import { DeskController } from './adapters/http/desk.controller.js';
import { PostgresDesk, type PostgresDeskOptions } from './adapters/postgres/desk/postgres-desk.js';
import { CallDesk } from './application/desk/call-desk.port.js';
import { CancelCall } from './application/desk/cancel-call.js';
import { RedriveCalls } from './application/desk/redrive-calls.js';
import { RescheduleCall } from './application/desk/reschedule-call.js';
import { ResolveCall } from './application/desk/resolve-call.js';
import { Ledger } from './application/ledger.port.js';

class DeskModule {}
Module({})(DeskModule);

/** Where people look into the ledger and intervene. */
export function deskModule(ledger: Ledger, clock: Clock, options: PostgresDeskOptions): DynamicModule {
  const desk = new PostgresDesk(options);
  return {
    module: DeskModule,
    controllers: [DeskController],
    providers: [
      { provide: CallDesk, useValue: desk },
      { provide: Ledger, useValue: ledger },
      { provide: CancelCall, useValue: new CancelCall(desk) },
      { provide: ResolveCall, useValue: new ResolveCall(desk, clock) },
      { provide: RescheduleCall, useValue: new RescheduleCall(desk, clock) },
      { provide: RedriveCalls, useValue: new RedriveCalls(desk, clock) },
    ],
  };
}
