import { jest } from '@jest/globals';

import { OutageLog } from './outage-log.js';

function log() {
  const lines: unknown[] = [];
  const outage = new OutageLog({
    quietMs: 10_000,
    began: (error) => lines.push(error),
    ended: (failures) => lines.push(failures),
  });
  return { lines, outage };
}

describe('the log of an outage', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('has one line for all failures of an outage, and one for its end', () => {
    const { lines, outage } = log();
    for (let failure = 1; failure <= 120; failure += 1) {
      outage.failed(`failure ${failure}`);
      jest.advanceTimersByTime(500);
    }
    expect(lines).toEqual(['failure 1']);
    jest.advanceTimersByTime(10_000);
    expect(lines).toEqual(['failure 1', 120]);
    outage.failed('another outage');
    expect(lines).toEqual(['failure 1', 120, 'another outage']);
  });

  it('ends when its owner closes it', () => {
    const { lines, outage } = log();
    outage.failed('failure');
    outage[Symbol.dispose]();
    jest.advanceTimersByTime(60_000);
    expect(lines).toEqual(['failure']);
    expect(jest.getTimerCount()).toBe(0);
  });
});
