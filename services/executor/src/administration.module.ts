import type { Clock } from '@action-mesh/kernel';
import { Module, type DynamicModule } from '@nestjs/common';

import { InternalAdministrationController } from './adapters/http/internal-administration.controller.js';
import {
  PostgresCallAdministration,
  type PostgresCallAdministrationOptions,
} from './adapters/postgres/administration/postgres-call-administration.js';
import { CallAdministration } from './application/administration/call-administration.port.js';
import { CancelCall } from './application/administration/cancel-call.js';
import { RedriveCalls } from './application/administration/redrive-calls.js';
import { RescheduleCall } from './application/administration/reschedule-call.js';
import { ResolveCall } from './application/administration/resolve-call.js';
import { Ledger } from './application/ledger.port.js';

class AdministrationModule {}
Module({})(AdministrationModule);

/** The API for people to see the ledger and to intervene. */
export function administrationModule(
  ledger: Ledger,
  clock: Clock,
  options: PostgresCallAdministrationOptions,
): DynamicModule {
  const administration = new PostgresCallAdministration(options);
  return {
    module: AdministrationModule,
    controllers: [InternalAdministrationController],
    providers: [
      { provide: CallAdministration, useValue: administration },
      { provide: Ledger, useValue: ledger },
      { provide: CancelCall, useValue: new CancelCall(administration) },
      { provide: ResolveCall, useValue: new ResolveCall(administration, clock) },
      { provide: RescheduleCall, useValue: new RescheduleCall(administration, clock) },
      { provide: RedriveCalls, useValue: new RedriveCalls(administration, clock) },
    ],
  };
}
