import type { ServiceTelemetry } from '@action-mesh/platform';
import { noMetrics, noSpans } from '@action-mesh/telemetry/port';

const close = (): Promise<void> => Promise.resolve();

/** Telemetry of a gateway whose test is about something else. */
export const silentTelemetry: ServiceTelemetry = {
  spans: noSpans,
  metrics: noMetrics,
  metricsKey: undefined,
  render: () => Promise.resolve(''),
  close,
  [Symbol.asyncDispose]: close,
};
