import { authBrokerConfig } from './config.js';

describe('authBrokerConfig', () => {
  it('reads the environment, with defaults', () => {
    expect(authBrokerConfig({ KAFKA_BROKERS: 'k1:9092' })).toEqual({
      kafka: { brokers: ['k1:9092'], clientId: 'auth-broker' },
      port: 8084,
      host: '127.0.0.1',
      logLevel: 'info',
    });
  });

  it('names every variable that is wrong, and no value', () => {
    expect(() => authBrokerConfig({ KAFKA_BROKERS: 'secret', PORT: 'secret' })).toThrow(
      /^(?!.*secret)(?=.*KAFKA_BROKERS)(?=.*PORT)/s,
    );
  });
});
