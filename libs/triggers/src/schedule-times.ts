import type { Schedule } from '@action-mesh/contracts/webhooks';
import { CronExpressionParser, type CronExpression } from 'cron-parser';

/** The shortest time between two firings of a schedule, milliseconds. */
const shortestPauseMs = 10_000;
/** Firings that are looked at for it. */
const lookedAt = 60;

/**
 * The first time of a schedule after a moment, or undefined if none comes. A daily time that a change of the clocks skips is moved behind the gap,
 * and one that happens twice counts once. Hourly times and shorter ones go on through both.
 */
export function nextTime(schedule: Schedule, afterMs: number): number | undefined {
  try {
    return patternOf(schedule, afterMs).next().getTime();
  } catch {
    // The pattern has no further time.
    return undefined;
  }
}

/** The latest time of a schedule up to a moment. Undefined if there is none since `sinceMs`. */
export function latestTime(schedule: Schedule, sinceMs: number, untilMs: number): number | undefined {
  try {
    // The times are whole seconds, and the pattern gives those before its moment.
    const pattern = patternOf(schedule, Math.floor(untilMs / 1_000) * 1_000 + 1);
    const latestMs = pattern.prev().getTime();
    return latestMs >= sinceMs && latestMs <= untilMs ? latestMs : undefined;
  } catch {
    return undefined;
  }
}

/** Why a schedule cannot be used, with the member that is wrong. Undefined: it can. */
export function scheduleProblem(
  schedule: Schedule,
  nowMs: number,
): { readonly member: 'cron' | 'time_zone'; readonly message: string } | undefined {
  try {
    new Intl.DateTimeFormat('en', { timeZone: schedule.time_zone });
  } catch {
    const message = 'must be a name of the IANA time zone database, such as Europe/Berlin';
    return { member: 'time_zone', message };
  }
  try {
    if (!hasFields(schedule.cron)) return notCron;
    const pattern = patternOf(schedule, nowMs);
    let beforeMs = pattern.next().getTime();
    for (let count = 0; count < lookedAt; count += 1) {
      const timeMs = pattern.next().getTime();
      if (timeMs - beforeMs < shortestPauseMs)
        return {
          member: 'cron',
          message: `must leave ${shortestPauseMs / 1_000} s or more between two times`,
        };
      beforeMs = timeMs;
    }
    return undefined;
  } catch {
    return notCron;
  }
}

const notCron = {
  member: 'cron',
  message: 'must be a cron pattern with times in the future: five fields, or six with seconds first',
} as const;

/** A field `H` would mean another time in each process. */
function hasFields(cron: string): boolean {
  const fields = cron.trim().split(/\s+/);
  return (
    (fields.length === 5 || fields.length === 6) && !fields.some((field) => /(^|,)h(?![a-z])/i.test(field))
  );
}

function patternOf({ cron, time_zone: tz }: Schedule, atMs: number): CronExpression {
  return CronExpressionParser.parse(cron, { tz, currentDate: new Date(atMs) });
}
