import { LatenessHistogram, type LatenessSnapshot } from '@action-mesh/kernel';
import { Controller, Get, Inject } from '@nestjs/common';

/** How late this instance woke calls that had waited, since it started. */
@Controller('internal/lateness')
export class LatenessController {
  constructor(@Inject(LatenessHistogram) private readonly lateness: LatenessHistogram) {}

  @Get()
  read(): LatenessSnapshot {
    return this.lateness.toJSON();
  }
}
