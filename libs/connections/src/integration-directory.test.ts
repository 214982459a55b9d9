import type { Integration } from '@action-mesh/contracts/auth-broker';

import { IntegrationDirectory } from './integration-directory.js';

function directoryOf(...integrations: Partial<Integration>[]): IntegrationDirectory {
  const directory = new IntegrationDirectory();
  for (const integration of integrations)
    directory.put({
      tenant_id: 'acme',
      integration: 'crm',
      provider: 'oauth2',
      serves: [],
      changed_at: '2026-11-30T09:00:00.000Z',
      hosts: ['api.crm.example'],
      ...integration,
    });
  return directory;
}

const tool = (slug: string, baseUrl = 'https://api.crm.example/v1') => ({
  provider: { slug, base_url: baseUrl },
});
const served = (directory: IntegrationDirectory, ...of: Parameters<typeof tool>): string | undefined =>
  directory.serving('acme', tool(...of))?.integration;

describe('the integration of a tool', () => {
  it('belongs to the tenant of the call [ID1]', () => {
    const directory = directoryOf({});
    expect(served(directory, 'crm')).toBe('crm');
    expect(directory.serving('globex', tool('crm'))).toBeUndefined();
    expect(directory.serving('acme/crm', tool('crm'))).toBeUndefined();
  });

  it('is found by the host of the tool, exact before pattern [ID2]', () => {
    const directory = directoryOf(
      { integration: 'any', hosts: ['*.crm.example'] },
      { integration: 'exact', hosts: ['api.crm.example'] },
    );
    expect(served(directory, 'crm')).toBe('exact');
    expect(served(directory, 'crm', 'https://eu.crm.example')).toBe('any');
    expect(served(directory, 'crm', 'https://crm.example')).toBeUndefined();
    expect(served(directory, 'crm', 'https://api.crm.example.evil.example')).toBeUndefined();
    expect(served(directory, 'crm', 'https://evilcrm.example')).toBeUndefined();
    expect(served(directory, 'crm', 'https://api.crm.example:8443')).toBeUndefined();
    expect(served(directory, 'crm', 'not a url')).toBeUndefined();
  });

  it('serves exactly the providers that it names [ID2]', () => {
    const directory = directoryOf({ integration: 'named', serves: ['mail'] });
    expect(served(directory, 'mail', 'https://elsewhere.example')).toBe('named');
    expect(served(directory, 'crm')).toBeUndefined();
    directory.put({
      tenant_id: 'acme',
      integration: 'hosts',
      provider: 'oauth2',
      serves: [],
      changed_at: '2026-11-30T09:00:00.000Z',
      hosts: ['api.crm.example'],
    });
    expect(served(directory, 'mail')).toBe('named');
    expect(served(directory, 'crm')).toBe('hosts');
  });

  it('does not depend on the order of records', () => {
    const [one, other] = [{ integration: 'a' }, { integration: 'b' }];
    expect(served(directoryOf(one, other), 'crm')).toBe('a');
    expect(served(directoryOf(other, one), 'crm')).toBe('a');
  });

  it('is gone after its tombstone', () => {
    const directory = directoryOf({});
    directory.remove('acme/crm');
    expect(served(directory, 'crm')).toBeUndefined();
    expect(directory.list('acme')).toEqual([]);
    directory.remove('nobody/nothing');
  });
});
