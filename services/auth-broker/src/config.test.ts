import { keyDigest, newKeyText, readKeyText } from '@action-mesh/identity';

import { authBrokerConfig } from './config.js';

const required = {
  KAFKA_BROKERS: 'k1:9092',
  DATABASE_URL: 'postgres://mesh@db/mesh',
  MESH_SERVICE_KEY: 'k'.repeat(48),
};

describe('authBrokerConfig', () => {
  it('reads the environment, with defaults', () => {
    expect(authBrokerConfig(required)).toEqual({
      kafka: { brokers: ['k1:9092'], clientId: 'auth-broker' },
      databaseUrl: 'postgres://mesh@db/mesh',
      environment: 'dev',
      bootstrapKeys: [],
      egressAllow: [],
      serviceKey: 'k'.repeat(48),
      port: 8084,
      host: '127.0.0.1',
      logLevel: 'info',
    });
  });

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
