import { createLogger, startService, type RunningService } from '@action-mesh/platform';

import type { ExecutorConfig } from './config.js';
import { composeExecutor } from './executor.module.js';

/** Starts an executor. From then on it takes calls. */
export async function startExecutor(config: ExecutorConfig): Promise<RunningService> {
  const logger = createLogger({ service: 'executor', level: config.logLevel });
  const { module, server } = await composeExecutor(config, logger);
  return startService({
    name: 'executor',
    module,
    host: config.host,
    port: config.port,
    logger,
    serviceKey: config.serviceKey,
    microservices: [server],
  });
}
