import { roleScopes } from '@action-mesh/contracts/auth-broker';
import { keyDigest, newKeyText, readKeyText } from '@action-mesh/identity';

import type { BootstrapKey } from './adopt-bootstrap-keys.js';
import { fakeAdministration, platform } from './administration.fake.js';

function bootstrapKey(use: 'api' | 'publisher' = 'api'): BootstrapKey {
  const text = newKeyText(use, 'dev');
  const id = readKeyText(text)?.id ?? '';
  return { variable: 'A_VARIABLE', use, id, environment: 'dev', digest: keyDigest(text) };
}

describe('AdoptBootstrapKeys', () => {
  it('makes the tenant and the keys exist, once', async () => {
    const { adoptBootstrapKeys, tenants, keys } = fakeAdministration();
    tenants.tenants.clear();
    const given = [bootstrapKey(), bootstrapKey('publisher')];
    const [key, token] = given;
    expect(await adoptBootstrapKeys.run(given)).toMatchObject([{ state: 'created' }, { state: 'created' }]);
    expect(await adoptBootstrapKeys.run(given)).toMatchObject([{ state: 'kept' }, { state: 'kept' }]);
    expect([...tenants.tenants.keys()]).toEqual(['default']);
    expect([...keys.keys.values()].map(({ role, identity }) => ({ role, identity }))).toMatchObject([
      {
        role: 'platform',
        identity: { id: key?.id, tenant_id: 'default', holder: 'platform', scopes: roleScopes.platform },
      },
      { role: 'agent', identity: { id: token?.id, tenant_id: 'default', scopes: ['calls:write'] } },
    ]);
  });

  it('revokes the key that the variable held before', async () => {
    const { adoptBootstrapKeys, keys } = fakeAdministration();
    const [old, token, fresh] = [bootstrapKey(), bootstrapKey('publisher'), bootstrapKey()];
    await adoptBootstrapKeys.run([old, token]);
    expect(await adoptBootstrapKeys.run([fresh])).toMatchObject([{ state: 'created', revoked: [old.id] }]);
    expect(keys.known(0).map(({ identity }) => identity.id)).toEqual([token.id, fresh.id]);
  });

  it('never revives a revoked key, and revokes none for it (AB9)', async () => {
    const { adoptBootstrapKeys, revokeKey, keys } = fakeAdministration();
    const [old, fresh] = [bootstrapKey(), bootstrapKey()];
    await adoptBootstrapKeys.run([old]);
    await adoptBootstrapKeys.run([fresh]);
    // An instance with the former variable starts once more.
    expect(await adoptBootstrapKeys.run([old])).toMatchObject([{ state: 'ended', revoked: [] }]);
    expect(keys.known(0).map(({ identity }) => identity.id)).toEqual([fresh.id]);
    await revokeKey.run(platform, 'default', fresh.id);
    expect(await adoptBootstrapKeys.run([fresh])).toMatchObject([{ state: 'ended' }]);
    expect(keys.known(0)).toEqual([]);
  });

  it('refuses the id of another key, and names the variable alone', async () => {
    const { adoptBootstrapKeys } = fakeAdministration();
    const first = bootstrapKey();
    await adoptBootstrapKeys.run([first]);
    const forged = { ...bootstrapKey(), id: first.id };
    await expect(adoptBootstrapKeys.run([forged])).rejects.toThrow(/^A_VARIABLE has the id of another key/);
  });
});
