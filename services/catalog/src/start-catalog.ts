import { createLogger, startService, type Logger, type RunningService } from '@action-mesh/platform';

import { CatalogModule } from './catalog.module.js';
import type { CatalogConfig } from './config.js';

/** Starts the catalog. When it resolves, the tools of its sources are published and it answers on its port. */
export function startCatalog(config: CatalogConfig, logger?: Logger): Promise<RunningService> {
  return startService({
    name: 'catalog',
    module: CatalogModule.forConfig(config),
    host: config.host,
    port: config.port,
    logger: logger ?? createLogger({ service: 'catalog', level: config.logLevel }),
  });
}
