import { importCommand } from './options.js';

const allowed = (source: string, environment: Readonly<Record<string, string>> = {}): unknown => {
  const command = importCommand([source, '--dry-run'], environment);
  return command.kind === 'import' ? command.egressAllow : undefined;
};

describe('the addresses that an import may fetch beyond the public internet', () => {
  it('contain the host and port of a document on this machine that the caller names', () => {
    expect(allowed('http://localhost:3000/openapi.json')).toEqual(['localhost:3000']);
    expect(allowed('http://127.0.0.1/openapi.json')).toEqual(['127.0.0.1:80']);
    expect(allowed('https://[::1]:8443/x')).toEqual(['[::1]:8443']);
  });

  it('are empty for other hosts, a file, or a name that only looks like this machine', () => {
    for (const source of [
      'https://api.example.com/x',
      'http://10.0.0.1/x',
      './localhost.json',
      'http://localhost.example.com/x',
      'http://127.0.0.1.example.com/x',
      'http://169.254.169.254/latest',
    ])
      expect(allowed(source)).toEqual([]);
  });

  it('contain the entries of EGRESS_ALLOW', () => {
    expect(allowed('http://10.0.0.1/x', { EGRESS_ALLOW: ' 10.0.0.0/8:80, ' })).toEqual(['10.0.0.0/8:80']);
  });
});
