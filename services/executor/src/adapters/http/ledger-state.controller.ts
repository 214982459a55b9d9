import type { LedgerState } from '@action-mesh/contracts/executor';
import { Controller, Get, Inject } from '@nestjs/common';

import { LedgerHealth } from '../postgres/ledger-health.js';

/** Whether this instance can record new calls. Gateways ask once a second. */
@Controller('internal/ledger')
export class LedgerStateController {
  readonly #health: LedgerHealth;

  constructor(@Inject(LedgerHealth) health: LedgerHealth) {
    this.#health = health;
  }

  @Get()
  read(): LedgerState {
    const { refusal } = this.#health;
    return refusal === undefined ? { accepts: true } : { accepts: false, reason: refusal };
  }
}
