import { randomBytes } from 'node:crypto';

import { UnreadableSecretError, WrongKeysError } from './crypto.errors.js';
import { FakeDataKeyStore } from './data-key-store.fake.js';
import { DataKeys } from './data-keys.js';
import { dataKeyIdOf, openEnvelope, sealEnvelope } from './envelope.js';
import { LocalKeyRing, readKeyRing } from './local-key-ring.js';

const day = 86_400_000;
const place = Buffer.from('place');
const entries: Readonly<Record<string, string>> = Object.fromEntries(
  ['k1', 'k2', 'k3'].map((kid) => [kid, `${kid}:${randomBytes(32).toString('base64')}`]),
);

function ringOf(...kids: string[]): LocalKeyRing {
  const read = readKeyRing(kids.map((kid) => entries[kid]).join(','));
  if ('problem' in read) throw new Error(read.problem);
  return new LocalKeyRing(read.keys, 'KEYS');
}

let nowMs: number;
let store: FakeDataKeyStore;
const clock = { now: () => nowMs, monotonicMs: () => nowMs };
const instance = (...kids: string[]): DataKeys => new DataKeys(ringOf(...kids), store, clock);

async function seal(keys: DataKeys, text: string, tenantId = 'acme'): Promise<Buffer> {
  return sealEnvelope(await keys.current(tenantId), place, Buffer.from(text));
}

async function open(keys: DataKeys, sealed: Buffer, tenantId = 'acme'): Promise<string> {
  return openEnvelope(await keys.find(tenantId, dataKeyIdOf(sealed)), place, sealed).toString();
}

beforeEach(() => {
  nowMs = Date.parse('2026-11-30T12:00:00Z');
  store = new FakeDataKeyStore(() => nowMs);
});

describe('data keys', () => {
  it('are one for each tenant, and shared by all instances', async () => {
    const [one, two] = [instance('k1'), instance('k1')];
    const sealed = await Promise.all([seal(one, 'a'), seal(two, 'b'), seal(one, 'c', 'globex')]);
    expect(store.rows.map(({ tenantId }) => tenantId).sort()).toEqual(['acme', 'globex']);
    expect(await open(two, sealed[0])).toBe('a');
    expect(await open(one, sealed[1])).toBe('b');
    await expect(open(one, sealed[2])).rejects.toThrow(UnreadableSecretError);
  });

  it('are read once, and again after 10 minutes [EK4]', async () => {
    const sealed = await seal(instance('k1'), 'a');
    const keys = instance('k1');
    store.reads = 0;
    await Promise.all(Array.from({ length: 20 }, () => open(keys, sealed)));
    expect(store.reads).toBe(1);
    nowMs += 10 * 60_000;
    await open(keys, sealed);
    expect(store.reads).toBe(2);
  });

  it('of 90 days encrypt nothing new and open the old [EK5]', async () => {
    const keys = instance('k1');
    const old = await seal(keys, 'old');
    nowMs += 90 * day;
    const fresh = await seal(keys, 'fresh');
    expect(dataKeyIdOf(fresh)).not.toBe(dataKeyIdOf(old));
    expect(await open(keys, old)).toBe('old');
    expect(await open(instance('k1'), fresh)).toBe('fresh');
  });
});

describe('the exchange of key-encryption keys', () => {
  it('leaves every secret readable for instances with the former and the new keys [EK1]', async () => {
    let [left, right] = [instance('k1'), instance('k1')];
    const sealed: Buffer[] = [];
    let tenants = 0;
    const traffic = async (): Promise<void> => {
      // A new tenant has a new data key, so both write and read keys that the other has just made.
      for (const [writer, reader] of [
        [left, right],
        [right, left],
      ] as const) {
        const tenantId = `t${(tenants += 1)}`;
        expect(await open(reader, await seal(writer, tenantId, tenantId), tenantId)).toBe(tenantId);
        sealed.push(await seal(writer, 'kept'));
      }
      await Promise.all([left.rewrap(), right.rewrap()]);
      for (const each of sealed)
        for (const keys of [left, right]) expect(await open(keys, each)).toBe('kept');
      // Nothing may come from the caches alone.
      for (const each of sealed)
        for (const kids of rings) expect(await open(instance(...kids), each)).toBe('kept');
    };
    let rings: string[][] = [['k1'], ['k1']];
    await traffic();
    for (const step of [['k2', 'k1'], ['k2']])
      for (const side of [0, 1]) {
        rings = rings.with(side, step);
        const restarted = instance(...step);
        await restarted.check();
        if (side === 0) left = restarted;
        else right = restarted;
        await traffic();
      }
    nowMs += 2 * day;
    expect((await left.rewrap()).dropped).toBeGreaterThan(0);
    for (const each of sealed) expect(await open(instance('k2'), each)).toBe('kept');
    await expect(open(instance('k1'), sealed[0] ?? Buffer.alloc(0))).rejects.toThrow(
      'KEYS has none of the keys k2',
    );
  });

  it('keeps forms that a newer instance made [EK2]', async () => {
    const former = instance('k1');
    const sealed = await seal(former, 'a');
    await instance('k2', 'k1').rewrap();
    nowMs += 7 * day;
    expect(await former.rewrap()).toEqual({ wrapped: 0, dropped: 0 });
    expect(await open(instance('k2'), sealed)).toBe('a');
  });

  it('is complete after one run', async () => {
    await seal(instance('k1'), 'a');
    const keys = instance('k2', 'k1');
    expect(await keys.rewrap()).toEqual({ wrapped: 1, dropped: 0 });
    expect(await keys.rewrap()).toEqual({ wrapped: 0, dropped: 0 });
  });
});

describe('the check before the start', () => {
  it('passes for an empty record and for the keys of the record', async () => {
    await instance('k1').check();
    await seal(instance('k1'), 'a');
    await instance('k1').check();
    await instance('k2', 'k1').check();
  });

  it('refuses keys without the one that the record needs, and names it [EK3]', async () => {
    await seal(instance('k1'), 'a');
    await expect(instance('k2').check()).rejects.toThrow(WrongKeysError);
    await expect(instance('k2').check()).rejects.toThrow(
      /1 data keys that only k1 can open; add that key to KEYS/,
    );
  });

  it('refuses another key under a known id, and names it [EK3]', async () => {
    await seal(instance('k1'), 'a');
    const wrong = readKeyRing(`k1:${randomBytes(32).toString('base64')}`);
    if ('problem' in wrong) throw new Error(wrong.problem);
    const keys = new DataKeys(new LocalKeyRing(wrong.keys, 'KEYS'), store, clock);
    await expect(keys.check()).rejects.toThrow(/the key k1 in KEYS is not the key/);
  });
});
