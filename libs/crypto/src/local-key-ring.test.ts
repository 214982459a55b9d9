import { randomBytes } from 'node:crypto';

import { UnreadableSecretError } from './crypto.errors.js';
import { LocalKeyRing, newRingEntry, readKeyRing, type RingKey } from './local-key-ring.js';

const entry = (kid: string): string => `${kid}:${randomBytes(32).toString('base64')}`;
const keysOf = (text: string): readonly RingKey[] => {
  const read = readKeyRing(text);
  if ('problem' in read) throw new Error(read.problem);
  return read.keys;
};
const place = { tenantId: 'acme', dataKeyId: '01998c50-0000-7a0b-8c0d-0e0f10111213' };

describe('readKeyRing', () => {
  it('reads entries between commas or on lines, the current key first', () => {
    const [one, two] = [entry('k1'), entry('k2')];
    expect(keysOf(`${two},${one}`).map(({ kid }) => kid)).toEqual(['k2', 'k1']);
    expect(keysOf(`${two}\n${one}\n`).map(({ kid }) => kid)).toEqual(['k2', 'k1']);
    expect(keysOf(newRingEntry(Date.now()))).toHaveLength(1);
  });

  it.each([
    ['nothing', ' '],
    ['no key id', randomBytes(32).toString('base64')],
    ['a short key', `k1:${randomBytes(31).toString('base64')}`],
    ['a damaged key', `${entry('k1').slice(0, -6)}*****=`],
    ['the same key id twice', `${entry('k1')},${entry('k1')}`],
    ['the same key twice', `k1:${'A'.repeat(43)}=,k2:${'A'.repeat(43)}=`],
  ])('refuses %s, and shows no part of it', (_, text) => {
    const read = readKeyRing(text);
    expect(read).toMatchObject({ problem: expect.any(String) as unknown });
    const [, secret = 'no secret'] = text.split(':');
    expect(JSON.stringify(read)).not.toContain(secret.slice(0, 12));
  });
});

describe('a local key ring', () => {
  const [k1, k2] = [entry('k1'), entry('k2')];
  const former = new LocalKeyRing(keysOf(k1), 'KEYS');
  const both = new LocalKeyRing(keysOf(`${k2},${k1}`), 'KEYS');
  const latter = new LocalKeyRing(keysOf(k2), 'KEYS');

  it('wraps for every key of the ring, so instances with one of them read it [EK1]', async () => {
    const key = randomBytes(32);
    const wraps = await both.wrap(place, key);
    expect(wraps.map(({ kid }) => kid)).toEqual(['k1', 'k2']);
    for (const [ring, kid] of [
      [former, 'k1'],
      [latter, 'k2'],
    ] as const) {
      const wrap = wraps.find((each) => each.kid === kid);
      if (wrap === undefined) throw new Error('no wrap');
      expect(await ring.unwrap(place, wrap)).toEqual(key);
    }
  });

  it('does not unwrap for another tenant, another data key, or without the key', async () => {
    const [wrap] = await former.wrap(place, randomBytes(32));
    if (wrap === undefined) throw new Error('no wrap');
    await expect(former.unwrap({ ...place, tenantId: 'globex' }, wrap)).rejects.toThrow(
      UnreadableSecretError,
    );
    await expect(
      former.unwrap({ ...place, dataKeyId: '01998c50-0000-7a0b-8c0d-0e0f10111214' }, wrap),
    ).rejects.toThrow(UnreadableSecretError);
    await expect(latter.unwrap(place, wrap)).rejects.toThrow('KEYS has no key k1');
  });
});
