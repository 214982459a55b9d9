import { LatenessHistogram, type LatenessSnapshot } from '@action-mesh/kernel';
import { Controller, Get, Inject } from '@nestjs/common';

/** The lateness of waiting calls that this instance woke since its start. */
@Controller('internal/lateness')
export class LatenessController {
  readonly #lateness: LatenessHistogram;

  constructor(@Inject(LatenessHistogram) lateness: LatenessHistogram) {
    this.#lateness = lateness;
  }

  @Get()
  read(): LatenessSnapshot {
    return this.#lateness.toJSON();
  }
}
