import type { OwnedCall } from './ledger.port.js';
import { WakeCalls } from './wake-calls.js';
import type { NamedCall, ParkedCalls, WakeBounds, WokenCall } from './parked-calls.port.js';

const owned = {} as OwnedCall;

function stage(byTenant: Readonly<Record<string, number>> = {}, congested: readonly string[] = []) {
  const asked: WakeBounds[] = [];
  const named: NamedCall[] = [];
  const turns: string[] = [];
  const late: number[] = [];
  const woken: WokenCall[] = [{ owned, lateMs: 7 }];
  const parkedCalls: ParkedCalls = {
    wakeDue: (bounds) => Promise.resolve((asked.push(bounds), woken)),
    wakeOverflow: (bounds) => Promise.resolve((asked.push(bounds), woken)),
    wakeNamed: (calls) => Promise.resolve((named.push(...calls), woken)),
    untilNextMs: () => Promise.resolve(undefined),
  };
  const wakeCalls = new WakeCalls(
    parkedCalls,
    { capacity: () => ({ byTenant: new Map(Object.entries(byTenant)), others: 2 }) },
    { congested: () => new Set(congested) },
    { execute: (_, turn) => Promise.resolve(void turns.push(turn)) },
    (lateMs) => late.push(lateMs),
  );
  return { wakeCalls, asked, named, turns, late };
}

describe('calls after their wait', () => {
  it('are woken within the room of their tenants, and then take their turn', async () => {
    const { wakeCalls, asked, turns, late } = stage({ busy: 0 });
    expect(await wakeCalls.due()).toBe(1);
    expect(asked[0]?.capacity.byTenant.get('busy')).toBe(0);
    expect(turns).toEqual(['in_turn']);
    expect(late).toEqual([7]);
  });

  it('are not late when they waited for a turn and not for a time', async () => {
    const { wakeCalls, turns, late } = stage();
    expect(await wakeCalls.overflow()).toBe(1);
    expect(turns).toEqual(['in_turn']);
    expect(late).toEqual([]);
  });

  it('stay parked while their tenant has a long queue at the limit of a provider', async () => {
    const { wakeCalls, asked } = stage({ busy: 5, congested: 5 }, ['congested']);
    await wakeCalls.overflow();
    expect(Object.fromEntries(asked[0]?.capacity.byTenant ?? [])).toEqual({ busy: 5, congested: 0 });
  });

  it('are left to the scheduler when the ladder names more of a tenant than there is room for', async () => {
    const { wakeCalls, named } = stage({ busy: 1 });
    const call = (tenantId: string, hash: string) => ({ tenantId, userId: 'u', hash, attempt: 1 });
    await wakeCalls.named([
      call('busy', '1'),
      call('busy', '2'),
      call('quiet', '3'),
      call('quiet', '4'),
      call('quiet', '5'),
    ]);
    expect(named.filter(({ hasCapacity }) => hasCapacity).map(({ hash }) => hash)).toEqual(['1', '3', '4']);
  });
});
