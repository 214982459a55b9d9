import { Repeater } from './repeater.js';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let repeater: Repeater | undefined;

describe('Repeater', () => {
  it('runs again after a run that failed, and tells of it', async () => {
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

  it('ends after the run that is under way, and begins no other', async () => {
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
});
