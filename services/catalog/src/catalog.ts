import { withSpans } from '@action-mesh/messaging';
import {
  createLogger,
  Repeater,
  openServiceTelemetry,
  startService,
  type RunningService,
} from '@action-mesh/platform';

import type { PublicationReport } from './application/publish-tools.js';
import { composeCatalog } from './catalog.module.js';
import type { CatalogConfig } from './config.js';
import { logReport } from './publication-log.js';

/** The most bytes of an import: five thousand tools with all their schemas. */
const mostImportedBytes = 256 * 1024 * 1024;

/** How often a development catalog checks its sources, milliseconds. */
const lookEveryMs = 500;

export interface CatalogOptions {
  /** Called for each publication: for the start, and in development for each edit. @default no call */
  readonly onReport?: (report: PublicationReport) => void;
}

/**
 * Starts the catalog. It resolves when the tools of its sources are published; in development it then publishes each
 * edit of them. A start that cannot listen publishes nothing. A start that cannot publish changes nothing: the topics
 * keep their content.
 */
export async function startCatalog(
  config: CatalogConfig,
  { onReport = () => undefined }: CatalogOptions = {},
): Promise<RunningService> {
  const logger = createLogger({ service: 'catalog', level: config.logLevel });
  const telemetry = openServiceTelemetry(config.telemetry, logger);
  const { module, publishTools, publishCatalog, toolSource, close } = await composeCatalog(
    withSpans(config, telemetry.spans),
    logger,
  );
  const publish = async (): Promise<void> => {
    const report = await publishTools.run();
    logReport(logger, report);
    onReport(report);
  };
  let service: RunningService;
  try {
    service = await startService({
      name: 'catalog',
      module,
      host: config.host,
      port: config.port,
      logger,
      serviceKey: config.serviceKey,
      telemetry,
      http: { bodyLimitBytes: mostImportedBytes, requestTimeoutMs: 120_000 },
    });
  } catch (error) {
    await close();
    throw error;
  }
  try {
    // Taken before the tools are first read. So an edit during the read counts as a change.
    let known = await toolSource.fingerprint();
    await publish();
    for (const provider of publishCatalog.unusedProviderUrls)
      logger.warn({ provider }, 'CATALOG_PROVIDER_URLS names a provider without tools');
    if (config.mode !== 'development') return service;
    let before = known;
    const watch = new Repeater({
      // A save of many files is one edit. The edit is over when two checks find the same state.
      run: async () => {
        const now = await toolSource.fingerprint();
        const isOver = now === before;
        before = now;
        if (!isOver || now === known) return;
        known = now;
        await publish();
      },
      everyMs: lookEveryMs,
      onError: (err) => logger.warn({ err }, 'an edit of the tools could not be published'),
    });
    const stop = async (): Promise<void> => {
      await watch[Symbol.asyncDispose]();
      await service.close();
    };
    return { ...service, close: stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await service.close().catch((err: unknown) => logger.error({ err }, 'closing failed too'));
    throw error;
  }
}
