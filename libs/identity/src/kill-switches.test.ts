import { sampleSwitch } from './identity-samples.fake.js';
import { KillSwitches } from './kill-switches.js';

const call = {
  tenantId: 'acme',
  keyId: '0123456789abcdef',
  userId: 'ada',
  agentId: 'writer',
  tool: 'crm_update',
  provider: 'crm',
};

describe('kill switches', () => {
  it.each([
    { type: 'tenant', value: 'acme' },
    { type: 'key', value: '0123456789abcdef' },
    { type: 'user', value: 'ada' },
    { type: 'agent', value: 'writer' },
    { type: 'tool', value: 'crm_update' },
    { type: 'provider', value: 'crm' },
  ] as const)('cover a call by %j', (target) => {
    const switches = new KillSwitches();
    const on = sampleSwitch(target);
    expect(switches.areOn).toBe(false);
    switches.put(on);
    expect(switches.areOn).toBe(true);
    expect(switches.covering(call)).toBe(on);
    expect(switches.covering({ tenantId: 'other', userId: 'bob', tool: 'other' })).toBeUndefined();
    switches.remove(on.id);
    expect(switches.covering(call)).toBeUndefined();
    expect(switches.all()).toEqual([]);
  });

  it('of one tenant leave the calls of another alone', () => {
    const switches = new KillSwitches();
    switches.put(sampleSwitch({ type: 'tool', value: 'crm_update' }, { tenant_id: 'globex' }));
    expect(switches.covering(call)).toBeUndefined();
    expect(switches.covering({ ...call, tenantId: 'globex' })).toBeDefined();
  });

  it('do not mix up values of different kinds', () => {
    const switches = new KillSwitches();
    switches.put(sampleSwitch({ type: 'user', value: 'crm_update' }));
    expect(switches.covering(call)).toBeUndefined();
  });

  it('replace a switch with the same id, and keep others on the same target', () => {
    const switches = new KillSwitches();
    const other = sampleSwitch(
      { type: 'user', value: 'ada' },
      { id: '0b7c1c53-3b2a-4c4b-9a51-6f1f3a0c0002' },
    );
    switches.put(other);
    switches.put(sampleSwitch({ type: 'user', value: 'ada' }));
    switches.put(sampleSwitch({ type: 'user', value: 'bob' }));
    expect(switches.all()).toHaveLength(2);
    expect(switches.covering(call)).toBe(other);
  });
});
