import { gatewayConfig } from './config.js';

const environment = {
  KAFKA_BROKERS: 'localhost:9092',
  GATEWAY_API_KEY: 'the-key-of-the-test',
  MESH_SERVICE_KEY: 'k'.repeat(48),
};

describe('gatewayConfig', () => {
  it('needs only brokers and keys', () => {
    expect(gatewayConfig(environment)).toMatchObject({
      kafka: { brokers: ['localhost:9092'], clientId: 'gateway' },
      host: '127.0.0.1',
      port: 8080,
      apiKey: 'the-key-of-the-test',
      serviceKey: 'k'.repeat(48),
      tenantId: 'default',
      waitMs: 30_000,
    });
  });

  it('has no default wait beyond the longest wait that a caller may ask for', () => {
    expect(gatewayConfig({ ...environment, GATEWAY_WAIT_MAX: '5s' }).waitMs).toBe(5_000);
  });

  it('refuses a key that cannot stand in a header, without printing it', () => {
    const wrong = () => gatewayConfig({ ...environment, GATEWAY_API_KEY: 'my secret key' });
    expect(wrong).toThrow(/GATEWAY_API_KEY must be 8 to 200 printable characters without spaces/);
    expect(wrong).not.toThrow(/my secret key/);
  });

  it('refuses to start without a key, names the variable and says how to make one', () => {
    for (const missing of [undefined, '', ' ']) {
      expect(() => gatewayConfig({ ...environment, GATEWAY_API_KEY: missing })).toThrow(
        /GATEWAY_API_KEY must be .*has no default; `openssl rand -hex 24` makes one/,
      );
    }
  });
});
