import { createLogger, startService, type RunningService } from '@action-mesh/platform';

import { developmentApiKey, type GatewayConfig } from './config.js';
import { composeGateway } from './gateway.module.js';

/** Starts a gateway. HTTP answers health at once; the promise resolves when calls are taken. */
export async function startGateway(config: GatewayConfig): Promise<RunningService> {
  const logger = createLogger({ service: 'gateway', level: config.logLevel });
  if (config.apiKey === developmentApiKey) {
    logger.warn('GATEWAY_API_KEY is not set: the development key, which everybody knows, opens this gateway');
  }
  const { module, server, http, connect } = composeGateway(config, logger);
  const service = await startService({
    name: 'gateway',
    module,
    host: config.host,
    port: config.port,
    logger,
    microservices: [server],
    http,
  });
  try {
    await connect();
  } catch (error) {
    await service.close();
    throw error;
  }
  return service;
}
