import { withSpans } from '@action-mesh/messaging';
import { createLogger, openServiceTelemetry, startService, type RunningService } from '@action-mesh/platform';

import type { RateGovernorConfig } from './config.js';
import { composeRateGovernor } from './rate-governor.module.js';

/**
 * Starts the rate governor. Resolves once it listens and its limits are published. A failed start changes nothing: the
 * topic keeps its records.
 */
export async function startRateGovernor(config: RateGovernorConfig): Promise<RunningService> {
  const logger = createLogger({ service: 'rate-governor', level: config.logLevel });
  const telemetry = openServiceTelemetry(config.telemetry, logger);
  const { module, publishLimits, close } = await composeRateGovernor(
    withSpans(config, telemetry.spans),
    logger,
  );
  try {
    const { publish, lift } = await publishLimits.run();
    logger.info({ published: publish.map(({ id }) => id), lifted: lift }, 'limits published');
    return await startService({
      name: 'rate-governor',
      module,
      host: config.host,
      port: config.port,
      logger,
      serviceKey: config.serviceKey,
      telemetry,
    });
  } catch (error) {
    await close();
    throw error;
  }
}
