import { latestTime, nextTime, scheduleProblem } from './schedule-times.js';

const at = (text: string): number => Date.parse(text);
const text = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString();
const berlin = (cron: string) => ({ cron, time_zone: 'Europe/Berlin' });

describe('the times of a schedule', () => {
  it('follow the clocks of its time zone', () => {
    const daily = berlin('30 9 * * *');
    expect(text(nextTime(daily, at('2026-03-28T12:00:00Z')))).toBe('2026-03-29T07:30:00.000Z');
    expect(text(nextTime(daily, at('2026-03-27T12:00:00Z')))).toBe('2026-03-28T08:30:00.000Z');
    expect(text(nextTime({ ...daily, time_zone: 'Asia/Kolkata' }, at('2026-03-27T12:00:00Z')))).toBe(
      '2026-03-28T04:00:00.000Z',
    );
  });

  it('move behind the hour that the clocks skip, and come once that day', () => {
    // On 29 March 2026, 02:00 becomes 03:00.
    const daily = berlin('30 2 * * *');
    const first = nextTime(daily, at('2026-03-28T12:00:00Z'));
    expect(text(first)).toBe('2026-03-29T01:30:00.000Z');
    expect(text(nextTime(daily, first ?? 0))).toBe('2026-03-30T00:30:00.000Z');
  });

  it('come once in the hour that happens twice', () => {
    // On 25 October 2026, 03:00 becomes 02:00.
    const daily = berlin('30 2 * * *');
    const first = nextTime(daily, at('2026-10-24T12:00:00Z'));
    expect(text(first)).toBe('2026-10-25T00:30:00.000Z');
    expect(text(nextTime(daily, first ?? 0))).toBe('2026-10-26T01:30:00.000Z');
  });

  it('are each hour of a day with 25 hours, where they are hourly', () => {
    const times: (string | undefined)[] = [];
    let ms = at('2026-10-24T23:59:00Z');
    for (let count = 0; count < 4; count += 1) {
      ms = nextTime(berlin('0 * * * *'), ms) ?? 0;
      times.push(text(ms)?.slice(11, 16));
    }
    expect(times).toEqual(['00:00', '01:00', '02:00', '03:00']);
  });

  it('have a latest one up to now, after an outage', () => {
    const hourly = berlin('0 * * * *');
    const since = at('2026-11-01T10:00:00Z');
    expect(text(latestTime(hourly, since, at('2026-11-30T12:30:00Z')))).toBe('2026-11-30T12:00:00.000Z');
    expect(text(latestTime(hourly, since, since))).toBe('2026-11-01T10:00:00.000Z');
    expect(text(latestTime(hourly, since, at('2026-11-30T12:00:00.400Z')))).toBe('2026-11-30T12:00:00.000Z');
    expect(latestTime(hourly, at('2026-11-30T12:10:00Z'), at('2026-11-30T12:30:00Z'))).toBeUndefined();
  });

  it.each([
    ['* * * * *', 'Europe/Berlin', undefined],
    ['*/15 * * * * *', 'UTC', undefined],
    ['* * * * * *', 'UTC', 'cron'],
    ['not a pattern', 'UTC', 'cron'],
    ['0 0 30 2 *', 'UTC', 'cron'],
    ['0 0 0 1 1 * 2020', 'UTC', 'cron'],
    ['H * * * *', 'UTC', 'cron'],
    ['0 9 * * THU', 'UTC', undefined],
    ['0,5 0 * * * *', 'UTC', 'cron'],
    ['@daily', 'UTC', 'cron'],
    ['', 'UTC', 'cron'],
    ['*'.repeat(200), 'UTC', 'cron'],
    ['0 0 * * *', 'Europe/Atlantis', 'time_zone'],
    ['0 0 * * *', '', 'time_zone'],
  ])('"%s" in %s has its problem at %s', (cron, timeZone, member) => {
    expect(scheduleProblem({ cron, time_zone: timeZone }, at('2026-11-30T12:00:00Z'))?.member).toBe(member);
  });
});
