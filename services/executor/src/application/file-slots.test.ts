import { FileSlots } from './file-slots.js';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('slots for files', () => {
  it('admit the configured number of calls, and then the oldest waiting one when a slot is free (I12)', async () => {
    const slots = new FileSlots({ total: 2, perTenant: 2 });
    const order: string[] = [];
    const enter = (name: string): Promise<() => void> =>
      slots.acquire('t').then((free) => {
        order.push(name);
        return free;
      });
    const first = await enter('first');
    await enter('second');
    void enter('third');
    void enter('fourth');
    await settled();
    expect(order).toEqual(['first', 'second']);
    first();
    await settled();
    expect(order).toEqual(['first', 'second', 'third']);
  });

  it('leave some for other tenants while one has its share (I11)', async () => {
    const slots = new FileSlots({ total: 3, perTenant: 2 });
    const order: string[] = [];
    const enter = (tenant: string): Promise<() => void> =>
      slots.acquire(tenant).then((free) => {
        order.push(tenant);
        return free;
      });
    const loud = await enter('loud');
    void enter('loud');
    void enter('loud');
    await enter('quiet');
    await settled();
    expect(order).toEqual(['loud', 'loud', 'quiet']);
    loud();
    await settled();
    expect(order).toEqual(['loud', 'loud', 'quiet', 'loud']);
  });
});
