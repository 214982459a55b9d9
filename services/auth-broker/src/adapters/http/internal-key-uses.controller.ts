import { Body, Controller, HttpCode, HttpStatus, Inject, Post } from '@nestjs/common';

import { RecordKeyUses } from '../../application/record-key-uses.js';
import { orBrokerError } from './internal-request.js';

/** Reports of doors about the last uses of keys. A door speaks for all tenants, so no caller stands behind them. */
@Controller('internal/key-uses')
export class InternalKeyUsesController {
  readonly #recordKeyUses: RecordKeyUses;

  constructor(@Inject(RecordKeyUses) recordKeyUses: RecordKeyUses) {
    this.#recordKeyUses = recordKeyUses;
  }

  @Post()
  @HttpCode(HttpStatus.NO_CONTENT)
  record(@Body() body: unknown): Promise<void> {
    return orBrokerError(this.#recordKeyUses.run(body));
  }
}
