import { callerHeaders, readCallerHeaders, type InternalCaller } from './caller-headers.js';

const caller = (changes: Partial<InternalCaller> = {}): InternalCaller => ({
  tenantId: 'acme',
  holder: 'ada',
  scopes: new Set(['keys:admin', 'calls:read']),
  ...changes,
});

describe('the headers of an internal caller', () => {
  it.each(['ada', 'Ada Lovelace', 'Zoë 100%', '李雷', 'a\u2028b'])('carry the holder %j', (holder) => {
    const headers = callerHeaders(caller({ holder }));
    expect(Object.values(headers).join('')).toMatch(/^[\x20-\x7e]+$/);
    expect(readCallerHeaders(headers)).toEqual(caller({ holder }));
  });

  it('carry the key, if the caller has one', () => {
    const withKey = caller({ keyId: '0123456789abcdef' });
    expect(readCallerHeaders(callerHeaders(withKey))).toEqual(withKey);
  });

  it('give no right for an unknown scope, and none without scopes', () => {
    const headers = callerHeaders(caller());
    expect(readCallerHeaders({ ...headers, 'x-mesh-scopes': 'root keys:admin' })?.scopes).toEqual(
      new Set(['keys:admin']),
    );
    expect(readCallerHeaders({ ...headers, 'x-mesh-scopes': undefined })?.scopes.size).toBe(0);
  });

  it.each([
    ['no tenant', { 'x-mesh-tenant': undefined }],
    ['a tenant that is no plain name', { 'x-mesh-tenant': '../acme' }],
    ['no holder', { 'x-mesh-holder': '' }],
    ['a holder with a control character', { 'x-mesh-holder': 'ada%0A' }],
    ['a holder that does not decode', { 'x-mesh-holder': '%E0%A4' }],
    ['two holders', { 'x-mesh-holder': ['ada', 'eve'] }],
  ])('name no caller with %s', (_what, change) => {
    expect(readCallerHeaders({ ...callerHeaders(caller()), ...change })).toBeUndefined();
  });
});
