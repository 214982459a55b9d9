import { flowsConfig } from './config.js';

const required = {
  KAFKA_BROKERS: 'k1:9092',
  DATABASE_URL: 'postgres://mesh@db/mesh',
  MESH_SERVICE_KEY: 'k'.repeat(48),
};

describe('flowsConfig', () => {
  it('reads the environment, with defaults', () => {
    expect(flowsConfig({ ...required, FLOWS: ' ' })).toEqual({
      telemetry: expect.any(Object) as object,
      kafka: { brokers: ['k1:9092'], clientId: 'flows' },
      serviceKey: 'k'.repeat(48),
      databaseUrl: 'postgres://mesh@db/mesh',
      folder: undefined,
      port: 8088,
      host: '127.0.0.1',
      logLevel: 'info',
    });
    expect(flowsConfig({ ...required, FLOWS: './flows' }).folder).toBe('./flows');
  });

  it('names every variable that is wrong, and no value', () => {
    expect(() =>
      flowsConfig({ KAFKA_BROKERS: 'secret', DATABASE_URL: 'mysql://secret', MESH_SERVICE_KEY: 'secret' }),
    ).toThrow(/^(?!.*secret)(?=.*KAFKA_BROKERS)(?=.*DATABASE_URL)(?=.*MESH_SERVICE_KEY)/s);
  });
});
