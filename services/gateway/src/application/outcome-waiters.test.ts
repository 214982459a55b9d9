import { OutcomeWaiters, type SettledOutcome } from './outcome-waiters.js';

const outcome: SettledOutcome = { json: Buffer.from('{}'), status: 'succeeded', errorCode: undefined };

const call = (id: string, userId = 'u1', slug = 'a_tool') => ({
  call_id: id,
  tenant_id: 't1',
  user_id: userId,
  tool: { slug },
});

/** Timers that keep this process alive. */
const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

describe('OutcomeWaiters', () => {
  it('gives an outcome to every waiter of its call and to no other (W2)', async () => {
    const before = timers();
    const waiters = new OutcomeWaiters();
    const first = waiters.open(call('c1'), 10_000);
    const second = waiters.open(call('c1'), 10_000);
    const other = waiters.open(call('c2'), 10_000);
    expect(waiters.isAwaited('c1')).toBe(true);
    waiters.settle(call('c1'), outcome);
    waiters.settle(call('c1'), { ...outcome, errorCode: 'late' });
    await expect(Promise.all([first.settled, second.settled])).resolves.toEqual([outcome, outcome]);
    expect(waiters.size).toBe(1);
    other.cancel();
    other.cancel();
    await expect(other.settled).resolves.toBeUndefined();
    expect([waiters.size, waiters.isAwaited('c1'), timers() - before]).toEqual([0, false, 0]);
  });

  it('gives an outcome only to the callers of its tenant, user and tool (W5)', async () => {
    const waiters = new OutcomeWaiters();
    const ada = waiters.open(call('c1'), 10_000);
    const bob = waiters.open(call('c1', 'u2'), 10_000);
    expect(waiters.settle(call('c1', 'u3'), outcome)).toBe(false);
    expect(waiters.settle(call('c1', 'u1', 'b_tool'), outcome)).toBe(false);
    // Another tenant may use the same id, so its outcome is no sign of a forgery.
    expect(waiters.settle({ ...call('c1'), tenant_id: 't2' }, outcome)).toBe(true);
    expect(waiters.size).toBe(2);
    expect(waiters.settle(call('c1'), outcome)).toBe(true);
    await expect(ada.settled).resolves.toBe(outcome);
    expect(waiters.size).toBe(1);
    bob.cancel();
    expect(waiters.settle(call('c1'), outcome)).toBe(true);
  });

  it('ends a wait when its time is up', async () => {
    const waiters = new OutcomeWaiters();
    await expect(waiters.open(call('c1'), 5).settled).resolves.toBeUndefined();
    expect(waiters.size).toBe(0);
  });

  it('keeps an outcome for a waiter that opens before it and reads after it (W3)', async () => {
    const waiters = new OutcomeWaiters();
    const waiter = waiters.open(call('c1'), 10_000);
    waiters.settle(call('c1'), outcome);
    await expect(waiter.settled).resolves.toBe(outcome);
  });

  it('refuses waiters beyond the bound, without an error (W1)', async () => {
    const waiters = new OutcomeWaiters(1);
    const first = waiters.open(call('c1'), 10_000);
    await expect(waiters.open(call('c2'), 10_000).settled).resolves.toBeUndefined();
    expect(waiters.size).toBe(1);
    first.cancel();
  });

  it('does not wait at all for zero milliseconds', async () => {
    const waiters = new OutcomeWaiters();
    await expect(waiters.open(call('c1'), 0).settled).resolves.toBeUndefined();
    expect(waiters.isAwaited('c1')).toBe(false);
  });

  it('drains: waiters may stay until the deadline, and new callers do not wait', async () => {
    const waiters = new OutcomeWaiters();
    const lucky = waiters.open(call('c1'), 10_000);
    const unlucky = waiters.open(call('c2'), 10_000);
    const drained = waiters.drain(30);
    await expect(waiters.open(call('c3'), 10_000).settled).resolves.toBeUndefined();
    waiters.settle(call('c1'), outcome);
    await expect(lucky.settled).resolves.toBe(outcome);
    await drained;
    await expect(unlucky.settled).resolves.toBeUndefined();
    expect(waiters.size).toBe(0);
  });

  it('is drained as soon as the last waiter has its outcome', async () => {
    const waiters = new OutcomeWaiters();
    waiters.open(call('c1'), 10_000);
    const drained = waiters.drain(60_000);
    waiters.settle(call('c1'), outcome);
    await drained;
    await waiters.drain(60_000);
  });
});
