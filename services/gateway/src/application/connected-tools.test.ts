import { IntegrationDirectory } from '@action-mesh/connections';
import { samplePrincipal } from '@action-mesh/identity/testing';
import { sampleTool } from '@action-mesh/testing';

import { FakeAuthBrokerClient } from './auth-broker-client.fake.js';
import type { CallVisibility } from './call-visibility.js';
import { ConnectedTools } from './connected-tools.js';

const visibility: Pick<CallVisibility, 'narrow'> = { narrow: (_caller, query) => query };
const caller = samplePrincipal({ tenantId: 'acme' });
const oauth = (...scopes: string[]) => [[{ scheme: 'o', kind: 'oauth2' as const, scopes }]];
const tool = (slug: string, baseUrl: string, security: ReturnType<typeof oauth> = oauth()) =>
  sampleTool({ slug, security, provider: { slug: 'p', base_url: baseUrl } });

function stage(connections: readonly unknown[]): { broker: FakeAuthBrokerClient; connected: ConnectedTools } {
  const integrations = new IntegrationDirectory();
  integrations.put({
    tenant_id: 'acme',
    integration: 'github',
    provider: 'github',
    serves: [],
    changed_at: '2026-11-30T09:00:00.000Z',
    hosts: ['api.github.com'],
  });
  const broker = new FakeAuthBrokerClient();
  broker.answer = { status: 200, body: { connections } };
  return { broker, connected: new ConnectedTools(broker, integrations, visibility) };
}

describe('the tools that a user can run', () => {
  it.each([
    ['a tool of a connected integration', oauth('repo'), 'https://api.github.com', ['repo'], true],
    ['a tool whose scopes are not granted', oauth('admin'), 'https://api.github.com', ['repo'], false],
    [
      'a tool of a provider without reported scopes',
      oauth('admin'),
      'https://api.github.com',
      undefined,
      true,
    ],
    ['a tool without an integration', oauth(), 'https://api.other.example', ['repo'], false],
    ['an open tool without an integration', [], 'https://api.other.example', ['repo'], true],
  ])('%s', async (_, security, baseUrl, scopes, expected) => {
    const { broker, connected } = stage([{ integration: 'github', ...(scopes && { scopes }) }]);
    const one = tool('one', baseUrl, security);
    expect((await connected.filter(caller, 'ada', true))(one)).toBe(expected);
    expect((await connected.filter(caller, 'ada', false))(one)).toBe(!expected);
    expect(broker.requests[0]).toMatchObject({ path: ['connections', 'usable'], query: { user_id: 'ada' } });
  });

  it('are none of an integration without a connection', async () => {
    const { connected } = stage([]);
    const one = tool('one', 'https://api.github.com', oauth());
    expect((await connected.filter(caller, 'ada', true))(one)).toBe(false);
  });

  it('need a user', async () => {
    const { broker, connected } = stage([]);
    await expect(connected.filter(caller, undefined, true)).rejects.toThrow('names none');
    expect(broker.requests).toEqual([]);
  });
});
