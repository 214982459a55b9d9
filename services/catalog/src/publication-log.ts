import type { Logger } from '@action-mesh/platform';

import type { PublicationReport } from './application/publish-tools.js';

/**
 * One line about the run, and one for each refusal, so that an author finds the reasons where the deployment
 * is watched.
 */
export function logReport(logger: Logger, report: PublicationReport): void {
  for (const refusal of report.refused) logger.warn({ refusal }, 'a tool was refused');
  for (const { source, baseUrl, entry } of report.unreachable) {
    logger.warn(
      { source, baseUrl },
      `no call reaches this tool: add ${entry} to EGRESS_ALLOW of the executors, and of the catalog so that it knows`,
    );
  }
  if (report.unconfirmed.length > 0) {
    logger.warn(
      { kept: report.unconfirmed },
      'tools that nothing defines any more are kept; start with CATALOG_WITHDRAW=yes to withdraw them',
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
