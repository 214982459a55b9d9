import { identityKey, type KeyIdentity } from '@action-mesh/contracts/auth-broker';

import { sampleKey, sampleSwitch, sampleTenant } from './identity-samples.fake.js';
import { IdentityDirectory } from './identity-directory.js';
import { newKeyText } from './key-text.js';

const nowMs = Date.parse('2026-06-01T00:00:00Z');

function directoryWith(more: Partial<KeyIdentity> = {}): { directory: IdentityDirectory; key: string } {
  const directory = new IdentityDirectory('dev');
  const { key, identity } = sampleKey('acme', more);
  directory.put(sampleTenant('acme'));
  directory.put(identity);
  directory.complete();
  return { directory, key };
}

describe('the directory of identities', () => {
  it('knows the holder of a key, with its tenant and rights', () => {
    const { directory, key } = directoryWith({ tools: ['crm_*'], users: ['ada'] });
    expect(directory.authenticate(key, 'api', nowMs)).toMatchObject({
      ok: true,
      principal: { tenantId: 'acme', holder: 'ada', scopes: new Set(['calls:write', 'calls:read']) },
    });
  });

  it('authenticates nobody before the topic was read once (D1)', () => {
    const directory = new IdentityDirectory('dev');
    const { key, identity } = sampleKey('acme');
    directory.put(sampleTenant('acme'));
    directory.put(identity);
    expect(directory.authenticate(key, 'api', nowMs)).toEqual({ ok: false, fault: 'not_ready' });
  });

  it.each<[string, string, (key: string) => string | undefined]>([
    ['missing', 'no key', () => undefined],
    ['missing', 'an empty key', () => ''],
    ['damaged', 'a truncated key', (key) => key.slice(0, -3)],
    ['wrong_use', 'a publisher token', () => newKeyText('publisher', 'dev')],
    ['wrong_environment', 'a key of another environment', () => newKeyText('api', 'live')],
    ['unknown', 'an unknown key', () => newKeyText('api', 'dev')],
  ])('refuses as %s %s (D2)', (fault, _what, change) => {
    const { directory, key } = directoryWith();
    expect(directory.authenticate(change(key), 'api', nowMs)).toEqual({ ok: false, fault });
  });

  it('refuses a key with the id of another and a secret of its own (D2)', () => {
    const { directory } = directoryWith();
    const { key: other, identity } = sampleKey('acme');
    directory.put({ ...identity, digest: '0'.repeat(64) });
    expect(directory.authenticate(other, 'api', nowMs)).toEqual({ ok: false, fault: 'unknown' });
  });

  it('refuses a key from its expiry on (D2)', () => {
    const { directory, key } = directoryWith({ expires_at: '2026-06-01T00:00:00.000Z' });
    expect(directory.authenticate(key, 'api', nowMs - 1).ok).toBe(true);
    expect(directory.authenticate(key, 'api', nowMs)).toEqual({ ok: false, fault: 'expired' });
  });

  it('refuses a revoked key, and every key of a deleted tenant (D2)', () => {
    const { directory, key } = directoryWith();
    directory.remove('tenant/acme');
    expect(directory.authenticate(key, 'api', nowMs)).toEqual({ ok: false, fault: 'unknown' });
    directory.put(sampleTenant('acme'));
    expect(directory.authenticate(key, 'api', nowMs).ok).toBe(true);
    directory.remove(identityKey({ kind: 'key', id: key.split('_')[2] ?? '' }));
    expect(directory.authenticate(key, 'api', nowMs)).toEqual({ ok: false, fault: 'unknown' });
  });

  it('opens a door for publisher tokens with no key of the API', () => {
    const { directory, key } = directoryWith();
    expect(directory.authenticate(key, 'publisher', nowMs)).toEqual({ ok: false, fault: 'wrong_use' });
  });

  it('follows kill switches', () => {
    const { directory } = directoryWith();
    const on = sampleSwitch({ type: 'user', value: 'ada' });
    directory.put(on);
    expect(directory.switches.all()).toEqual([on]);
    directory.remove(identityKey(on));
    expect(directory.switches.all()).toEqual([]);
  });

  it('spends about as long on an unknown key as on a wrong secret (D3)', () => {
    const { directory, key } = directoryWith();
    const wrong = sampleKey('acme');
    directory.put({ ...wrong.identity, digest: '0'.repeat(64) });
    const unknown = newKeyText('api', 'dev');
    const timed = (text: string): number => {
      const times = Array.from({ length: 41 }, () => {
        const before = process.hrtime.bigint();
        for (let round = 0; round < 200; round += 1) directory.authenticate(text, 'api', nowMs);
        return Number(process.hrtime.bigint() - before);
      });
      return times.sort((a, b) => a - b)[20] ?? 0;
    };
    timed(key);
    timed(unknown);
    const ratio = timed(unknown) / timed(wrong.key);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });
});
