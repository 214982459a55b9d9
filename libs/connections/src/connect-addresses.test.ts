import { longestConnectLink, readConnectLink, signConnectLink } from './connect-link.js';
import { isConnectToken, newConnectToken } from './connect-token.js';
import { purposeKey } from './token-request.js';

const serviceKey = 'k'.repeat(48);
const tokenKey = purposeKey(serviceKey, 'connect-token');
const linkKey = purposeKey(serviceKey, 'connect-link');
const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 10, 30, 10);
const wanted = { tenant_id: 'acme', user_id: 'ada', integration: 'github', scopes: ['repo'] };

describe('a connect token', () => {
  it('is known for its own kind, to every service with the same key', () => {
    const token = newConnectToken(tokenKey, 'session');
    expect(isConnectToken(purposeKey(serviceKey, 'connect-token'), 'session', token)).toBe(true);
    expect(isConnectToken(tokenKey, 'state', token)).toBe(false);
    expect(isConnectToken(purposeKey('x'.repeat(48), 'connect-token'), 'session', token)).toBe(false);
    expect(newConnectToken(tokenKey, 'session')).not.toBe(token);
  });

  it('is refused when a character is changed, missing or added', () => {
    const token = newConnectToken(tokenKey, 'session');
    for (let at = 0; at < token.length; at += 1) {
      const other = token[at] === 'A' ? 'B' : 'A';
      expect(isConnectToken(tokenKey, 'session', token.slice(0, at) + other + token.slice(at + 1))).toBe(
        false,
      );
    }
    for (const text of ['', token.slice(1), `${token}A`, `${token}\n`, 'é'.repeat(54)])
      expect(isConnectToken(tokenKey, 'session', text)).toBe(false);
  });
});

describe('a connect link', () => {
  it('holds the wanted connection, and is equal for a whole day', () => {
    const token = signConnectLink(linkKey, wanted, nowMs);
    expect(readConnectLink(linkKey, token, nowMs)).toEqual(wanted);
    expect(signConnectLink(linkKey, wanted, nowMs + dayMs / 4)).toBe(token);
    expect(signConnectLink(linkKey, wanted, nowMs + dayMs)).not.toBe(token);
  });

  it('is valid for seven days', () => {
    const token = signConnectLink(linkKey, wanted, nowMs);
    expect(readConnectLink(linkKey, token, nowMs + 7 * dayMs)).toEqual(wanted);
    expect(readConnectLink(linkKey, token, nowMs + 8 * dayMs)).toBe('expired');
  });

  it('is refused with another user, another key or another form', () => {
    const token = signConnectLink(linkKey, wanted, nowMs);
    const [, tag = ''] = token.split('.');
    const forged = Buffer.from(JSON.stringify({ ...wanted, user_id: 'bob', until: nowMs + dayMs }));
    for (const text of [`${forged.toString('base64url')}.${tag}`, token.slice(0, -1), '', '.', `${token}.`])
      expect(readConnectLink(linkKey, text, nowMs)).toBe('invalid');
    expect(readConnectLink(tokenKey, token, nowMs)).toBe('invalid');
  });

  it('leaves out scopes that would make it too long for an address', () => {
    const scopes = Array.from({ length: 100 }, (_, index) => `https://example.com/auth/scope-${index}`);
    const name = 'ü'.repeat(200);
    const token = signConnectLink(linkKey, { ...wanted, user_id: name, scopes }, nowMs);
    expect(token.length).toBeLessThanOrEqual(longestConnectLink);
    expect(readConnectLink(linkKey, token, nowMs)).toEqual({
      tenant_id: 'acme',
      user_id: name,
      integration: 'github',
    });
  });

  it('leaves out scopes of a number or a length that no link may hold', () => {
    const { scopes: _, ...rest } = wanted;
    for (const scopes of [Array.from({ length: 201 }, (_each, n) => `s${n}`), ['s'.repeat(301)]]) {
      const token = signConnectLink(linkKey, { ...wanted, scopes }, nowMs);
      expect(readConnectLink(linkKey, token, nowMs)).toEqual(rest);
    }
  });
});
