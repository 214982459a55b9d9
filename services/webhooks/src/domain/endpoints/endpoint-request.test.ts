import { missingEntry } from '@action-mesh/egress';

import { readEndpoint } from './endpoint-request.js';

const read = (given: unknown) => readEndpoint(given, (url) => missingEntry(url, ['hooks.internal:8443']));

describe('the request for an endpoint', () => {
  it.each(['https://example.com/hooks?team=1', 'https://hooks.internal:8443/'])('takes %s', (url) => {
    const filter = { users: ['ada'], tools: ['slack_*', 'crm_find'], statuses: ['failed' as const] };
    expect(read({ url, description: 'alerts', filter })).toEqual({ url, description: 'alerts', filter });
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, '/url'],
    ['another scheme', { url: 'ftp://example.com' }, '/url must be an http or https URL'],
    ['no address', { url: 'example.com' }, '/url'],
    ['a loopback address', { url: 'https://127.0.0.1/' }, 'EGRESS_ALLOW=127.0.0.1:443'],
    ['a metadata address', { url: 'http://169.254.169.254/latest' }, 'EGRESS_ALLOW=169.254.169.254:80'],
    ['plain http', { url: 'http://example.com/' }, 'EGRESS_ALLOW=example.com:80'],
    ['localhost', { url: 'https://localhost/' }, 'EGRESS_ALLOW'],
    ['credentials', { url: 'https://ada:secret@example.com/' }, 'no user and no password'],
    ['a fragment', { url: 'https://example.com/#a' }, 'no fragment'],
    ['a long URL', { url: `https://example.com/${'a'.repeat(2_000)}` }, '/url'],
    [
      'an unknown status',
      { url: 'https://example.com/', filter: { statuses: ['lost'] } },
      '/filter/statuses',
    ],
    [
      'a pattern with two stars',
      { url: 'https://example.com/', filter: { tools: ['*_*'] } },
      '/filter/tools',
    ],
    ['an empty filter list', { url: 'https://example.com/', filter: { users: [] } }, '/filter/users'],
    ['a secret of its choice', { url: 'https://example.com/', secret: 'whsec_x' }, 'secret'],
  ])('refuses %s', (_, given, message) => {
    expect(() => read(given)).toThrow(message);
    try {
      read(given);
    } catch (error) {
      expect(String(error)).not.toContain('ada:secret');
    }
  });
});
