import { keyDigest, newKeyText, readKeyText } from '@action-mesh/identity';
import { newVaultKey } from '@action-mesh/vault';

import { authBrokerConfig } from './config.js';

const vaultKey = newVaultKey();
const required = {
  AUTH_BROKER_KEYS: vaultKey,
  KAFKA_BROKERS: 'k1:9092',
  DATABASE_URL: 'postgres://mesh@db/mesh',
  MESH_SERVICE_KEY: 'k'.repeat(48),
};

describe('authBrokerConfig', () => {
  it('reads the environment, with defaults', () => {
    expect(authBrokerConfig(required)).toEqual({
      telemetry: expect.any(Object) as object,
      kafka: { brokers: ['k1:9092'], clientId: 'auth-broker' },
      databaseUrl: 'postgres://mesh@db/mesh',
      environment: 'dev',
      bootstrapKeys: [],
      vault: { kind: 'ring', setting: 'AUTH_BROKER_KEYS', keys: [expect.anything()] },
      egressAllow: [],
      publicUrl: 'http://127.0.0.1:8080',
      serviceKey: 'k'.repeat(48),
      port: 8084,
      host: '127.0.0.1',
      logLevel: 'info',
    });
  });

  it.each([
    ['http://mesh.example.com', 'must begin with https'],
    ['https://mesh.example.com/', 'without a path or a slash'],
    ['https://mesh.example.com/mesh', 'without a path or a slash'],
    ['HTTPS://Mesh.example.com', 'without a path or a slash'],
    ['https://ada@mesh.example.com', 'without a path or a slash'],
    ['mesh.example.com', 'must be an origin'],
  ])('refuses the public address %s', (MESH_PUBLIC_URL, message) => {
    expect(() => authBrokerConfig({ ...required, MESH_PUBLIC_URL })).toThrow(message);
  });

  it.each(['https://mesh.example.com', 'http://127.0.0.1:8080', 'http://[::1]:1', 'http://localhost:8080'])(
    'takes the public address %s',
    (MESH_PUBLIC_URL) =>
      expect(authBrokerConfig({ ...required, MESH_PUBLIC_URL }).publicUrl).toBe(MESH_PUBLIC_URL),
  );

  it('keeps the digests of the keys of the platform, and not their texts', () => {
    const [key, token] = [newKeyText('api', 'live'), newKeyText('publisher', 'live')];
    const config = authBrokerConfig({
      ...required,
      MESH_ENVIRONMENT: 'live',
      AUTH_BROKER_PLATFORM_KEY: `${key}\n`,
      AUTH_BROKER_PLATFORM_PUBLISHER: token,
    });
    expect(config.bootstrapKeys).toEqual([
      {
        variable: 'AUTH_BROKER_PLATFORM_KEY',
        use: 'api',
        environment: 'live',
        id: readKeyText(key)?.id,
        digest: keyDigest(key),
      },
      {
        variable: 'AUTH_BROKER_PLATFORM_PUBLISHER',
        use: 'publisher',
        environment: 'live',
        id: readKeyText(token)?.id,
        digest: keyDigest(token),
      },
    ]);
    expect(JSON.stringify(config)).not.toContain(key.slice(-20));
  });

  it.each([
    ['a text that is no key', 'hunter2hunter2'],
    ['a damaged key', newKeyText('api', 'dev').slice(0, -1)],
    ['a publisher token', newKeyText('publisher', 'dev')],
    ['a key of another environment', newKeyText('api', 'live')],
  ])('refuses %s as the key of the platform, and shows no part of it', (_what, text) => {
    const read = (): unknown => authBrokerConfig({ ...required, AUTH_BROKER_PLATFORM_KEY: text });
    expect(read).toThrow(/AUTH_BROKER_PLATFORM_KEY must be an API key.*npm run new-key -- api dev/);
    expect(read).not.toThrow(text.slice(-12));
  });

  it('names every variable that is wrong, and no value', () => {
    expect(() =>
      authBrokerConfig({
        KAFKA_BROKERS: 'secret',
        DATABASE_URL: 'secret',
        MESH_SERVICE_KEY: 'secret',
        PORT: 'secret',
      }),
    ).toThrow(/^(?!.*secret)(?=.*KAFKA_BROKERS)(?=.*DATABASE_URL)(?=.*MESH_SERVICE_KEY)(?=.*PORT)/s);
  });
});
