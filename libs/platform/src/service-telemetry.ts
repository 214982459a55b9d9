import { monitorEventLoopDelay } from 'node:perf_hooks';

import {
  metricDefinition,
  openTelemetry,
  type Telemetry,
  type TelemetrySettings,
} from '@action-mesh/telemetry';

import { LogBudget } from './log-budget.js';
import type { Logger } from './logger.js';

/** Milliseconds between two lines about a receiver that takes no spans. */
const everyMs = 60_000;

/** The telemetry of a service, with the key for its metrics. */
export interface ServiceTelemetry extends Telemetry {
  /** Opens `GET /metrics` beside the service key. */
  readonly metricsKey: string | undefined;
}

/** Opens the telemetry of a service. A receiver that takes no spans makes a line a minute. `startService` closes it. */
export function openServiceTelemetry(settings: TelemetrySettings, logger: Logger): ServiceTelemetry {
  const lines = new LogBudget<{ readonly target: string; readonly reason: string; readonly spans: number }>({
    most: 1,
    everyMs,
    line: (lost) => logger.warn(lost, 'a receiver of telemetry did not take spans; they were given up'),
    rest: (batches) => logger.warn({ batches }, 'more batches of spans were given up'),
  });
  const telemetry = openTelemetry(settings, {
    onLost: (target, reason, spans) => lines.add({ target, reason, spans }),
  });
  const delay = observeProcess(telemetry);
  const close = async (): Promise<void> => {
    delay.disable();
    await telemetry.close();
    lines.close();
  };
  return { ...telemetry, metricsKey: settings.metricsKey, close, [Symbol.asyncDispose]: close };
}

function observeProcess({ metrics }: Telemetry): { disable(): boolean } {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  metrics.gauge(metricDefinition.processCpu, () => {
    const { user, system } = process.cpuUsage();
    return [{ value: (user + system) / 1e6 }];
  });
  metrics.gauge(metricDefinition.processMemory, () => [{ value: process.memoryUsage.rss() }]);
  metrics.gauge(metricDefinition.eventLoopDelay, () => {
    const value = delay.percentile(99) / 1e9;
    delay.reset();
    return [{ value }];
  });
  return delay;
}
