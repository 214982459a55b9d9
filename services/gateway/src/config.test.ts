import { developmentApiKey } from '@action-mesh/admission';

import { gatewayConfig } from './config.js';

const environment = { KAFKA_BROKERS: 'localhost:9092' };

describe('gatewayConfig', () => {
  it('needs nothing but brokers', () => {
    expect(gatewayConfig(environment)).toMatchObject({
      kafka: { brokers: ['localhost:9092'], clientId: 'gateway' },
      host: '127.0.0.1',
      port: 8080,
      apiKey: developmentApiKey,
      tenantId: 'default',
      waitMs: 30_000,
    });
  });

  it('never waits longer by default than a caller may ask for', () => {
    expect(gatewayConfig({ ...environment, GATEWAY_WAIT_MAX: '5s' }).waitMs).toBe(5_000);
  });

  it('refuses a key that cannot stand in a header, without printing it', () => {
    expect(() => gatewayConfig({ ...environment, GATEWAY_API_KEY: 'my secret key' })).toThrow(
      /GATEWAY_API_KEY must be 8 to 200 printable characters without spaces$/,
    );
  });
});
