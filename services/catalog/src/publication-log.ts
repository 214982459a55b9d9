import type { Logger } from '@action-mesh/platform';

import type { PublicationReport } from './application/publish-tools.js';

/**
 * Logs one line about the run, and one for each refusal. An author thus finds the reasons in the log of the deployment.
 */
export function logReport(logger: Logger, report: PublicationReport): void {
  for (const refusal of report.refused) logger.warn({ refusal }, 'a tool was refused');
  for (const { source, baseUrl, entry } of report.unreachable) {
    logger.warn(
      { source, baseUrl },
      `no call reaches this tool: add ${entry} to EGRESS_ALLOW of the executors, and to EGRESS_ALLOW of the catalog to end this warning`,
    );
  }
  if (report.unconfirmed.length > 0) {
    logger.warn(
      { kept: report.unconfirmed },
      'tools without a definition are kept; start with CATALOG_WITHDRAW=yes to withdraw them',
    );
  }
  logger.info(
    {
      published: report.published,
      withdrawn: report.withdrawn,
      held: report.held,
      unchanged: report.unchanged,
      toolkits: report.toolkits,
      refused: report.refused.length,
    },
    'tools published',
  );
}
