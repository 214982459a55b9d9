import type { ServiceTelemetry } from '@action-mesh/platform';
import { metricDefinition } from '@action-mesh/telemetry';
import type { Provider } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

import { GatewayMetrics } from './adapters/http/metrics.controller.js';
import { countRequests } from './adapters/http/request-metrics.js';
import { recordRequests } from './adapters/http/request-spans.js';
import { traceRequests } from './adapters/http/trace-headers.js';

export interface GatewayTelemetryOptions {
  readonly telemetry: ServiceTelemetry;
  readonly serviceKey: string;
  /** The part that is missing, if one is. */
  readonly missing: () => string | undefined;
  /** The number of callers that wait. */
  readonly waiting: () => number;
}

/** What watches the requests of the gateway. */
export interface GatewayTelemetry {
  readonly watch: (fastify: FastifyInstance) => void;
  readonly providers: readonly Provider[];
}

/** Composes what watches requests. Without a receiver of spans, only the metrics remain. */
export function composeGatewayTelemetry(options: GatewayTelemetryOptions): GatewayTelemetry {
  const { telemetry, serviceKey, missing, waiting } = options;
  const { spans, metrics, metricsKey } = telemetry;
  metrics.gauge(metricDefinition.gatewayReady, () => [{ value: missing() === undefined ? 1 : 0 }]);
  metrics.gauge(metricDefinition.waiters, () => [{ value: waiting() }]);
  return {
    watch(fastify) {
      countRequests(fastify, metrics);
      if (!spans.isOn) return;
      traceRequests(fastify, spans);
      recordRequests(fastify, spans);
    },
    providers: [
      { provide: GatewayMetrics, useValue: { render: () => telemetry.render(), serviceKey, metricsKey } },
    ],
  };
}
