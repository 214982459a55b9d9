import { createHmac } from 'node:crypto';

import { systemClock } from '@action-mesh/kernel';
import { sampleTenant } from '@action-mesh/identity/testing';
import { IdentityDirectory } from '@action-mesh/identity';
import { SealedTriggerSecrets, TriggerDirectory } from '@action-mesh/triggers';

import { FakeEventLog } from './event-log.fake.js';
import { ReceiveDelivery, type ArrivedDelivery } from './receive-delivery.js';
import { RecentDeliveries } from './recent-deliveries.js';
import { RefusedDeliveries } from './refused-deliveries.js';

const secret = 'a secret of github';
const trace = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', flags: 1 } as never;

function door() {
  const sealed = new SealedTriggerSecrets('k'.repeat(48));
  const triggers = new TriggerDirectory(sealed);
  const place = { tenant_id: 'acme', trigger: 'pushed', revision: '01998c50-0002-7c0d-9e0f-1a2b3c4d5e72' };
  triggers.put({
    ...place,
    scheme: 'github',
    sealed_secrets: sealed.seal(place, [{ secret }]),
    headers: ['x-topic'],
  });
  triggers.complete();
  const tenants = new IdentityDirectory('dev');
  tenants.put(sampleTenant('acme'));
  const log = new FakeEventLog();
  const recent = new RecentDeliveries(systemClock);
  const receive = new ReceiveDelivery({ triggers, tenants, log, recent, clock: systemClock });
  const faults: string[] = [];
  const read: string[] = [];
  const arrived = (more: Partial<ArrivedDelivery> & { readonly id?: string; readonly key?: string } = {}) => {
    const body = Buffer.from('{"n":1}');
    const signature = createHmac('sha256', more.key ?? secret)
      .update(body)
      .digest('hex');
    return receive.execute({
      tenant: 'acme',
      trigger: 'pushed',
      request: {
        method: 'POST',
        url: 'http://127.0.0.1:8080/hooks/acme/pushed',
        headers: {
          'x-github-delivery': more.id ?? 'd-1',
          'x-hub-signature-256': `sha256=${signature}`,
          'x-topic': 'a',
          authorization: 'Bearer x',
        },
        body,
      },
      content: () => {
        read.push('read');
        return Promise.resolve({ kind: 'json', body });
      },
      trace,
      onRefused: (fault) => faults.push(fault),
      ...more,
    });
  };
  return { arrived, log, faults, read, tenants, triggers };
}

describe('the door for signed requests', () => {
  it('takes a delivery once, and keeps the named headers alone', async () => {
    const { arrived, log } = door();
    const taken = { kind: 'taken', scheme: 'github', deliveryId: 'd-1' };
    expect(await arrived()).toEqual({ ...taken, isRepeated: false });
    expect(await Promise.all([arrived(), arrived()])).toEqual([
      { ...taken, isRepeated: true },
      { ...taken, isRepeated: true },
    ]);
    expect(log.triggers).toMatchObject([
      { tenant_id: 'acme', trigger: 'pushed', delivery_id: 'd-1', payload: { n: 1 }, scheme: 'github' },
    ]);
    expect(log.triggers[0]?.headers).toEqual({ 'x-github-delivery': 'd-1', 'x-topic': 'a' });
  });

  it('forgets a delivery that the log did not confirm (WD2, RD2)', async () => {
    const { arrived, log } = door();
    log.failure = new Error('down');
    await expect(arrived()).rejects.toThrow('down');
    log.failure = undefined;
    expect(await arrived()).toMatchObject({ isRepeated: false });
    expect(log.triggers).toHaveLength(1);
  });

  it('gives every wrong request one answer, and reads none of their bodies (WD1)', async () => {
    const { arrived, faults, log, read, tenants, triggers } = door();
    const messages = new Set<string>();
    const wrong = async (more: Parameters<typeof arrived>[0]) => {
      await arrived(more).then(
        () => messages.add('taken'),
        (error: unknown) => messages.add(JSON.stringify([(error as Error).message, error])),
      );
    };
    await wrong({ key: 'another secret' });
    await wrong({ trigger: 'unknown' });
    await wrong({ trigger: 'No/Name' });
    await wrong({ tenant: 'globex' });
    tenants.remove('tenant/acme');
    await wrong({});
    tenants.put(sampleTenant('acme'));
    triggers.remove('acme/pushed');
    await wrong({});
    expect(messages.size).toBe(1);
    expect(faults).toEqual(['signature_wrong', ...Array.from({ length: 5 }, () => 'trigger_unknown')]);
    expect([read, log.triggers]).toEqual([[], []]);
  });

  it('takes the digest of the content in place of an id that cannot be stored', async () => {
    const { arrived, log } = door();
    await arrived({ id: 'a\u0001b' });
    expect(log.triggers[0]?.delivery_id).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('refused deliveries', () => {
  it('close a path to their sender after a burst, and to no other one', () => {
    let nowMs = 0;
    const reported: unknown[] = [];
    const refused = new RefusedDeliveries({ monotonicMs: () => nowMs }, (refusal) => reported.push(refusal));
    const what = { tenant: 'acme', trigger: 'pushed', fault: 'signature_wrong' };
    for (let index = 0; index < 60; index += 1) refused.record('10.0.0.1', 'acme/pushed', what);
    expect(refused.waitSeconds('10.0.0.1', 'acme/pushed')).toBeGreaterThan(0);
    expect(refused.waitSeconds('10.0.0.2', 'acme/pushed')).toBe(0);
    expect(refused.waitSeconds('10.0.0.1', 'acme/other')).toBe(0);
    expect(reported).toEqual([{ ...what, count: 1 }]);
    nowMs += 60_000;
    expect(refused.waitSeconds('10.0.0.1', 'acme/pushed')).toBe(0);
    refused.record('10.0.0.1', 'acme/pushed', what);
    expect(reported).toEqual([
      { ...what, count: 1 },
      { ...what, count: 60 },
    ]);
  });
});
