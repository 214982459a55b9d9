import { defined } from '@action-mesh/kernel';

import { credentialOf } from './share-key.js';

const call = (tenant_id: string, user_id: string, connection_id?: string) => ({
  tenant_id,
  user_id,
  ...defined({ connection_id }),
});

describe('the credential that counts a call', () => {
  it('consists of tenant, user and provider', () => {
    expect(credentialOf(call('acme', 'ada'), 'slack')).toBe('acme/ada/slack');
  });

  it('is the same for all users of a tenant when the static credential goes with their requests', () => {
    const shared = credentialOf(call('acme', 'ada'), 'slack', true);
    expect(shared).toBe('acme/credential:slack');
    expect(credentialOf(call('acme', 'bob', 'crm'), 'slack', true)).toBe(shared);
    expect(credentialOf(call('globex', 'ada'), 'slack', true)).not.toBe(shared);
    expect(credentialOf(call('acme', 'ada'), 'github', true)).not.toBe(shared);
  });

  it.each([
    [call('acme', 'credential:slack'), call('acme', 'ada', 'credential:slack')],
    [call('a', 'b/c'), call('a/b', 'c')],
    [call('a', 'b%2Fc'), call('a', 'b/c')],
    [call('acme', 'ada'), call('globex', 'eve', 'acme/ada/slack')],
    [call('acme', 'ada', 'crm'), call('globex', 'ada', 'crm')],
    [call('acme', 'connection:crm'), call('acme', 'ada', 'crm')],
  ])('is never that of another tenant or user: %j and %j', (left, right) => {
    expect(credentialOf(left, 'slack')).not.toBe(credentialOf(right, 'slack'));
  });
});
