import { catalogConfig } from './config.js';

const required = {
  KAFKA_BROKERS: 'k1:9092,k2:9092',
  CATALOG_TOOLS: './tools, @acme/tools',
  DATABASE_URL: 'postgres://db/mesh',
  MESH_SERVICE_KEY: 'k'.repeat(48),
};

describe('catalogConfig', () => {
  it('reads the environment, with safe defaults for production', () => {
    expect(catalogConfig(required)).toEqual({
      telemetry: expect.any(Object) as object,
      kafka: { brokers: ['k1:9092', 'k2:9092'], clientId: 'catalog' },
      serviceKey: 'k'.repeat(48),
      toolLocations: ['./tools', '@acme/tools'],
      providerUrls: {},
      owner: 'default',
      egressAllow: [],
      mayWithdraw: false,
      mode: 'production',
      databaseUrl: 'postgres://db/mesh',
      port: 8081,
      host: '127.0.0.1',
      logLevel: 'info',
    });
  });

  it('reads base URLs by provider', () => {
    const config = catalogConfig({
      ...required,
      CATALOG_PROVIDER_URLS: '{"crm":"http://127.0.0.1:4000/"}',
    });
    expect(config.providerUrls).toEqual({ crm: 'http://127.0.0.1:4000' });
  });

  it('names every wrong variable, and no value', () => {
    expect(() =>
      catalogConfig({
        KAFKA_BROKERS: 'secret',
        CATALOG_TOOLS: 'a,,b',
        CATALOG_PROVIDER_URLS: '{"crm":"https://user:secret@crm.test"}',
        CATALOG_MODE: 'secret',
        DATABASE_URL: 'mysql://secret',
        MESH_SERVICE_KEY: 'secret',
      }),
    ).toThrow(
      /^(?!.*secret)(?=.*KAFKA_BROKERS)(?=.*CATALOG_TOOLS)(?=.*CATALOG_PROVIDER_URLS)(?=.*CATALOG_MODE)(?=.*DATABASE_URL)(?=.*MESH_SERVICE_KEY)/s,
    );
  });

  it.each(['nonsense', '[]', '{"crm":7}', '{"crm":"crm.test"}'])('refuses %s for base URLs', (text) => {
    expect(() => catalogConfig({ ...required, CATALOG_PROVIDER_URLS: text })).toThrow(
      'CATALOG_PROVIDER_URLS',
    );
  });
});
