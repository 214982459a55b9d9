import { createLogger, openServiceTelemetry, startService, type RunningService } from '@action-mesh/platform';

import type { ExecutorConfig } from './config.js';
import { composeExecutor } from './executor.module.js';

/** Starts an executor. From then on it takes calls. */
export async function startExecutor(config: ExecutorConfig): Promise<RunningService> {
  const logger = createLogger({ service: 'executor', level: config.logLevel });
  const telemetry = openServiceTelemetry(config.telemetry, logger);
  const { module, server } = await composeExecutor(config, logger, telemetry);
  return startService({
    name: 'executor',
    module,
    host: config.host,
    port: config.port,
    logger,
    serviceKey: config.serviceKey,
    telemetry,
    microservices: [server],
  });
}
