import { hostileUrls } from '../test/hostile-urls.js';
import { EgressPolicyError } from './egress.errors.js';
import { EgressFilter } from './egress-filter.js';

const codeOf = (filter: EgressFilter, url: string): string => {
  const checked = filter.check(url);
  return checked.kind === 'not_sent' ? checked.code : 'passed';
};
/** The code that a name gets if it resolves to this address. */
const admits = (filter: EgressFilter, address: string, url = 'https://api.example.com/'): string => {
  const { protocol, hostname, port } = new URL(url);
  return filter.admit(address, filter.rulesFor(protocol, hostname, port))?.code ?? 'passed';
};

describe('the egress filter, by default', () => {
  const filter = new EgressFilter({});

  const corpus = Object.entries(hostileUrls).flatMap(([code, urls]) =>
    urls.map((url) => [code, url] as const),
  );
  it('has a large enough corpus', () => {
    expect(corpus.length).toBeGreaterThan(130);
  });
  it.each(corpus)('refuses with %s: %j', (code, url) => {
    expect(codeOf(filter, url)).toBe(code);
  });

  it.each([
    ['https://example.com/', 'https://example.com', '/'],
    ['https://example.com:443/a?b=c#d', 'https://example.com', '/a?b=c'],
    ['https://EXAMPLE.com:80/', 'https://example.com:80', '/'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example', '/'],
    ['https://8.8.8.8/', 'https://8.8.8.8', '/'],
    ['https://[2606:4700::1111]/', 'https://[2606:4700::1111]', '/'],
    ['https://example.com/a@b', 'https://example.com', '/a@b'],
  ])('lets %s through', (url, origin, path) => {
    expect(filter.check(url)).toEqual({ kind: 'destination', origin, path });
  });

  it('checks the addresses behind a name like literals', () => {
    expect(admits(filter, '93.184.216.34')).toBe('passed');
    for (const address of [
      '127.0.0.1',
      '10.1.1.1',
      '169.254.169.254',
      '::1',
      '::ffff:8.8.8.8',
      'fe80::1%eth0',
      '',
    ]) {
      expect([address, admits(filter, address)]).toEqual([address, 'EGRESS_DENIED_ADDRESS']);
    }
  });

  it('hides its findings from the caller', () => {
    const refusals = ['https://10.1.2.3/', 'ftp://internal/', 'https://u:secret@example.com/'].map((url) =>
      filter.check(url),
    );
    const messages = new Set(refusals.map((refusal) => 'message' in refusal && refusal.message));
    expect(messages.size).toBe(1);
    expect(refusals[0]).toMatchObject({
      reason: 'denied',
      retryable: false,
      detail: expect.stringContaining('private') as unknown,
    });
    expect(JSON.stringify(refusals)).not.toContain('secret');
  });
});

describe('the egress filter, with a list', () => {
  const filter = new EgressFilter({
    allow: [
      '127.0.0.1:8080',
      'gitlab.internal',
      'jira.internal:8443',
      '10.0.0.0/8',
      '[::1]:9000',
      'fd00::/8',
    ],
  });

  it.each([
    ['http://127.0.0.1:8080/', 'passed'],
    ['http://127.0.0.1:8081/', 'EGRESS_DENIED_ADDRESS'],
    ['http://127.0.0.1/', 'EGRESS_DENIED_ADDRESS'],
    ['http://gitlab.internal/', 'passed'],
    ['https://gitlab.internal/', 'passed'],
    ['https://10.20.30.40/', 'passed'],
    ['http://10.20.30.40/', 'passed'],
    ['https://10.20.30.40:8080/', 'EGRESS_DENIED_ADDRESS'],
    ['https://jira.internal:8443/', 'passed'],
    ['http://[::1]:9000/', 'passed'],
    ['http://[::1]/', 'EGRESS_DENIED_ADDRESS'],
    ['https://[fd12::1]/', 'passed'],
    ['https://[::ffff:10.0.0.1]/', 'EGRESS_DENIED_ADDRESS'],
  ])('%s: %s', (url, checked) => {
    expect(codeOf(filter, url)).toBe(checked);
  });

  it('lets a listed name be private, but never link-local', () => {
    expect(admits(filter, '192.168.7.7', 'https://gitlab.internal/')).toBe('passed');
    expect(admits(filter, '169.254.169.254', 'https://gitlab.internal/')).toBe('EGRESS_DENIED_ADDRESS');
    expect(admits(filter, '0.0.0.0', 'https://gitlab.internal/')).toBe('EGRESS_DENIED_ADDRESS');
  });

  it('lets any name resolve into a listed network, and allows http only there', () => {
    expect(codeOf(filter, 'http://wiki.corp.example/')).toBe('passed');
    expect(admits(filter, '10.9.9.9', 'http://wiki.corp.example/')).toBe('passed');
    expect(admits(filter, '93.184.216.34', 'http://wiki.corp.example/')).toBe('EGRESS_DENIED_SCHEME');
    expect(admits(filter, '93.184.216.34', 'https://wiki.corp.example:9999/')).toBe('EGRESS_DENIED_PORT');
    expect(admits(filter, '192.168.1.1', 'https://wiki.corp.example/')).toBe('EGRESS_DENIED_ADDRESS');
  });

  it('allows http everywhere or nowhere by its setting', () => {
    expect(codeOf(new EgressFilter({ http: 'always' }), 'http://example.com/')).toBe('passed');
    expect(codeOf(new EgressFilter({ http: 'never', allow: ['10.0.0.0/8'] }), 'http://10.0.0.1/')).toBe(
      'EGRESS_DENIED_SCHEME',
    );
  });

  it('names every entry that it cannot read', () => {
    const build = (): EgressFilter =>
      new EgressFilter({ allow: ['10.0.0.0/33', 'a b', '127.0.0.1:0', '1.2.3', 'http://x', 'ok.example'] });
    expect(build).toThrow(EgressPolicyError);
    expect(build).toThrow('cannot read allow-list entries: 10.0.0.0/33, a b, 127.0.0.1:0, 1.2.3, http://x');
  });
});
