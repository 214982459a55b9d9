import type { PublicJwk } from '@action-mesh/contracts/auth-broker';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWTPayload } from 'jose';

import { sampleTenant } from './identity-samples.fake.js';
import { IdentityDirectory } from './identity-directory.js';
import { isUserToken, userTokenAudience, UserTokens } from './user-tokens.js';

const nowMs = Date.parse('2026-06-01T00:00:00Z');
const now = nowMs / 1_000;
const issuer = 'https://login.acme.example';

let signing: CryptoKey;
let jwk: PublicJwk;
let strangers: CryptoKey;
let tokens: UserTokens;
let directory: IdentityDirectory;

beforeAll(async () => {
  const pair = await generateKeyPair('ES256');
  signing = pair.privateKey;
  strangers = (await generateKeyPair('ES256')).privateKey;
  jwk = { ...(await exportJWK(pair.publicKey)), kty: 'EC', alg: 'ES256', kid: 'k1' };
  directory = new IdentityDirectory('dev');
  directory.put(sampleTenant('acme', { issuers: [{ issuer, keys: [jwk] }] }));
  directory.put(sampleTenant('globex', { issuers: [{ issuer: 'https://globex.example', keys: [jwk] }] }));
  directory.complete();
  tokens = new UserTokens(directory);
});

const claims = { iss: issuer, aud: userTokenAudience('acme'), sub: 'ada', iat: now, exp: now + 300 };

function signed(more: JWTPayload = {}, key = signing, header: object = {}): Promise<string> {
  return new SignJWT({ ...claims, ...more })
    .setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header })
    .sign(key);
}

describe('a user token', () => {
  it('stands for its user alone', async () => {
    const token = await signed();
    expect(isUserToken(token)).toBe(true);
    const found = await tokens.authenticate(token, nowMs);
    expect(found).toMatchObject({
      ok: true,
      principal: { tenantId: 'acme', holder: 'ada', users: new Set(['ada']), keyId: undefined },
    });
  });

  it.each<[unknown, string[]]>([
    [undefined, ['calls:write', 'calls:read', 'tools:read', 'connections:read', 'connections:write']],
    ['calls:read', ['calls:read']],
    ['calls:read keys:admin tenants:admin', ['calls:read']],
    ['', []],
    [['calls:read'], []],
  ])('with the scope %j has the scopes %j', async (scope, expected) => {
    const found = await tokens.authenticate(await signed({ scope }), nowMs);
    expect(found.ok && [...found.principal.scopes]).toEqual(expected);
  });

  it.each<[string, JWTPayload]>([
    ['of another issuer', { iss: 'https://evil.example' }],
    ['for an unknown tenant', { aud: userTokenAudience('nobody') }],
    ['for another tenant, by the issuer of the first', { aud: userTokenAudience('globex') }],
    ['of a registered issuer of another tenant', { iss: 'https://globex.example' }],
    ['without a user', { sub: undefined } as unknown as JWTPayload],
    ['for an empty user', { sub: '' }],
    ['for a user with a control character', { sub: 'a\nb' }],
    ['for a user with half a character', { sub: 'a\ud800' }],
    ['with two days of life', { exp: now + 172_800 }],
    ['from the future', { iat: now + 120 }],
    ['that is not valid yet', { nbf: now + 120 }],
  ])('%s is refused (D5)', async (_what, more) => {
    expect(await tokens.authenticate(await signed(more), nowMs)).toEqual({ ok: false, fault: 'unknown' });
  });

  it.each([
    ['several audiences', { aud: [userTokenAudience('acme'), userTokenAudience('globex')] }],
    ['another audience', { aud: 'https://api.example' }],
    ['no audience', { aud: undefined }],
  ])('with %s is refused (D5)', async (_what, more) => {
    const token = await signed(more as JWTPayload);
    expect(await tokens.authenticate(token, nowMs)).toEqual({ ok: false, fault: 'damaged' });
  });

  it('is refused from its expiry on, with 30 s for other clocks (D5)', async () => {
    const token = await signed();
    expect((await tokens.authenticate(token, nowMs + 329_000)).ok).toBe(true);
    expect(await tokens.authenticate(token, nowMs + 331_000)).toEqual({ ok: false, fault: 'expired' });
  });

  it('of a stranger is refused, whatever key it names (D4)', async () => {
    for (const kid of ['k1', 'k2']) {
      const token = await signed({}, strangers, { kid });
      expect(await tokens.authenticate(token, nowMs)).toEqual({ ok: false, fault: 'unknown' });
    }
  });

  it('is not verified by a key or an address that it carries (D4)', async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    const own = await exportJWK(pair.publicKey);
    const token = await signed({}, pair.privateKey, { jwk: own, jku: 'https://evil.example/jwks.json' });
    expect(await tokens.authenticate(token, nowMs)).toEqual({ ok: false, fault: 'unknown' });
  });

  it('without a signature is refused (D4)', async () => {
    const token = new UnsecuredJWT(claims).encode();
    expect((await tokens.authenticate(token, nowMs)).ok).toBe(false);
  });

  it('with a symmetric signature by the public key is refused (D4)', async () => {
    const secret = new TextEncoder().encode(JSON.stringify(jwk));
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(secret);
    expect(await tokens.authenticate(token, nowMs)).toEqual({ ok: false, fault: 'unknown' });
  });

  it('with the algorithm of another key is refused (D4)', async () => {
    const rsa = await generateKeyPair('RS256');
    const token = await signed({}, rsa.privateKey, { alg: 'RS256' });
    expect(await tokens.authenticate(token, nowMs)).toEqual({ ok: false, fault: 'unknown' });
  });

  it('that was changed after its signature is refused (D4)', async () => {
    const [header, , signature] = (await signed()).split('.');
    const payload = Buffer.from(JSON.stringify({ ...claims, sub: 'root' })).toString('base64url');
    expect(await tokens.authenticate(`${header}.${payload}.${signature}`, nowMs)).toEqual({
      ok: false,
      fault: 'unknown',
    });
  });

  it('with the members of a prototype as claims is refused', async () => {
    const payload = Buffer.from('{"__proto__":{"aud":"urn:action-mesh:acme"},"iss":1}').toString('base64url');
    expect(await tokens.authenticate(`eyJhbGciOiJFUzI1NiJ9.${payload}.AA`, nowMs)).toEqual({
      ok: false,
      fault: 'damaged',
    });
  });

  it.each(['ey.', 'ey..', 'eyJ.eyJ.', `ey${'.'.repeat(9_000)}`, `ey.${'A'.repeat(1_000_000)}`])(
    'that is broken is refused in bounded work',
    async (text) => {
      expect(await tokens.authenticate(text, nowMs)).toEqual({ ok: false, fault: 'damaged' });
    },
  );

  it('of an issuer with a malformed key is refused (D4)', async () => {
    const other = new IdentityDirectory('dev');
    const malformed: PublicJwk = { kid: 'k1', kty: 'EC', alg: 'ES256', crv: 'P-256', x: 'AA', y: 'AA' };
    other.put(sampleTenant('acme', { issuers: [{ issuer, keys: [malformed] }] }));
    other.complete();
    expect(await new UserTokens(other).authenticate(await signed(), nowMs)).toEqual({
      ok: false,
      fault: 'unknown',
    });
  });

  it('of a withdrawn key is refused', async () => {
    const token = await signed();
    const other = new IdentityDirectory('dev');
    other.put(sampleTenant('acme', { issuers: [{ issuer, keys: [] }] }));
    other.complete();
    expect(await new UserTokens(other).authenticate(token, nowMs)).toEqual({ ok: false, fault: 'unknown' });
  });
});
