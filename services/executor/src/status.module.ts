import { Governor } from '@action-mesh/governor/port';
import { LatenessHistogram } from '@action-mesh/kernel';
import { Module, type DynamicModule } from '@nestjs/common';

import { GovernorController } from './adapters/http/governor.controller.js';
import { LatenessController } from './adapters/http/lateness.controller.js';
import { LedgerStateController } from './adapters/http/ledger-state.controller.js';
import { LedgerHealth } from './adapters/postgres/ledger-health.js';

class StatusModule {}
Module({})(StatusModule);

/** The status that this instance reports about itself. */
export function statusModule(
  governor: Governor,
  lateness: LatenessHistogram,
  health: LedgerHealth,
): DynamicModule {
  return {
    module: StatusModule,
    controllers: [GovernorController, LatenessController, LedgerStateController],
    providers: [
      { provide: Governor, useValue: governor },
      { provide: LedgerHealth, useValue: health },
      { provide: LatenessHistogram, useValue: lateness },
    ],
  };
}
