import { generateKeyPair, exportJWK } from 'jose';

import { openLease, sealLease, type LeaseAnswer } from './token-lease.js';
import {
  publicKeyOf,
  purposeKey,
  readTokenRequest,
  signTokenRequest,
  type TokenRequest,
} from './token-request.js';

const serviceKey = 'k'.repeat(40);
const requestKey = purposeKey(serviceKey, 'token-request');
const leaseKey = purposeKey(serviceKey, 'token-lease');
const nowMs = Date.parse('2026-11-30T12:00:00Z');

const pair = await generateKeyPair('ECDH-ES', { crv: 'X25519', extractable: true });
const stranger = await generateKeyPair('ECDH-ES', { crv: 'X25519', extractable: true });
const request: TokenRequest = {
  id: '0b9d9c36-6c4a-4b6f-9d0e-3f7f8f1d2c11',
  recipient: '5d5c1c4e-6f4e-4d0b-9a53-0d2b8f6e7a10',
  key: publicKeyOf(await exportJWK(pair.publicKey)),
  tenant_id: 'acme',
  user_id: 'ada',
  integration: 'github',
  call_id: '01998c50-0002-7c0d-9e0f-1a2b3c4d5e70',
  scopes: [['repo']],
};
const answer: LeaseAnswer = {
  credential: {
    connection_id: '01998c50-0000-7a0b-8c0d-0e0f10111213',
    version: 3,
    places: [{ in: 'header', name: 'authorization', value: 'Bearer secret-token' }],
    hosts: ['api.github.com'],
  },
};
const open = (lease: string, changes: Partial<Parameters<typeof openLease>[1]> = {}) =>
  openLease(lease, { request, privateKey: pair.privateKey, key: leaseKey, nowMs, ...changes });

describe('a signed request for a credential', () => {
  it('is read with its key within 60 s', async () => {
    const text = await signTokenRequest(request, requestKey, nowMs);
    expect(await readTokenRequest(text, requestKey, nowMs + 59_000)).toEqual(request);
    expect(await readTokenRequest(text, requestKey, nowMs + 66_000)).toBeUndefined();
    expect(await readTokenRequest(text, leaseKey, nowMs)).toBeUndefined();
    expect(await readTokenRequest(`${text}x`, requestKey, nowMs)).toBeUndefined();
    expect(await readTokenRequest('not a token', requestKey, nowMs)).toBeUndefined();
  });
});

describe('a sealed lease', () => {
  it('is opened by the executor that asked, and shows no secret on the way', async () => {
    const lease = await sealLease(request, answer, leaseKey, nowMs);
    expect(lease).not.toContain('secret-token');
    expect(await open(lease)).toEqual(answer);
  });

  it('stays closed to another executor, altered, and expired', async () => {
    const lease = await sealLease(request, answer, leaseKey, nowMs);
    expect(await open(lease, { privateKey: stranger.privateKey })).toBe('undecipherable');
    for (const part of [0, 2, 3, 4]) {
      const parts = lease.split('.');
      const text = parts[part] ?? '';
      parts[part] = `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`;
      expect(await open(parts.join('.'))).toBe('undecipherable');
    }
    expect(await open(lease, { nowMs: nowMs + 66_000 })).toBe('expired');
  });

  it('is refused unless a broker of the mesh signed it', async () => {
    expect(await open(await sealLease(request, answer, requestKey, nowMs))).toBe('unsigned');
    expect(
      await open(await sealLease(request, answer, purposeKey('x'.repeat(40), 'token-lease'), nowMs)),
    ).toBe('unsigned');
  });

  it.each([
    ['another tenant', { tenant_id: 'globex' }],
    ['another user', { user_id: 'eve' }],
    ['another integration', { integration: 'slack' }],
    ['another call', { call_id: '01998c50-0002-7c0d-9e0f-1a2b3c4d5e71' }],
    ['another request, as a replay is', { id: '0b9d9c36-6c4a-4b6f-9d0e-3f7f8f1d2c12' }],
    ['another instance', { recipient: '5d5c1c4e-6f4e-4d0b-9a53-0d2b8f6e7a11' }],
  ])('for %s is refused', async (_, changes) => {
    const lease = await sealLease({ ...request, ...changes }, answer, leaseKey, nowMs);
    expect(await open(lease)).toBe('foreign');
  });

  it('for another connection than the call names is refused', async () => {
    const named = { ...request, connection_id: '01998c50-0000-7a0b-8c0d-0e0f10111214' };
    const lease = await sealLease(named, answer, leaseKey, nowMs);
    expect(await open(lease, { request: named })).toBe('foreign');
  });

  it('carries a refusal with its link', async () => {
    const refusal: LeaseAnswer = {
      refusal: {
        code: 'no_connection',
        message: 'not connected',
        connect_url: 'https://mesh.example.com/connect/x',
      },
    };
    expect(await open(await sealLease(request, refusal, leaseKey, nowMs))).toEqual(refusal);
  });
});
