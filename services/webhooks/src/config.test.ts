import { newVaultKey } from '@action-mesh/vault';

import { webhooksConfig } from './config.js';

const required = {
  KAFKA_BROKERS: 'k1:9092',
  DATABASE_URL: 'postgres://mesh@db/mesh',
  MESH_SERVICE_KEY: 'k'.repeat(48),
  WEBHOOKS_KEYS: newVaultKey(),
};

describe('webhooksConfig', () => {
  it('reads the environment, with defaults', () => {
    expect(webhooksConfig(required)).toEqual({
      telemetry: expect.any(Object) as object,
      kafka: { brokers: ['k1:9092'], clientId: 'webhooks' },
      serviceKey: 'k'.repeat(48),
      databaseUrl: 'postgres://mesh@db/mesh',
      vault: { kind: 'ring', setting: 'WEBHOOKS_KEYS', keys: [expect.anything()] },
      egressAllow: [],
      publicUrl: 'http://127.0.0.1:8080',
      port: 8085,
      host: '127.0.0.1',
      logLevel: 'info',
    });
  });

  it('names every variable that is wrong, and no value', () => {
    expect(() =>
      webhooksConfig({
        KAFKA_BROKERS: 'secret',
        DATABASE_URL: 'mysql://secret',
        MESH_SERVICE_KEY: 'secret',
      }),
    ).toThrow(/^(?!.*secret)(?=.*KAFKA_BROKERS)(?=.*DATABASE_URL)(?=.*MESH_SERVICE_KEY)/s);
    expect(() => webhooksConfig({ ...required, WEBHOOKS_KEYS: undefined })).toThrow(
      /WEBHOOKS_KEYS is required/,
    );
  });
});
