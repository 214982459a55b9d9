import { Permits } from './permits.js';

describe('permits', () => {
  it('are given up to their number, then in the order of asking', async () => {
    const permits = new Permits(1);
    expect(await permits.acquire(1_000)).toBe(true);
    const order: string[] = [];
    const first = permits.acquire(1_000).then(() => order.push('first'));
    const second = permits.acquire(1_000).then(() => order.push('second'));
    permits.release();
    await first;
    permits.release();
    await second;
    expect(order).toEqual(['first', 'second']);
    expect(permits.inUse).toBe(1);
  });

  it('are refused when none comes free in time, and the place in the queue is given up', async () => {
    const permits = new Permits(1);
    await permits.acquire(1_000);
    expect(await permits.acquire(5)).toBe(false);
    permits.release();
    expect(permits.inUse).toBe(0);
  });

  it('that were forced are paid back before anybody else gets one', async () => {
    const permits = new Permits(1);
    await permits.acquire(1_000);
    permits.force();
    let granted = false;
    const waiting = permits.acquire(1_000).then((ok) => (granted = ok));
    permits.release();
    await Promise.resolve();
    expect(granted).toBe(false);
    permits.release();
    await waiting;
    expect(granted).toBe(true);
  });

  it('say when none is in use', async () => {
    const permits = new Permits(2);
    await permits.idle();
    await permits.acquire(1_000);
    const idle = permits.idle();
    permits.release();
    await idle;
  });
});
