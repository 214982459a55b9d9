import { withSpans } from '@action-mesh/messaging';
import { createLogger, openServiceTelemetry, startService, type RunningService } from '@action-mesh/platform';

import type { FlowsConfig } from './config.js';
import { composeFlows } from './flows.module.js';

/** Room for the input of a run. */
const bodyLimitBytes = 1_048_576;

/**
 * Starts the service for flows. Resolves once it listens and works on runs. Rejects, with nothing left open, when Kafka or
 * PostgreSQL does not answer, or a flow cannot be deployed.
 */
export async function startFlows(config: FlowsConfig): Promise<RunningService> {
  const logger = createLogger({ service: 'flows', level: config.logLevel });
  const telemetry = openServiceTelemetry(config.telemetry, logger);
  const { module, server, start, close } = await composeFlows(withSpans(config, telemetry.spans), logger);
  const { host, port, serviceKey } = config;
  try {
    await start();
    return await startService({
      name: 'flows',
      module,
      host,
      port,
      logger,
      serviceKey,
      telemetry,
      http: { bodyLimitBytes },
      microservices: [server],
    });
  } catch (error) {
    await close();
    throw error;
  }
}
