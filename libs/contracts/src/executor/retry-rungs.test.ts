import { topicConfigurations } from '../topic-configurations.js';
import { topics, type Topic } from '../topics.js';
import { retryRungs, rungFor } from './retry-rungs.js';

const rungDelayMs = (delayMs: number): number | undefined => rungFor(delayMs)?.delayMs;

describe('rungFor', () => {
  it.each([
    [0, undefined, 'stays in memory'],
    [999, undefined, 'stays in memory, even close to a second'],
    [1_000, 1_000, 'is a rung'],
    [1_001, undefined, 'is longer than a rung and would fall due early'],
    [4_749, undefined, 'is more than 5 % below a rung'],
    [4_750, 5_000, 'is 5 % below a rung'],
    [5_000, 5_000, 'is a rung'],
    [5_001, undefined, 'is longer than a rung'],
    [28_500, 30_000, 'is 5 % below a rung'],
    [47_000, undefined, 'is between rungs'],
    [114_000, 120_000, 'is 5 % below a rung'],
    [600_000, 600_000, 'is a rung'],
    [3_419_999, undefined, 'is more than 5 % below a rung'],
    [3_600_000, 3_600_000, 'is the last rung'],
    [3_600_001, undefined, 'is beyond the ladder'],
    [Number.NaN, undefined, 'is no delay'],
    [Infinity, undefined, 'is no delay'],
  ])('%d ms → %p: %s', (delayMs: number, expected: number | undefined, _why: string) => {
    expect(rungDelayMs(delayMs)).toBe(expected);
  });

  it('never returns a rung shorter than the delay (I6)', () => {
    for (let delayMs = 1; delayMs < 4_000_000; delayMs = Math.ceil(delayMs * 1.003)) {
      expect(rungDelayMs(delayMs) ?? delayMs).toBeGreaterThanOrEqual(delayMs);
    }
  });
});

describe('a rung', () => {
  it.each(retryRungs)(
    "$topic has the broker's stamp and keeps records a day longer than its delay",
    ({ topic, delayMs, event }) => {
      const manifest = Object.values<Topic>(topics).find(({ name }) => name === topic);
      expect(manifest?.retentionMs).toBe(delayMs + 86_400_000);
      const configuration = topicConfigurations(1).find(({ name }) => name === topic);
      expect(configuration?.config).toMatchObject({ 'message.timestamp.type': 'LogAppendTime' });
      expect(event.topic).toBe(topic);
    },
  );

  it('has its own topic, and the shorter rungs come first', () => {
    expect(new Set(retryRungs.map(({ topic }) => topic)).size).toBe(6);
    expect(retryRungs.map(({ delayMs }) => delayMs)).toEqual([
      1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000,
    ]);
  });
});
