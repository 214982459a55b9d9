import { createLogger, startService, type RunningService } from '@action-mesh/platform';

import type { AuthBrokerConfig } from './config.js';
import { composeAuthBroker } from './auth-broker.module.js';

/** Starts the auth broker. Rejects, with nothing left open, when Kafka does not answer. */
export async function startAuthBroker(config: AuthBrokerConfig): Promise<RunningService> {
  const logger = createLogger({ service: 'auth-broker', level: config.logLevel });
  const module = await composeAuthBroker(config);
  return await startService({ name: 'auth-broker', module, host: config.host, port: config.port, logger });
}
