import type { SwitchRequest } from '@action-mesh/contracts/auth-broker';

import { callerAs, fakeAdministration, platform } from './administration.fake.js';

const operator = callerAs('operator');
const ofGlobex = callerAs('operator', 'globex');
const crm: SwitchRequest = { target: { type: 'tool', value: 'crm_update' }, reason: 'it deletes rows' };

describe('TurnOnSwitch', () => {
  it('turns on a switch of the tenant', async () => {
    const { turnOnSwitch, topic, clock } = fakeAdministration();
    const on = await turnOnSwitch.run(operator, crm);
    expect(on).toEqual({
      ...crm,
      id: on.id,
      tenant_id: 'acme',
      by: 'operator-of-acme',
      since: new Date(clock.now()).toISOString(),
      published: true,
    });
    expect(topic.values.get(`switch/${on.id}`)).toMatchObject({ tenant_id: 'acme', target: crm.target });
  });

  it('answers a second request for the target with the switch that is on', async () => {
    const { turnOnSwitch, switches } = fakeAdministration();
    const first = await turnOnSwitch.run(operator, crm);
    await expect(turnOnSwitch.run(callerAs('owner'), { ...crm, reason: 'me too' })).resolves.toEqual(first);
    await turnOnSwitch.run(ofGlobex, crm);
    await turnOnSwitch.run(platform, { ...crm, reach: 'mesh' });
    expect(switches.switches.size).toBe(3);
  });

  it('lets only the platform reach the whole mesh (AB8)', async () => {
    const { turnOnSwitch, switches } = fakeAdministration();
    await expect(turnOnSwitch.run(callerAs('owner'), { ...crm, reach: 'mesh' })).rejects.toMatchObject({
      code: 'AUTH_BROKER_MISSING_RIGHT',
      scopes: ['tenants:admin'],
    });
    expect(switches.switches.size).toBe(0);
    const on = await turnOnSwitch.run(platform, { ...crm, reach: 'mesh' });
    expect(on.tenant_id).toBeUndefined();
  });

  it('stops a tenant for the tenant itself or for the platform', async () => {
    const { turnOnSwitch } = fakeAdministration();
    const target = { type: 'tenant', value: 'globex' };
    await expect(turnOnSwitch.run(operator, { target, reason: 'no' })).rejects.toThrow('/target/value');
    await expect(turnOnSwitch.run(ofGlobex, { target, reason: 'stop' })).resolves.toMatchObject({ target });
    await expect(
      turnOnSwitch.run(platform, { target, reason: 'stop', reach: 'mesh' }),
    ).resolves.toMatchObject({ target });
  });

  it('refuses a user for the whole mesh', async () => {
    const { turnOnSwitch } = fakeAdministration();
    const target = { type: 'user', value: 'ada' };
    await expect(turnOnSwitch.run(platform, { target, reason: 'x', reach: 'mesh' })).rejects.toThrow(
      '/reach',
    );
  });

  it('needs switches:admin', async () => {
    const { turnOnSwitch } = fakeAdministration();
    for (const role of ['agent', 'viewer', 'author'] as const)
      await expect(turnOnSwitch.run(callerAs(role), crm)).rejects.toMatchObject({
        scopes: ['switches:admin'],
      });
  });

  it('refuses a switch beyond the limit of the tenant', async () => {
    const { turnOnSwitch, switches } = fakeAdministration();
    switches.mostSwitches = 1;
    await turnOnSwitch.run(operator, crm);
    const other = { ...crm, target: { type: 'tool', value: 'other' } };
    await expect(turnOnSwitch.run(operator, other)).rejects.toMatchObject({ code: 'AUTH_BROKER_CONFLICT' });
    await expect(turnOnSwitch.run(ofGlobex, other)).resolves.toBeDefined();
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['no reason', { target: crm.target }],
    ['an unknown target', { ...crm, target: { type: 'planet', value: 'earth' } }],
    ['a tenant of its choice', { ...crm, tenant_id: 'globex' }],
    ['another author', { ...crm, by: 'eve' }],
    ['a reason with NUL', { ...crm, reason: 'a\u0000b' }],
    ['a user with a lone surrogate', { ...crm, target: { type: 'user', value: '\ud800' } }],
  ])('refuses %s', async (_what, body) => {
    const { turnOnSwitch, switches } = fakeAdministration();
    await expect(turnOnSwitch.run(operator, body)).rejects.toMatchObject({ code: 'AUTH_BROKER_INVALID' });
    expect(switches.switches.size).toBe(0);
  });
});

