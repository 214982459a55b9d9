import { mayReadMetrics, metricsContentType } from '@action-mesh/platform';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { notAuthenticated } from './caller-refusals.js';
import { Serves } from './serves.js';

/** The metrics of this gateway, and the keys that open them. */
export interface GatewayMetrics {
  readonly render: () => Promise<string>;
  readonly serviceKey: string;
  readonly metricsKey: string | undefined;
}

export const GatewayMetrics = Symbol('GatewayMetrics');

/** Metrics for Prometheus. No key of a caller opens them, because they describe all tenants. */
@Controller()
export class MetricsController {
  readonly #metrics: GatewayMetrics;

  constructor(@Inject(GatewayMetrics) metrics: GatewayMetrics) {
    this.#metrics = metrics;
  }

  @Serves('readMetrics')
  async read(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!mayReadMetrics(request.headers, this.#metrics)) throw notAuthenticated('unknown');
    const text = await this.#metrics.render();
    await reply.type(metricsContentType).header('cache-control', 'no-store').send(text);
  }
}
