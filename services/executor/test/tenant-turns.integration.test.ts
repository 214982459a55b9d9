import type { WaitReason } from '@action-mesh/contracts/executor';
import { childSpan } from '@action-mesh/kernel';

import type { WokenCall } from '../src/application/parked-calls.port.js';
import { transitions } from '../src/domain/call.js';
import { aCall, LedgerBench, capacityFor, type TestLedger } from './ledger-bench.js';

let bench: LedgerBench;
let one: TestLedger;

beforeEach(async () => {
  bench = await LedgerBench.open();
  one = await bench.ledger('one');
}, 60_000);

afterEach(async () => {
  await bench.close();
});

/** Parks calls of a tenant in their order, in the ledger's view. Returns their ids. */
async function park(tenantId: string, count: number, reason: WaitReason): Promise<string[]> {
  const start = transitions(undefined, { type: 'receive' }, { type: 'throttle' });
  if (!start.ok) throw new Error(start.reason);
  const calls = Array.from({ length: count }, () => aCall({ tenant_id: tenantId }));
  await Promise.all(
    calls.map((call) =>
      one.ledger.record({
        call,
        trace: childSpan(),
        start: start.call,
        park: { delayMs: 0, reason },
        validityMs: 60_000,
      }),
    ),
  );
  return calls.map(({ call_id }) => call_id);
}

function tenantsOf(woken: readonly WokenCall[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { owned } of woken) counts[owned.call.tenant_id] = (counts[owned.call.tenant_id] ?? 0) + 1;
  return counts;
}

it('due calls are woken in equal parts for their tenants, however many one of them has', async () => {
  await park('flood', 1_000, 'rate_limited');
  await park('quiet', 3, 'rate_limited');
  await park('other', 60, 'rate_limited');
  const first = tenantsOf(await one.ledger.wakeDue(capacityFor(90)));
  expect(first).toEqual({ flood: 31, quiet: 3, other: 31 });
  // The part that one tenant leaves goes to the others.
  const second = tenantsOf(await one.ledger.wakeDue(capacityFor(90)));
  expect(second).toEqual({ flood: 46, other: 29 });
});

it('a tenant gets no more calls woken than it has room for', async () => {
  await park('flood', 100, 'rate_limited');
  await park('quiet', 1, 'rate_limited');
  expect(tenantsOf(await one.ledger.wakeDue(capacityFor(90, { flood: 0 })))).toEqual({ quiet: 1 });
  expect(tenantsOf(await one.ledger.wakeDue(capacityFor(90, { flood: 5 })))).toEqual({ flood: 5 });
});

it('the scheduler ignores calls that wait for a turn, and they are woken in the order of arrival', async () => {
  const early = await park('flood', 40, 'tenant_backlog');
  const late = await park('flood', 40, 'tenant_backlog');
  expect(await one.ledger.untilNextMs()).toBeUndefined();
  expect(await one.ledger.wakeDue(capacityFor(100))).toEqual([]);
  const first = (await one.ledger.wakeOverflow(capacityFor(40))).map(({ owned }) => owned.call.call_id);
  expect(first).toHaveLength(40);
  expect(new Set(first)).toEqual(new Set(early));
  const second = (await one.ledger.wakeOverflow(capacityFor(100))).map(({ owned }) => owned.call.call_id);
  expect(new Set(second)).toEqual(new Set(late));
});

it('two executors wake no call twice', async () => {
  const two = await bench.ledger('two');
  const parked = new Set(await park('flood', 500, 'tenant_backlog'));
  const woken: string[] = [];
  while (woken.length < parked.size) {
    const parts = await Promise.all([one, two].map(({ ledger }) => ledger.wakeOverflow(capacityFor(50))));
    woken.push(...parts.flat().map(({ owned }) => owned.call.call_id));
  }
  expect(woken).toHaveLength(500);
  expect(new Set(woken)).toEqual(parked);
});
