import { z } from 'zod';

import { brokerList, durationMs, flag, httpUrl, logLevel, port, wholeNumber } from './config-values.js';
import { loadConfig } from './config.js';
import { ConfigError } from './platform.errors.js';

function problemsOf(schema: z.ZodType, environment: Record<string, string>): readonly string[] {
  try {
    loadConfig(schema, environment);
  } catch (error) {
    if (error instanceof ConfigError)
      return error.problems.map(({ variable, problem }) => `${variable} ${problem}`);
    throw error;
  }
  return [];
}

const schema = z
  .object({
    PORT: port.default(8080),
    BROKERS: brokerList,
    LEASE: durationMs,
    SECRET: z.string().min(20, 'is too short'),
  })
  .transform(({ PORT, BROKERS, LEASE }) => ({ port: PORT, kafka: { brokers: BROKERS }, leaseMs: LEASE }));

describe('loadConfig', () => {
  const good = { BROKERS: 'a:9092, b:9093', LEASE: '10s', SECRET: 'x'.repeat(20) };

  it('reads the environment, ignores unknown variables, and fills in defaults', () => {
    expect(loadConfig(schema, { ...good, PATH: '/bin' })).toEqual({
      port: 8080,
      kafka: { brokers: ['a:9092', 'b:9093'] },
      leaseMs: 10_000,
    });
  });

  it('freezes the configuration at every depth', () => {
    const config = loadConfig(schema, good);
    expect(() => (config.kafka.brokers as string[]).push('c:1')).toThrow(TypeError);
    expect(() => Object.assign(config.kafka, { brokers: [] })).toThrow(TypeError);
  });

  it('treats an empty variable as not set', () => {
    expect(loadConfig(schema, { ...good, PORT: ' ' }).port).toBe(8080);
    expect(problemsOf(schema, { ...good, BROKERS: '' })).toEqual(['BROKERS is required']);
  });

  it('reports all problems together, by the name of the variable and never by value', () => {
    const bad = { PORT: 'hunter2', BROKERS: 'hunter2', LEASE: 'hunter2', SECRET: 'hunter2' };
    expect(problemsOf(schema, bad)).toEqual([
      'PORT must be a port number from 0 to 65535',
      'BROKERS must be a list of host:port, separated by commas',
      'LEASE must be a duration such as 250ms, 10s, 2m or 1h',
      'SECRET is too short',
    ]);
    expect(() => loadConfig(schema, bad)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') as string }) as Error,
    );
    expect(problemsOf(schema, {})).toEqual([
      'BROKERS is required',
      'LEASE is required',
      'SECRET is required',
    ]);
  });
});

describe('values of variables', () => {
  it.each([
    ['250ms', 250],
    ['10s', 10_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
  ])('reads the duration %s', (text, ms) => expect(durationMs.parse(text)).toBe(ms));

  it.each(['10', '-1s', 's', '1 s', '1w', '1e3s'])('refuses %j for a duration', (text) => {
    expect(durationMs.safeParse(text).success).toBe(false);
  });

  it.each(['0', '80', '65535'])('reads the port %s', (text) => expect(port.parse(text)).toBe(Number(text)));

  it.each(['65536', '-1', '8e1', '80a', '1.5'])('refuses %j for a port', (text) => {
    expect(port.safeParse(text).success).toBe(false);
  });

  it.each(['localhost', 'a:0', 'a:99999', 'a:1,', ',', 'http://a:1', 'a b:1'])(
    'refuses %j for brokers',
    (text) => {
      expect(brokerList.safeParse(text).success).toBe(false);
    },
  );

  it('reads an IPv6 broker', () => expect(brokerList.parse('[::1]:9092')).toEqual(['[::1]:9092']));

  it('reads an http URL and drops its trailing slash', () => {
    expect(httpUrl.parse('http://localhost:8082/')).toBe('http://localhost:8082');
    expect(httpUrl.parse('https://example.com/base/')).toBe('https://example.com/base');
  });

  it.each(['localhost:8082', 'ftp://a', 'http://', '/x'])('refuses %j for a URL', (text) => {
    expect(httpUrl.safeParse(text).success).toBe(false);
  });

  it.each(['true', '1', 'YES', 'on'])('reads %s as true', (text) => expect(flag.parse(text)).toBe(true));
  it.each(['false', '0', 'no', 'OFF'])('reads %s as false', (text) => expect(flag.parse(text)).toBe(false));

  it('refuses a value that is neither true nor false, no number, no level', () => {
    expect(flag.safeParse('maybe').success).toBe(false);
    expect(wholeNumber.safeParse('1.5').success).toBe(false);
    expect(logLevel.safeParse('loud').success).toBe(false);
  });
});
