import { gatewayConfig } from './config.js';

const environment = { KAFKA_BROKERS: 'localhost:9092', MESH_SERVICE_KEY: 'k'.repeat(48) };

describe('gatewayConfig', () => {
  it('needs only brokers and the key of the services', () => {
    expect(gatewayConfig(environment)).toMatchObject({
      kafka: { brokers: ['localhost:9092'], clientId: 'gateway' },
      host: '127.0.0.1',
      port: 8080,
      serviceKey: 'k'.repeat(48),
      authBrokerUrl: 'http://127.0.0.1:8084',
      environment: 'dev',
      waitMs: 30_000,
    });
  });

  it('has no default wait beyond the longest wait that a caller may ask for', () => {
    expect(gatewayConfig({ ...environment, GATEWAY_WAIT_MAX: '5s' }).waitMs).toBe(5_000);
  });

  it.each(['0.0.0.0', '::', '10.0.0.7', 'gateway.internal', '127.0.0.1.example.com', '::ffff:10.0.0.7'])(
    'lets no development key in from other machines: HOST=%s',
    (HOST) => {
      const open = (more: object) => () => gatewayConfig({ ...environment, HOST, ...more });
      expect(open({})).toThrow(/MESH_ENVIRONMENT is dev.*set MESH_ENVIRONMENT to test or live/);
      expect(open({ MESH_ENVIRONMENT: 'dev' })).toThrow(/MESH_ENVIRONMENT/);
      expect(open({ MESH_ENVIRONMENT: 'live' })().environment).toBe('live');
      expect(open({ MESH_ENVIRONMENT: 'test' })().host).toBe(HOST);
    },
  );

  it.each(['localhost', '127.0.0.1', '127.1.2.3', '::1'])('takes development keys at HOST=%s', (HOST) => {
    expect(gatewayConfig({ ...environment, HOST }).environment).toBe('dev');
  });

  it('refuses an unknown environment', () => {
    expect(() => gatewayConfig({ ...environment, MESH_ENVIRONMENT: 'prod' })).toThrow(/MESH_ENVIRONMENT/);
  });
});
