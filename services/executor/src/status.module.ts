import { LatenessHistogram } from '@action-mesh/kernel';
import { Module, type DynamicModule } from '@nestjs/common';

import { GovernorController } from './adapters/http/governor.controller.js';
import { LatenessController } from './adapters/http/lateness.controller.js';
import { Governor } from './application/governor.port.js';

class StatusModule {}
Module({})(StatusModule);

/** What this instance says of itself. */
export function statusModule(governor: Governor, lateness: LatenessHistogram): DynamicModule {
  return {
    module: StatusModule,
    controllers: [GovernorController, LatenessController],
    providers: [
      { provide: Governor, useValue: governor },
      { provide: LatenessHistogram, useValue: lateness },
    ],
  };
}
