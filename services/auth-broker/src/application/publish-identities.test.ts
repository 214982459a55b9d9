import { sampleKey, sampleTenant } from '@action-mesh/identity/testing';

import { callerAs, fakeAdministration } from './administration.fake.js';

const owner = callerAs('owner');

describe('PublishIdentities', () => {
  it('makes the topic equal to the record, and then publishes nothing', async () => {
    const { publish, topic } = fakeAdministration();
    await publish.run();
    expect([...topic.values.keys()]).toEqual(['tenant/default', 'tenant/acme', 'tenant/globex']);
    expect(await publish.run()).toEqual({ publish: [], retract: [] });
    expect(topic.publications).toHaveLength(1);
  });

  it('takes back identities that the record does not have (AB6)', async () => {
    const { publish, topic } = fakeAdministration();
    const { identity } = sampleKey('acme');
    topic.values.set(`key/${identity.id}`, identity);
    topic.values.set('tenant/hooli', sampleTenant('hooli'));
    expect((await publish.run()).retract).toEqual([`key/${identity.id}`, 'tenant/hooli']);
  });

  it('restores an identity that another writer changed', async () => {
    const { createKey, publish, topic } = fakeAdministration();
    const { id } = await createKey.run(owner, 'acme', { role: 'viewer' });
    const published = topic.values.get(`key/${id}`);
    topic.values.set(`key/${id}`, { ...sampleKey('globex').identity, id });
    await publish.run();
    expect(topic.values.get(`key/${id}`)).toEqual(published);
  });

  it('covers a change during a run by the next run, and shares that one', async () => {
    const { publish, record, tenants, topic } = fakeAdministration();
    let waiting: Promise<unknown>[] = [];
    record.beforeRead = () => {
      record.beforeRead = () => undefined;
      waiting = [publish.run(), publish.run(), publish.run()];
    };
    await publish.run();
    tenants.tenants.delete('globex');
    const [first, ...others] = await Promise.all(waiting);
    expect(first).toMatchObject({ retract: ['tenant/globex'] });
    expect(others).toEqual([first, first]);
    expect(topic.publications).toHaveLength(2);
  });

  it('publishes nothing that it read long ago', async () => {
    const { publish, record, clock, topic } = fakeAdministration();
    record.beforeRead = () => clock.advance(2_001);
    await expect(publish.run()).rejects.toThrow('took too long');
    expect(topic.values.size).toBe(0);
    record.beforeRead = () => undefined;
    await publish.run();
    expect(topic.values.size).toBe(3);
  });

  it('goes on after a failure', async () => {
    const { publish, topic } = fakeAdministration();
    topic.unreachable = true;
    await expect(publish.run()).rejects.toThrow('no broker');
    topic.unreachable = false;
    expect((await publish.run()).publish).toHaveLength(3);
  });
});
