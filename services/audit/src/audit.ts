import { withSpans } from '@action-mesh/messaging';
import { createLogger, openServiceTelemetry, startService, type RunningService } from '@action-mesh/platform';

import { composeAudit } from './audit.module.js';
import type { AuditConfig } from './config.js';

/** Starts audit. Rejects, with nothing left open, when Kafka or PostgreSQL does not answer. */
export async function startAudit(config: AuditConfig): Promise<RunningService> {
  const logger = createLogger({ service: 'audit', level: config.logLevel });
  const telemetry = openServiceTelemetry(config.telemetry, logger);
  const { module, server, close } = await composeAudit(withSpans(config, telemetry.spans), logger);
  const { host, port, serviceKey } = config;
  try {
    return await startService({
      name: 'audit',
      module,
      host,
      port,
      logger,
      serviceKey,
      telemetry,
      microservices: [server],
    });
  } catch (error) {
    await close();
    throw error;
  }
}
