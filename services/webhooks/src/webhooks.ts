import { withSpans } from '@action-mesh/messaging';
import { createLogger, openServiceTelemetry, startService, type RunningService } from '@action-mesh/platform';

import type { WebhooksConfig } from './config.js';
import { composeWebhooks } from './webhooks.module.js';

/** Room for a trigger with many long expressions. */
const bodyLimitBytes = 262_144;

/**
 * Starts the service for webhooks. Resolves once it listens, and the doors can know every trigger of the record. Rejects,
 * with nothing left open, when Kafka or PostgreSQL does not answer.
 */
export async function startWebhooks(config: WebhooksConfig): Promise<RunningService> {
  const logger = createLogger({ service: 'webhooks', level: config.logLevel });
  const telemetry = openServiceTelemetry(config.telemetry, logger);
  const { module, servers, publishTriggers, start, close } = await composeWebhooks(
    withSpans(config, telemetry.spans),
    logger,
  );
  const { host, port, serviceKey } = config;
  try {
    const changes = await publishTriggers.run();
    logger.info({ changes }, 'triggers published');
    start();
    return await startService({
      name: 'webhooks',
      module,
      host,
      port,
      logger,
      serviceKey,
      telemetry,
      http: { bodyLimitBytes },
      microservices: servers,
    });
  } catch (error) {
    await close();
    throw error;
  }
}
