import type { LeasedCredential } from '@action-mesh/connections';

import type { ProviderRequest } from '../../application/tools.port.js';
import { AttachPlaces, type Attachment } from './attach-credential.js';

const credential: LeasedCredential = {
  connection_id: '01998c50-0000-7a0b-8c0d-0e0f10111213',
  version: 1,
  places: [{ in: 'header', name: 'Authorization', value: 'Bearer secret-token' }],
  hosts: ['api.example.com', '*.tenant.example.com'],
};

function attach(url: string, changes: Partial<LeasedCredential> = {}): Attachment {
  const request: ProviderRequest = { method: 'GET', url, headers: { authorization: 'mine', accept: 'x' } };
  return new AttachPlaces().attach(request, { ...credential, ...changes });
}

function sentTo(url: string, changes?: Partial<LeasedCredential>): string {
  const attached = attach(url, changes);
  return 'refusal' in attached ? attached.refusal.code : attached.request.url;
}

it('takes the place of an argument in the same header (AC2)', () => {
  expect(attach('https://api.example.com/x')).toMatchObject({
    request: { headers: { authorization: 'Bearer secret-token', accept: 'x' } },
    secrets: ['secret-token'],
  });
});

it('goes into every header and parameter that it names', () => {
  const places: LeasedCredential['places'] = [
    { in: 'query', name: 'key', value: 'k-123456' },
    { in: 'header', name: 'x-app', value: 'app-654321' },
  ];
  expect(attach('https://api.example.com/x?key=old&a=1', { places })).toMatchObject({
    request: { url: 'https://api.example.com/x?a=1&key=k-123456', headers: { 'x-app': 'app-654321' } },
    secrets: expect.arrayContaining(['k-123456', 'app-654321']) as unknown,
  });
});

it('goes only to the hosts that it names (AC1)', () => {
  const foreign = 'credential_host_not_allowed';
  expect(sentTo('https://acme.tenant.example.com/x')).toBe('https://acme.tenant.example.com/x');
  for (const url of [
    'https://evil.example.com/x',
    'https://api.example.com.evil.com/x',
    'https://api.example.com@evil.com/x',
    'https://api.example.com:8443/x',
    'https://tenant.example.com/x',
  ])
    expect(sentTo(url)).toBe(foreign);
});

it('replaces the base of the tool by that of the account, and the final host decides (AC1)', () => {
  const base = { from: 'https://api.example.com/v1', to: 'https://acme.tenant.example.com/api' };
  expect(sentTo('https://api.example.com/v1/items?a=1', { base })).toBe(
    'https://acme.tenant.example.com/api/items?a=1',
  );
  expect(sentTo('https://api.example.com/v10/items', { base })).toBe('https://api.example.com/v10/items');
  const other = { ...base, to: 'https://evil.example.com' };
  expect(sentTo('https://api.example.com/v1/items', { base: other })).toBe('credential_host_not_allowed');
});

it('gives a proxied request the address of its connection, or refuses it', () => {
  const base = { from: 'https://api.example.com', to: 'https://acme.tenant.example.com/api/' };
  expect(sentTo('https://connection.invalid/items', { base })).toBe(
    'https://acme.tenant.example.com/api/items',
  );
  expect(sentTo('https://connection.invalid/items')).toBe('integration_without_base_url');
});
