import { rateGovernorConfig } from './config.js';

const required = {
  KAFKA_BROKERS: 'k1:9092',
  DATABASE_URL: 'postgres://mesh@db/mesh',
  MESH_SERVICE_KEY: 'k'.repeat(48),
};

describe('rateGovernorConfig', () => {
  it('reads the environment, with defaults', () => {
    expect(rateGovernorConfig({ ...required, RATE_GOVERNOR_LIMITS: './limits.json, @acme/crm' })).toEqual({
      telemetry: expect.any(Object) as object,
      kafka: { brokers: ['k1:9092'], clientId: 'rate-governor' },
      serviceKey: 'k'.repeat(48),
      databaseUrl: 'postgres://mesh@db/mesh',
      limitPlaces: ['./limits.json', '@acme/crm'],
      port: 8083,
      host: '127.0.0.1',
      logLevel: 'info',
    });
  });

  it('names every wrong variable, and no value', () => {
    expect(() =>
      rateGovernorConfig({
        KAFKA_BROKERS: 'secret',
        DATABASE_URL: 'mysql://secret',
        MESH_SERVICE_KEY: 'secret',
      }),
    ).toThrow(/^(?!.*secret)(?=.*KAFKA_BROKERS)(?=.*DATABASE_URL)(?=.*MESH_SERVICE_KEY)/s);
  });
});
