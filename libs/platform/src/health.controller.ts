import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

import { HealthChecks, type HealthReport } from './health.js';

/** The health routes for orchestrators and load balancers. */
@Controller('health')
export class HealthController {
  readonly #checks: HealthChecks;

  constructor(@Inject(HealthChecks) checks: HealthChecks) {
    this.#checks = checks;
  }

  @Get('live')
  async live(@Res() reply: FastifyReply): Promise<void> {
    await send(reply, await this.#checks.liveness());
  }

  @Get('ready')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    await send(reply, await this.#checks.readiness());
  }
}

async function send(reply: FastifyReply, { ok, problems }: HealthReport): Promise<void> {
  await reply
    .code(ok ? 200 : 503)
    .header('cache-control', 'no-store')
    .send(ok ? { status: 'ok' } : { status: 'unavailable', problems });
}
