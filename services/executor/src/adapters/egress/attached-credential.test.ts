import type { Attempt, Egress, EgressRequest } from '@action-mesh/egress';

import { findCredential } from '../../domain/static-credential.js';
import { readStaticCredentials } from '../../static-credentials.js';
import { EgressProvider } from './egress-provider.js';

const request = { method: 'POST', url: 'https://api.example/x?q=a%20b,c', headers: { accept: 'text/plain' } };

async function send(
  credential: string,
  { url = request.url, headers = request.headers, provider = 'acme', body = '', answered = {} } = {},
) {
  const { credentials, problems } = readStaticCredentials({ CREDENTIAL_ACME: credential });
  expect(problems).toEqual([]);
  const seen: EgressRequest[] = [];
  const attempt: Attempt = {
    kind: 'response',
    status: 200,
    headers: { 'content-type': 'text/plain', ...answered },
    body: Buffer.from(body),
    bodyComplete: true,
    truncated: false,
    durationMs: 1,
  };
  const egress = {
    request: (sent: EgressRequest) => {
      seen.push(sent);
      return Promise.resolve(attempt);
    },
  } as unknown as Egress;
  const attempted = await new EgressProvider(egress, findCredential(credentials)).send(
    { ...request, url, headers },
    {
      provider,
      maxResponseBytes: 262_144,
      deadlineMs: 1_000,
      signal: new AbortController().signal,
      mode: 'live' as const,
      mayStart: () => true,
    },
  );
  return { sent: seen[0], text: JSON.stringify(attempted) };
}

describe('a request to the provider of a static credential', () => {
  it.each([
    ['bearer:canary-token', { accept: 'text/plain', authorization: 'Bearer canary-token' }, request.url],
    ['basic:ada:canary', { accept: 'text/plain', authorization: 'Basic YWRhOmNhbmFyeQ==' }, request.url],
    ['header:X-Key:canary', { accept: 'text/plain', 'x-key': 'canary' }, request.url],
    ['query:k$e:ca&nary', { accept: 'text/plain' }, `${request.url}&k%24e=ca%26nary`],
  ])('carries %s, and leaves everything else unchanged', async (credential, headers, url) => {
    expect((await send(`https://api.example ${credential}`)).sent).toMatchObject({ headers, url });
  });

  it('replaces a value of the caller by the credential', async () => {
    const inHeader = await send('https://api.example header:x-key:canary', {
      headers: { 'X-Key': 'mine' } as never,
    });
    expect(inHeader.sent?.headers).toEqual({ 'x-key': 'canary' });
    const inQuery = await send('https://api.example query:key:canary', {
      url: 'https://api.example/?k%65y=mine&a=1',
    });
    expect(inQuery.sent?.url).toBe('https://api.example/?a=1&key=canary');
  });

  it.each([
    ['another host', { url: 'https://evil.example/x' }],
    ['another port', { url: 'https://api.example:8443/x' }],
    ['another scheme', { url: 'http://api.example/x' }],
    ['another provider', { provider: 'globex' }],
  ])('carries no credential to %s', async (_, change) => {
    expect(JSON.stringify(await send('https://api.example bearer:canary-token', change))).not.toContain(
      'canary',
    );
  });
});

describe('an answer that repeats the credential', () => {
  it.each([
    [
      'a token',
      'bearer:canary/token',
      '{"a":"Bearer canary/token","b":"canary\\/token","c":"canary%2Ftoken"}',
    ],
    ['a password', 'basic:ada:canary', 'YWRhOmNhbmFyeQ== is ada:canary'],
    ['a key without a password', 'basic:canary:', 'Y2FuYXJ5Og== is canary:'],
    ['a parameter', 'query:key:canary"&', 'key=canary%22%26 {"key":"canary\\"&"}'],
  ])('has a mask in its place: %s', async (_, credential, body) => {
    const { text } = await send(`https://api.example ${credential}`, { body });
    expect(text).toContain('[credential]');
    expect(text).not.toMatch(/canary|YWRhOmN|Y2FuYXJ5/);
  });

  it('has a mask in headers too', async () => {
    const answered = { 'content-type': 'text/canary-token', location: 'https://api.example/canary-token' };
    const { text } = await send('https://api.example bearer:canary-token', { answered, body: 'x' });
    expect(text).not.toContain('canary');
  });

  it('keeps every other byte', async () => {
    const { text } = await send('https://api.example bearer:canary-token', { body: 'ä canary-token ö 😀' });
    expect(text).toContain('ä [credential] ö 😀');
  });
});
