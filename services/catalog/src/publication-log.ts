import type { Logger } from '@action-mesh/platform';

import type { PublicationReport } from './application/publish-tools.js';

/**
 * One line about the run, and one for each refusal, so that an author finds the reasons where the deployment
 * is watched.
 */
export function logReport(logger: Logger, report: PublicationReport): void {
  for (const refusal of report.refused) logger.warn({ refusal }, 'a tool was refused');
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
