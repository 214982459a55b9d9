import { z } from 'zod';

import { loadConfig } from './config.js';
import { kafkaConnection, kafkaVariables } from './kafka-variables.js';

const schema = z
  .object(kafkaVariables)
  .transform((variables, context) => kafkaConnection(variables, 'test', context));

describe('KAFKA_CLIENT_PATCHES', () => {
  it("disables the client's patches when it is false, and leaves them unchanged otherwise", () => {
    const connection = { brokers: ['a:9092'], clientId: 'test' };
    const environment = { KAFKA_BROKERS: 'a:9092' };
    expect(loadConfig(schema, environment)).toEqual(connection);
    expect(loadConfig(schema, { ...environment, KAFKA_CLIENT_PATCHES: 'true' })).toEqual(connection);
    expect(loadConfig(schema, { ...environment, KAFKA_CLIENT_PATCHES: 'false' })).toEqual({
      ...connection,
      patches: false,
    });
  });
});