describe('ListSwitches', () => {
  it('shows switches of the tenant, and those of the whole mesh that can cover its calls', async () => {
    const { turnOnSwitch, listSwitches, createKey } = fakeAdministration();
    const mine = await createKey.run(callerAs('owner'), 'acme', { role: 'agent' });
    const theirs = await createKey.run(callerAs('owner', 'globex'), 'globex', { role: 'agent' });
    const on = (type: string, value: string): Promise<unknown> =>
      turnOnSwitch.run(platform, { target: { type, value }, reason: 'x', reach: 'mesh' });
    await on('provider', 'crm');
    await on('tenant', 'globex');
    await on('key', theirs.id);
    await on('key', mine.id);
    await on('tenant', 'acme');
    await turnOnSwitch.run(operator, crm);
    await turnOnSwitch.run(ofGlobex, crm);
    const seen = async (caller = operator): Promise<string[]> =>
      (await listSwitches.run(caller)).map(
        ({ target, tenant_id: owner }) => `${owner ?? '*'} ${target.value}`,
      );
    expect(await seen()).toEqual(['* crm', `* ${mine.id}`, '* acme', 'acme crm_update']);
    expect(await seen(ofGlobex)).toEqual(['* crm', '* globex', `* ${theirs.id}`, 'globex crm_update']);
    expect(await seen(platform)).toEqual(['* crm', '* globex', `* ${theirs.id}`, `* ${mine.id}`, '* acme']);
  });
});

describe('LiftSwitch', () => {
  it('lifts a switch of the tenant', async () => {
    const { turnOnSwitch, liftSwitch, topic } = fakeAdministration();
    const { id } = await turnOnSwitch.run(operator, crm);
    await liftSwitch.run(operator, id);
    expect(topic.values.has(`switch/${id}`)).toBe(false);
    await expect(liftSwitch.run(operator, id)).rejects.toThrow('no such switch');
  });

  it('answers for a switch of another tenant as for an unknown one', async () => {
    const { turnOnSwitch, liftSwitch, switches } = fakeAdministration();
    const { id } = await turnOnSwitch.run(ofGlobex, crm);
    for (const each of [id, '0b7c1c53-3b2a-4c4b-9a51-6f1f3a0c0001', 'x'])
      await expect(liftSwitch.run(operator, each)).rejects.toThrow(/^there is no such switch$/);
    expect(switches.switches.size).toBe(1);
  });

  it('lets only the platform lift a switch of the whole mesh (AB8)', async () => {
    const { turnOnSwitch, liftSwitch, switches } = fakeAdministration();
    const { id } = await turnOnSwitch.run(platform, { ...crm, reach: 'mesh' });
    await expect(liftSwitch.run(callerAs('owner'), id)).rejects.toMatchObject({ scopes: ['tenants:admin'] });
    expect(switches.switches.size).toBe(1);
    await liftSwitch.run(platform, id);
    expect(switches.switches.size).toBe(0);
  });

  it('needs switches:admin', async () => {
    const { turnOnSwitch, liftSwitch } = fakeAdministration();
    const { id } = await turnOnSwitch.run(operator, crm);
    await expect(liftSwitch.run(callerAs('viewer'), id)).rejects.toMatchObject({
      scopes: ['switches:admin'],
    });
  });
});
