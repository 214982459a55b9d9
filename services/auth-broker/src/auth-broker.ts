import { createLogger, startService, type Logger, type RunningService } from '@action-mesh/platform';

import type { AdoptedKey } from './application/adopt-bootstrap-keys.js';
import type { IdentityPublication } from './domain/identity-publication.js';
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
  const { module, adoptBootstrapKeys, publishIdentities, close } = await composeAuthBroker(config, logger);
  try {
    for (const adopted of await adoptBootstrapKeys.run(config.bootstrapKeys)) logAdoption(adopted, logger);
    logPublication(await publishIdentities.run(), logger);
    return await startService({
      name: 'auth-broker',
      module,
      host: config.host,
      port: config.port,
      logger,
      serviceKey: config.serviceKey,
      http: { bodyLimitBytes },
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

function logPublication({ publish, retract }: IdentityPublication, logger: Logger): void {
  logger.info({ published: publish.length }, 'identities published');
  if (retract.length > 0)
    logger.warn(
      { retracted: retract.length },
      'identities that the record does not have were taken back; is DATABASE_URL the database of this mesh?',
    );
}
