import { FakeClock } from '@action-mesh/kernel/testing';

import { RecentCalls } from './recent-calls.js';

const tool = { slug: 'a_tool', version: '1.0.0' };
const call = (id: string) => ({
  tenant_id: 't1',
  call_id: id,
  user_id: 'u1',
  tool,
  hash: `h-${id}`,
});

describe('RecentCalls', () => {
  it('remembers a call for minutes', () => {
    const clock = new FakeClock();
    const recent = new RecentCalls(clock, { maxAgeMs: 1_000 });
    recent.remember(call('a'), 't1');
    clock.advance(1_000);
    expect(recent.get('t1', 'a')).toMatchObject({ callId: 'a', hash: 'h-a', traceId: 't1' });
    clock.advance(1);
    expect(recent.get('t1', 'a')).toBeUndefined();
  });

  it('gives a tenant its own calls alone (RC2)', () => {
    const recent = new RecentCalls(new FakeClock());
    recent.remember(call('a'), 't1');
    recent.remember({ ...call('a'), tenant_id: 't2', user_id: 'u2' }, 't2');
    expect(['t1', 't2', 't3'].map((tenant) => recent.get(tenant, 'a')?.userId)).toEqual([
      'u1',
      'u2',
      undefined,
    ]);
  });

  it('never holds more than its bound, and forgets the oldest first (RC1)', () => {
    const recent = new RecentCalls(new FakeClock(), { maxCalls: 2 });
    for (const id of ['a', 'b', 'a', 'c']) recent.remember(call(id), 't1');
    expect(['a', 'b', 'c'].map((id) => recent.get('t1', id) !== undefined)).toEqual([true, false, true]);
  });
});
