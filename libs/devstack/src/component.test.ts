import { describeComponent, hostAndPort } from './component.js';

it('describes each component with its product, source, address and start time', () => {
  const kafka = { name: 'kafka', what: 'Apache Kafka 4.4.0', address: '127.0.0.1:2', tookMs: 3_120 } as const;
  expect(describeComponent({ ...kafka, source: 'native' })).toBe(
    'kafka:    Apache Kafka 4.4.0, native, at 127.0.0.1:2, 3.1 s',
  );
  expect(describeComponent({ ...kafka, source: 'environment' })).toContain('given by the environment');
});

it('explains the absence of Redis', () => {
  const line = describeComponent({ name: 'redis', source: 'none', what: '', address: '', tookMs: 0 });
  expect(line).toContain('the mesh runs on local limits');
});

it('shows no credentials in an address', () => {
  expect(hostAndPort('postgres://user:secret@db.example/mesh', 5432)).toBe('db.example:5432');
});
