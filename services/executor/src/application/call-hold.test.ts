import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { KillSwitches } from '@action-mesh/identity';
import { sampleSwitch } from '@action-mesh/identity/testing';

import { heldBySwitch, holdOf, holdScope } from './call-hold.js';

const call = { tenant_id: 't', user_id: 'u', tool: { slug: 'x' } } as AcceptedCall;

describe('the hold of a call', () => {
  it('is not looked for while no switch is on', () => {
    const switches = {
      areOn: false,
      covering: () => {
        throw new Error('it was looked for');
      },
    };
    expect(holdOf(switches, call, 'p', 'RECEIVED', 0)).toBeUndefined();
  });

  it('has no end, or ends at the deadline of the call', () => {
    const switches = new KillSwitches();
    switches.put(sampleSwitch({ type: 'provider', value: 'p' }));
    const delayOf = (deadline?: string): number | undefined =>
      holdOf(switches, deadline === undefined ? call : { ...call, deadline }, 'p', 'RECEIVED', 1_000)?.park
        .delayMs;
    expect(delayOf()).toBe(Infinity);
    expect(delayOf('1970-01-01T00:00:05.000Z')).toBe(4_000);
    expect(delayOf('1970-01-01T00:00:00.000Z')).toBe(0);
    expect(holdOf(switches, call, 'q', 'RECEIVED', 0)).toBeUndefined();
  });

  it('names its switch, and the name can be read back', () => {
    expect(heldBySwitch(holdScope('0b7c1c53-3b2a-4c4b-9a51-6f1f3a0c0001'))).toBe(
      '0b7c1c53-3b2a-4c4b-9a51-6f1f3a0c0001',
    );
  });
});
