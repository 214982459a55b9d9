import { IdentityDirectory } from '@action-mesh/identity';
import { sampleKey, sampleTenant } from '@action-mesh/identity/testing';

import { isPublishersFault, putAside } from './put-aside.js';

const record = (topic: string) => ({
  topic,
  partition: 0,
  offset: 1n,
  timestampMs: 0,
  key: null,
  value: null,
  headers: {},
});

it.each<[string, string, boolean]>([
  ['mesh.ingress', 'PUBLISHER_TOKEN_INVALID', true],
  ['mesh.ingress', 'SCHEMA_VIOLATION', true],
  ['mesh.ingress', 'HANDLER_THREW', false],
  ['mesh.ingress', 'RETRIES_EXHAUSTED', false],
  ['mesh.calls', 'SCHEMA_VIOLATION', false],
])('%s with %s: the fault of its publisher is %s', (topic, reason, isTheirs) => {
  expect(isPublishersFault(record(topic), reason)).toBe(isTheirs);
});

describe('a record that was put aside', () => {
  const directory = new IdentityDirectory('dev');
  const { key, identity } = sampleKey('acme', { use: 'publisher' });
  directory.put(sampleTenant('acme'));
  directory.put(identity);
  directory.complete();
  const value = Buffer.from('{"tenant_id":"globex","user_id":"ada","colour":1}');
  const asideOf = (topic: string, token: string) =>
    putAside(
      { ...record(topic), value, headers: { 'mesh-publisher-token': token } },
      'SCHEMA_VIOLATION',
      'the data does not match the schema',
      { directory, nowMs: Date.now() },
    );

  it('belongs to the tenant of its token, whatever its value says', () => {
    expect(asideOf('mesh.ingress', key)).toMatchObject({
      tenantId: 'acme',
      code: 'SCHEMA_VIOLATION',
      about: { userId: 'ada' },
    });
  });

  it('belongs to no tenant without a valid token, and reveals only the fault of the token', () => {
    const aside = asideOf('mesh.ingress', 'wrong');
    expect(aside).toMatchObject({ tenantId: undefined, code: 'PUBLISHER_TOKEN_INVALID' });
    expect(aside.about).toBeUndefined();
    expect(aside.message).not.toContain('schema');
  });

  it('belongs to the tenant in its value on the topics of the services', () => {
    expect(asideOf('mesh.calls', '')).toMatchObject({ tenantId: 'globex' });
  });
});
