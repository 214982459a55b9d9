import { leakCheck } from '@action-mesh/testing';

import { authBrokerConfig, startAuthBroker } from '../src/index.js';

leakCheck();

describe('the auth broker on a real broker', () => {
  it('is ready once it has started', async () => {
    const brokers = process.env['KAFKA_BROKERS'] ?? '';
    await using service = await startAuthBroker(
      authBrokerConfig({
        KAFKA_BROKERS: brokers,
        KAFKA_TOPIC_PREFIX: 'auth-broker-health.',
        PORT: '0',
        LOG_LEVEL: 'silent',
      }),
    );
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
  });
});
