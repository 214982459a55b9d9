import type { DeclaredTrigger } from '@action-mesh/contracts/webhooks';
import { newId } from '@action-mesh/kernel';

import { keyOfSecret, newTriggerSecret, SealedTriggerSecrets, TriggerDirectory } from './index.js';

const sealed = new SealedTriggerSecrets('k'.repeat(48));
const secrets = [{ secret: 'a secret of a tenant' }, { secret: 'the former one', expiresAtMs: 5 }];

function declared(more: Partial<DeclaredTrigger> = {}): DeclaredTrigger {
  const place = { tenant_id: 'acme', trigger: 'lead', revision: newId() };
  return { ...place, scheme: 'github', sealed_secrets: sealed.seal(place, secrets), ...more };
}

describe('the directory of triggers', () => {
  it('opens secrets, and forgets a trigger', () => {
    const directory = new TriggerDirectory(sealed);
    directory.put(declared());
    expect(directory.find('acme', 'lead')?.secrets).toEqual(secrets);
    expect(directory.find('globex', 'lead')).toBeUndefined();
    directory.remove('acme/lead');
    expect(directory.find('acme', 'lead')).toBeUndefined();
  });

  it('closes a trigger whose secrets were sealed for another place, or with another service key (SX1)', () => {
    const directory = new TriggerDirectory(sealed);
    const foreign = declared();
    for (const moved of [
      { ...foreign, tenant_id: 'globex' },
      { ...foreign, trigger: 'other' },
      { ...foreign, revision: newId() },
      declared({ sealed_secrets: new SealedTriggerSecrets('x'.repeat(48)).seal(foreign, secrets) }),
    ]) {
      expect(() => directory.put(moved)).toThrow(/altered, moved|another data key/);
      expect(directory.find(moved.tenant_id, moved.trigger)?.secrets).toEqual([]);
    }
  });

  it('seals nothing in clear', () => {
    expect(Buffer.from(declared().sealed_secrets ?? '', 'base64').toString('latin1')).not.toContain('secret');
  });
});

describe('the secrets of schemes', () => {
  it('are made where the sender takes any', () => {
    const made = newTriggerSecret('standard_webhooks') ?? '';
    expect(keyOfSecret('standard_webhooks', made)).toHaveLength(32);
    expect(newTriggerSecret('github')).toHaveLength(64);
    expect(newTriggerSecret('stripe')).toBeUndefined();
  });

  it.each(['whsec_', 'whsec_abc', 'not base64 at all!', ''])(
    'refuse "%s" for Standard Webhooks',
    (secret) => {
      expect(keyOfSecret('standard_webhooks', secret)).toBeUndefined();
    },
  );
});
