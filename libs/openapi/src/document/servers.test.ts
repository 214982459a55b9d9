import { isTrialUrl, serverUrl } from './servers.js';

const chosen = (...servers: (string | { url: string; description: string })[]): string | undefined =>
  serverUrl(
    { servers: servers.map((server) => (typeof server === 'string' ? { url: server } : server)) },
    undefined,
  );

describe('the server of a document', () => {
  it('is a production server before a sandbox, in any order', () => {
    expect(chosen('https://sandbox.acme.com', 'https://api.acme.com')).toBe('https://api.acme.com');
    expect(chosen('https://api-test.acme.com/v1', 'https://api.acme.com/v1')).toBe('https://api.acme.com/v1');
    expect(chosen({ url: 'https://a.acme.com', description: 'Staging' }, 'https://b.acme.com')).toBe(
      'https://b.acme.com',
    );
    expect(
      chosen({ url: 'https://a.acme.com', description: 'Production and test' }, 'https://b.acme.com'),
    ).toBe('https://a.acme.com');
  });

  it('is a sandbox with https before one without, if there are only sandboxes', () => {
    expect(chosen('http://api.acme.com', 'https://sandbox.acme.com')).toBe('https://sandbox.acme.com');
    expect(chosen('https://sandbox.acme.com')).toBe('https://sandbox.acme.com');
    expect(chosen()).toBeUndefined();
  });
});

describe('a sandbox address', () => {
  it.each([
    'https://sandbox.acme.com',
    'https://api-m.sandbox.acme.com/v2',
    'https://checkout-test.acme.com',
    'https://uat2.acme.com',
    'https://api.acme.com/sandbox/v1',
  ])('is %s', (url) => expect(isTrialUrl(url)).toBe(true));

  it.each([
    'https://api.acme.com',
    'https://dev.to/api',
    'https://api.acme.test/v1',
    'https://testing.com',
    'https://latest.acme.com',
    'https://contest.acme.com',
    'no address',
  ])('is not %s', (url) => expect(isTrialUrl(url)).toBe(false));
});
