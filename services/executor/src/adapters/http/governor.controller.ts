import { Controller, Get, Inject } from '@nestjs/common';

import { Governor } from '../../application/governor.port.js';

/** Limits, blocks, breakers and concurrency, as this instance knows them. */
@Controller('internal/governor')
export class GovernorController {
  constructor(@Inject(Governor) private readonly governor: Governor) {}

  @Get()
  read(): unknown {
    return this.governor.status();
  }
}
