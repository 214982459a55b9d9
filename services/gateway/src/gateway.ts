import { createLogger, openServiceTelemetry, startService, type RunningService } from '@action-mesh/platform';

import type { GatewayConfig } from './config.js';
import { composeGateway } from './gateway.module.js';

/**
 * Starts a gateway. HTTP answers health at once. The promise resolves when the gateway accepts calls; it waits for a
 * broker that is down. It rejects with the signal's reason when the signal fires first.
 */
export async function startGateway(
  config: GatewayConfig,
  signal: AbortSignal = new AbortController().signal,
): Promise<RunningService> {
  const logger = createLogger({ service: 'gateway', level: config.logLevel });
  const telemetry = openServiceTelemetry(config.telemetry, logger);
  const { module, http, connected } = composeGateway(config, logger, signal, telemetry);
  const service = await startService({
    name: 'gateway',
    module,
    host: config.host,
    port: config.port,
    logger,
    telemetry,
    http,
    signal,
  });
  try {
    await connected();
  } catch (error) {
    await service.close().catch((err: unknown) => logger.error({ err }, 'closing failed too'));
    throw error;
  }
  return service;
}
