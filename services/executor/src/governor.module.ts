import { openGovernor, type GovernorOptions, type MeshGovernor } from '@action-mesh/governor';
import { defined } from '@action-mesh/kernel';
import type { Logger, OpenResources } from '@action-mesh/platform';

import type { ExecutorConfig } from './config.js';

export interface ExecutorGovernorOptions {
  readonly config: ExecutorConfig;
  readonly policies: GovernorOptions['policies'];
  readonly instances: GovernorOptions['instances'];
  readonly logger: Logger;
}

/** Opens the governor of an executor, which logs each change of its mode. `open` closes it. */
export function openExecutorGovernor(
  { config, policies, instances, logger }: ExecutorGovernorOptions,
  open: OpenResources,
): MeshGovernor {
  return open.use(
    openGovernor({
      policies,
      instances,
      namespace: `${config.kafka.topicPrefix ?? ''}mesh`,
      onMode: (mode, reason) =>
        mode === 'shared'
          ? logger.info({ reason }, 'limits are counted in Redis, for all executors together')
          : logger.warn({ reason }, 'limits are divided: each executor enforces its share by itself'),
      ...defined({ redisUrl: config.redisUrl }),
    }),
  );
}
