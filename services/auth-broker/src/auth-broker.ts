import {
  createLogger,
  openServiceTelemetry,
  startService,
  type Logger,
  type RunningService,
} from '@action-mesh/platform';

import type { AdoptedKey } from './application/adopt-bootstrap-keys.js';
import type { RecordPublication } from './domain/record-publication.js';
import type { AuthBrokerConfig } from './config.js';
import { composeAuthBroker } from './auth-broker.module.js';

/** A body holds up to 1000 names of users. */
const bodyLimitBytes = 262_144;

/**
 * Starts the auth broker. Resolves once it listens, the keys of the environment exist, and the doors can know every
 * identity of the record.
 */
export async function startAuthBroker(config: AuthBrokerConfig): Promise<RunningService> {
  const logger = createLogger({ service: 'auth-broker', level: config.logLevel });
  const telemetry = openServiceTelemetry(config.telemetry, logger);
  const {
    module,
    server,
    adoptBootstrapKeys,
    publishIdentities,
    publishIntegrations,
    publishPolicies,
    close,
  } = await composeAuthBroker(config, logger, telemetry);
  try {
    for (const adopted of await adoptBootstrapKeys.run(config.bootstrapKeys)) logAdoption(adopted, logger);
    logPublication(await publishIdentities.run(), 'identities', logger);
    logPublication(await publishIntegrations.run(), 'integrations', logger);
    logPublication(await publishPolicies.run(), 'policies', logger);
    return await startService({
      name: 'auth-broker',
      module,
      host: config.host,
      port: config.port,
      logger,
      serviceKey: config.serviceKey,
      telemetry,
      http: { bodyLimitBytes },
      microservices: [server],
    });
  } catch (error) {
    await close();
    throw error;
  }
}

function logAdoption({ variable, id, state, revoked }: AdoptedKey, logger: Logger): void {
  if (state === 'ended')
    logger.warn(
      { variable, id },
      'the variable has a key that was revoked or has expired, so it opens no door; npm run new-key makes a fresh one',
    );
  else logger.info({ variable, id, state, revoked }, 'the key of the variable is in the record');
}

function logPublication(
  { publish, retract }: RecordPublication<unknown>,
  what: 'identities' | 'integrations' | 'policies',
  logger: Logger,
): void {
  logger.info({ published: publish.length }, `${what} published`);
  if (retract.length > 0)
    logger.warn(
      { retracted: retract.length },
      `${what} that the record does not have were taken back; is DATABASE_URL the database of this mesh?`,
    );
}
