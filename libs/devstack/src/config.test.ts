import { readConfig } from './config.js';

it('reads several brokers, and treats empty values as absent', () => {
  const { given, stateFolder } = readConfig({
    KAFKA_BROKERS: ' a:1, b:2,',
    DATABASE_URL: '',
    REDIS_URL: ' ',
  });
  expect(given).toEqual({ kafkaBrokers: ['a:1', 'b:2'] });
  expect(stateFolder).toBeUndefined();
});
