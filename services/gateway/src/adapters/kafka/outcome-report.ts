import { traceFields, type Logger } from '@action-mesh/platform';

import type { OutcomeReport } from './outcome-reader.js';

/** Writes outcomes that reached no waiter to the log of the gateway. */
export function outcomeReport(logger: Logger): OutcomeReport {
  return {
    unreadable: (callId, trace) => logger.error(traceFields(trace, callId), 'an outcome cannot be read'),
    stranger: (callId, count, trace) =>
      logger.warn(
        { ...traceFields(trace, callId), count },
        'an outcome names a call of this gateway with another user or tool; it was dropped',
      ),
  };
}
