import { auditConfig } from './config.js';
import { newSigningKey } from './domain/signing-keys.js';

const required = {
  KAFKA_BROKERS: 'k1:9092',
  DATABASE_URL: 'postgres://mesh@db/mesh',
  MESH_SERVICE_KEY: 'k'.repeat(48),
  AUDIT_SIGNING_KEY: newSigningKey(),
};

describe('auditConfig', () => {
  it('reads the environment, with defaults', () => {
    expect(auditConfig(required)).toEqual({
      telemetry: expect.any(Object) as object,
      kafka: { brokers: ['k1:9092'], clientId: 'audit' },
      serviceKey: 'k'.repeat(48),
      databaseUrl: 'postgres://mesh@db/mesh',
      environment: 'dev',
      signingKey: required.AUDIT_SIGNING_KEY,
      formerPublicKeys: [],
      keepContent: true,
      retentionDays: 0,
      checkpointsFile: undefined,
      port: 8086,
      host: '127.0.0.1',
      logLevel: 'info',
    });
  });

  it('names every variable that is wrong, and no value', () => {
    expect(() =>
      auditConfig({
        ...required,
        AUDIT_SIGNING_KEY: 'secret',
        AUDIT_FORMER_PUBLIC_KEYS: 'secret',
        AUDIT_RETENTION_DAYS: '30',
      }),
    ).toThrow(
      /^(?!.*secret)(?=.*AUDIT_SIGNING_KEY)(?=.*AUDIT_FORMER_PUBLIC_KEYS)(?=.*AUDIT_RETENTION_DAYS)/s,
    );
    expect(() => auditConfig({ ...required, AUDIT_SIGNING_KEY: undefined })).toThrow(
      /AUDIT_SIGNING_KEY or AUDIT_SIGNING_KEY_FILE is required/,
    );
    expect(() =>
      auditConfig({ ...required, AUDIT_SIGNING_KEY: undefined, AUDIT_SIGNING_KEY_FILE: '/none' }),
    ).toThrow(/AUDIT_SIGNING_KEY_FILE names a file that cannot be read/);
  });
});
