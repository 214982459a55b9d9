import type { ClaimBounds, ClaimedDelivery } from './delivery-store.port.js';
import { RunDeliveries } from './run-deliveries.js';

function delivery(endpointId: string, id: string): ClaimedDelivery {
  return {
    id,
    endpointId,
    tenantId: 'acme',
    isTest: false,
    url: 'https://example.com/',
    body: '{}',
    secrets: [],
    attempt: 1,
  };
}

function stage() {
  const bounds: ClaimBounds[] = [];
  const ends = new Map<string, (isDisabled: boolean) => void>();
  const told = { free: 0, disabled: 0, errors: [] as unknown[] };
  let due: ClaimedDelivery[] = [];
  const run = new RunDeliveries({
    store: {
      claim: (given) => {
        bounds.push({ ...given, underWay: new Map(given.underWay) });
        const claimed = due.slice(0, given.most);
        due = due.slice(given.most);
        return Promise.resolve(claimed);
      },
    },
    deliver: {
      run: ({ id }) =>
        id === 'broken' ? Promise.reject(new Error('no')) : new Promise((end) => ends.set(id, end)),
    },
    onFree: () => (told.free += 1),
    onDisabled: () => (told.disabled += 1),
    onError: (error) => told.errors.push(error),
  });
  return { run, bounds, ends, told, enqueue: (...more: ClaimedDelivery[]) => due.push(...more) };
}

describe('deliveries under way', () => {
  it('are counted by endpoint, and are not waited for (WH1)', async () => {
    const { run, bounds, ends, told, enqueue } = stage();
    enqueue(delivery('slow', 'a'), delivery('slow', 'b'), delivery('fast', 'c'));
    await run.run();
    await run.run();
    expect([...(bounds[1]?.underWay ?? [])]).toEqual([
      ['slow', 2],
      ['fast', 1],
    ]);
    for (const end of ends.values()) end(false);
    await run.idle();
    expect(told).toEqual({ free: 3, disabled: 0, errors: [] });
    await run.run();
    expect(bounds[2]?.underWay.size).toBe(0);
  });

  it('have a bound over all endpoints', async () => {
    const { run, bounds, ends, enqueue } = stage();
    enqueue(...Array.from({ length: 600 }, (_, index) => delivery(`e${index}`, `d${index}`)));
    await run.run();
    await run.run();
    expect(bounds).toHaveLength(1);
    expect(ends.size).toBe(bounds[0]?.most);
    for (const end of ends.values()) end(false);
    await run.idle();
  });

  it('tell of a disabled endpoint, and survive an error', async () => {
    const { run, ends, told, enqueue } = stage();
    enqueue(delivery('one', 'broken'), delivery('one', 'last'));
    await run.run();
    ends.get('last')?.(true);
    await run.idle();
    expect(told).toMatchObject({ free: 2, disabled: 1, errors: [{ message: 'no' }] });
  });
});
