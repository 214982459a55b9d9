import { isPublishersFault } from './put-aside.js';

const record = (topic: string) => ({
  topic,
  partition: 0,
  offset: 1n,
  timestampMs: 0,
  key: null,
  value: null,
  headers: {},
});

it.each<[string, string, boolean]>([
  ['mesh.ingress', 'PUBLISHER_TOKEN_INVALID', true],
  ['mesh.ingress', 'SCHEMA_VIOLATION', true],
  ['mesh.ingress', 'HANDLER_THREW', false],
  ['mesh.ingress', 'RETRIES_EXHAUSTED', false],
  ['mesh.calls', 'SCHEMA_VIOLATION', false],
])('%s with %s: the fault of its publisher is %s', (topic, reason, isTheirs) => {
  expect(isPublishersFault(record(topic), reason)).toBe(isTheirs);
});
