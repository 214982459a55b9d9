import { createLogger, startService, type RunningService } from '@action-mesh/platform';

import { composeCatalog } from './catalog.module.js';
import type { CatalogConfig } from './config.js';
import { logReport } from './publication-log.js';

/** An import of five thousand tools with all their schemas. */
const mostImportedBytes = 256 * 1024 * 1024;

/**
 * Starts the catalog. It listens, and this resolves, when the tools of its sources are published. A start
 * that cannot publish fails and changes nothing for anybody: the topics keep what they hold.
 */
export async function startCatalog(config: CatalogConfig): Promise<RunningService> {
  const logger = createLogger({ service: 'catalog', level: config.logLevel });
  const { module, publishTools, publishCatalog, close } = await composeCatalog(config, logger);
  try {
    logReport(logger, await publishTools.run());
    for (const provider of publishCatalog.unusedProviderUrls)
      logger.warn({ provider }, 'CATALOG_PROVIDER_URLS names a provider that no tool has');
    return await startService({
      name: 'catalog',
      module,
      host: config.host,
      port: config.port,
      logger,
      http: { bodyLimitBytes: mostImportedBytes, requestTimeoutMs: 120_000 },
    });
  } catch (error) {
    await close();
    throw error;
  }
}
