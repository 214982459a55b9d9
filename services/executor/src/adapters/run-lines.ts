import { LogBudget, OutageLog, traceFields, type Logger, type TraceFields } from '@action-mesh/platform';

import type { PutAside } from '../application/refuse-record.js';

/**
 * Milliseconds between two lines of one kind. A change of instances or a flood of bad records makes only a few lines.
 */
const everyMs = 10_000;

/** Logs events that may happen to thousands of calls at once. */
export interface RunLines {
  readonly fenced: LogBudget<TraceFields>;
  readonly broken: LogBudget<TraceFields & { readonly err: unknown }>;
  readonly refused: LogBudget<PutAside>;
  readonly untold: LogBudget<unknown>;
}

/** The lines of one executor. */
export function runLines(logger: Logger): RunLines {
  return {
    fenced: new LogBudget({
      most: 3,
      everyMs,
      line: (entry) => logger.warn(entry, 'the call belongs to another instance now'),
      rest: (calls) => logger.warn({ calls }, 'more calls belong to another instance now'),
    }),
    broken: new LogBudget({
      most: 10,
      everyMs,
      line: (entry) => logger.error(entry, 'the run of a call broke off'),
      rest: (calls) => logger.error({ calls }, 'the runs of more calls broke off'),
    }),
    refused: new LogBudget({
      most: 50,
      everyMs,
      line: ({ topic, partition, offset, callId, trace, code, message }) =>
        logger.warn(
          { origin: `${topic}/${partition}/${offset}`, ...traceFields(trace, callId), code, reason: message },
          'a record was refused',
        ),
      rest: (records) =>
        logger.warn({ records }, 'more records were refused; GET /v1/refused-records lists them'),
    }),
    untold: new LogBudget({
      most: 3,
      everyMs,
      line: (err) => logger.warn({ err }, 'a refused record could not be reported and will be tried again'),
      rest: (records) =>
        logger.warn({ records }, 'more refused records could not be reported and will be tried again'),
    }),
  };
}

/** Logs outages of work that is retried several times a second. */
export interface OutageLines extends Disposable {
  readonly look: OutageLog;
  readonly recovery: OutageLog;
  readonly scheduler: OutageLog;
  readonly overflow: OutageLog;
  readonly held: OutageLog;
  readonly awaiting: OutageLog;
  readonly asked: OutageLog;
}

/** The outages of one executor: one line when each begins, and one when it is over. */
export function outageLines(logger: Logger): OutageLines {
  const outageOf = (work: string): OutageLog =>
    new OutageLog({
      quietMs: everyMs,
      began: (err) => logger.warn({ err }, `${work} failed and will be tried again`),
      ended: (failures) => logger.info({ failures }, `${work} has not failed for ${everyMs / 1_000} s`),
    });
  const look = outageOf('the look for background work');
  const recovery = outageOf('the recovery of calls');
  const scheduler = outageOf('the scheduler');
  const overflow = outageOf('waking calls that overflowed');
  const held = outageOf('the release of held calls');
  const awaiting = outageOf('the release of calls that wait for a connection');
  const asked = outageOf('the release of calls that wait for an approval');
  const all = [look, recovery, scheduler, overflow, held, awaiting, asked];
  return {
    look,
    recovery,
    scheduler,
    overflow,
    held,
    awaiting,
    asked,
    [Symbol.dispose]: () => all.forEach((outage) => outage[Symbol.dispose]()),
  };
}
