import { Repeater } from './repeater.js';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let repeater: Repeater | undefined;

describe('Repeater', () => {
  it('runs again after a failed run, and reports the failure', async () => {
    const errors: unknown[] = [];
    let runs = 0;
    const twice = new Promise<void>((resolve) => {
      const run = (): Promise<void> => {
        runs += 1;
        if (runs === 2) resolve();
        return runs === 1 ? Promise.reject(new Error('once')) : Promise.resolve();
      };
      repeater = new Repeater({ run, everyMs: 1, onError: (error) => errors.push(error) });
    });
    await twice;
    await repeater?.close();
    expect(errors).toEqual([new Error('once')]);
  });

  it('ends after the current run, and starts no other', async () => {
    let runs = 0;
    let finish: () => void = () => undefined;
    const run = (): Promise<void> => {
      runs += 1;
      return new Promise((resolve) => (finish = resolve));
    };
    const other = new Repeater({ run, everyMs: 1, onError: () => undefined });
    while (runs === 0) await pause(1);
    let isClosed = false;
    const closing = other.close().then(() => (isClosed = true));
    await pause(5);
    expect(isClosed).toBe(false);
    finish();
    await closing;
    await pause(5);
    expect(runs).toBe(1);
  });

  it('pauses after each run as long as its result says', async () => {
    const pauses: number[] = [];
    const results = [0, 0, 7];
    const startedAtMs = performance.now();
    await new Promise<void>((resolve) => {
      const run = (): Promise<number | undefined> => {
        const result = results.shift();
        if (result === undefined) resolve();
        return Promise.resolve(result);
      };
      const pauseMs = (result: number | undefined): number => {
        pauses.push(result ?? 60_000);
        return result ?? 60_000;
      };
      repeater = new Repeater({ run, everyMs: 60_000, firstAfterMs: 0, pauseMs, onError: () => undefined });
    });
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(6);
    await repeater?.close();
    expect(pauses).toEqual([0, 0, 7, 60_000]);
  });

  it('pauses the ordinary time after a run that failed', async () => {
    let runs = 0;
    const failed = new Promise<void>((resolve) => {
      const run = (): Promise<number> => {
        runs += 1;
        return Promise.reject(new Error('always'));
      };
      repeater = new Repeater({
        run,
        everyMs: 60_000,
        firstAfterMs: 0,
        pauseMs: () => 0,
        onError: () => resolve(),
      });
    });
    await failed;
    await pause(5);
    await repeater?.close();
    expect(runs).toBe(1);
  });

  it('shortens a pause that would last longer than the given time, and no other', async () => {
    let runs = 0;
    const run = (): Promise<void> => {
      runs += 1;
      return Promise.resolve();
    };
    const other = new Repeater({ run, everyMs: 60_000, onError: () => undefined });
    await pause(1);
    other.wakeWithin(70_000);
    await pause(5);
    expect(runs).toBe(0);
    other.wakeWithin(10);
    while (runs === 0) await pause(1);
    await other.close();
    expect(runs).toBe(1);
  });

  it('sleeps without an end until it is woken', async () => {
    let runs = 0;
    const other = new Repeater({
      run: () => Promise.resolve((runs += 1)),
      everyMs: 1,
      firstAfterMs: Infinity,
      pauseMs: () => Infinity,
      onError: () => undefined,
    });
    await pause(5);
    expect(runs).toBe(0);
    other.wakeWithin(0);
    while (runs === 0) await pause(1);
    await pause(5);
    await other.close();
    expect(runs).toBe(1);
  });

  it('remembers a wake-up that comes during a run', async () => {
    let runs = 0;
    let finish: () => void = () => undefined;
    const run = (): Promise<void> => {
      runs += 1;
      return new Promise((resolve) => (finish = resolve));
    };
    const other = new Repeater({ run, everyMs: 60_000, firstAfterMs: 0, onError: () => undefined });
    while (runs === 0) await pause(1);
    other.wakeWithin(5);
    finish();
    while (runs === 1) await pause(1);
    finish();
    await other.close();
    expect(runs).toBe(2);
  });

  it('ends a pause when it is closed', async () => {
    let runs = 0;
    const other = new Repeater({
      run: () => Promise.resolve((runs += 1)),
      everyMs: 60_000,
      onError: () => undefined,
    });
    await pause(1);
    await other.close();
    expect(runs).toBe(0);
  });
});
