import { Breaker, defaultBreakerRules } from './breaker.js';
import { Breakers } from './breakers.js';
import { sampleSubject } from '../../test/governor-samples.js';

function fail(breaker: Breaker, times: number, nowMs: number): void {
  for (let n = 0; n < times; n += 1) breaker.record(true, breaker.generation, nowMs);
}

function openBreaker(): Breaker {
  const breaker = new Breaker(defaultBreakerRules);
  fail(breaker, 5, 1_000);
  return breaker;
}

describe('a breaker', () => {
  it('opens after five failures in a row, and returns the reopen time', () => {
    const breaker = new Breaker(defaultBreakerRules);
    fail(breaker, 4, 1_000);
    expect(breaker.passage(1_000)).toEqual({ kind: 'free' });
    fail(breaker, 1, 1_000);
    expect(breaker.passage(1_001)).toEqual({ kind: 'shut', untilMs: 6_000 });
  });

  it('opens when half of the last twenty failed, in any order', () => {
    const breaker = new Breaker(defaultBreakerRules);
    for (let n = 0; n < 9; n += 1) {
      breaker.record(true, 0, 1_000);
      breaker.record(false, 0, 1_000);
    }
    expect(breaker.state).toBe('closed');
    breaker.record(true, 0, 1_000);
    expect(breaker.state).toBe('open');
  });

  it('lets one probe through at the reopen time, and no second one (CB1)', () => {
    const breaker = openBreaker();
    expect(breaker.passage(5_999).kind).toBe('shut');
    expect(breaker.passage(6_000).kind).toBe('probe');
    breaker.beginProbe();
    expect(breaker.state).toBe('half_open');
    expect(breaker.passage(6_000).kind).toBe('shut');
  });

  it('closes when the probe succeeds', () => {
    const breaker = openBreaker();
    breaker.beginProbe();
    breaker.record(false, breaker.generation, 6_000);
    expect(breaker.passage(6_000)).toEqual({ kind: 'free' });
    expect(breaker.isUnmarked).toBe(true);
  });

  it('stays open twice as long after each failed probe, up to a bound', () => {
    const breaker = openBreaker();
    const openForMs: number[] = [];
    let nowMs = 6_000;
    for (let n = 0; n < 8; n += 1) {
      breaker.beginProbe();
      breaker.record(true, breaker.generation, nowMs);
      openForMs.push(breaker.reopenAtMs - nowMs);
      nowMs = breaker.reopenAtMs;
    }
    expect(openForMs).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
  });

  it('tries again after a probe without a result', () => {
    const breaker = openBreaker();
    breaker.beginProbe();
    breaker.abandonProbe(7_000);
    expect(breaker.passage(6_999)).toEqual({ kind: 'shut', untilMs: 7_000 });
    expect(breaker.passage(7_000).kind).toBe('probe');
  });

  it('ignores requests that left before it opened (CB2)', () => {
    const breaker = new Breaker(defaultBreakerRules);
    const { generation } = breaker;
    fail(breaker, 5, 1_000);
    breaker.record(false, generation, 2_000);
    expect(breaker.state).toBe('open');
    breaker.beginProbe();
    breaker.record(true, generation, 6_000);
    expect(breaker.state).toBe('half_open');
  });
});

describe('the breakers of all endpoints', () => {
  const rules = { ...defaultBreakerRules, failuresInARow: 2 };

  it('hold nothing without failures', () => {
    const breakers = new Breakers(rules);
    breakers.record(sampleSubject(), false, undefined, 0);
    expect(breakers.isEmpty).toBe(true);
  });

  it('open for one credential and endpoint only', () => {
    const breakers = new Breakers(rules);
    breakers.record(sampleSubject(), true, undefined, 0);
    breakers.record(sampleSubject(), true, undefined, 0);
    expect(breakers.find(sampleSubject())?.state).toBe('open');
    expect(breakers.find(sampleSubject({ credential: 'acme/bob/slack' }))).toBeUndefined();
    expect(breakers.find(sampleSubject({ endpoint: 'GET slack.example/users' }))).toBeUndefined();
  });

  it('forget an endpoint that has recovered', () => {
    const breakers = new Breakers(rules);
    breakers.record(sampleSubject(), true, undefined, 0);
    const breaker = breakers.find(sampleSubject());
    for (let n = 0; n < 20; n += 1) {
      breakers.record(sampleSubject(), false, breaker && { breaker, generation: 0 }, 0);
    }
    expect(breakers.isEmpty).toBe(true);
  });
});
