import { connect } from 'node:net';

import { sampleKey, sampleTenant } from '@action-mesh/identity/testing';
import { createLogger, startService, type RunningService } from '@action-mesh/platform';

import { gatewayConfig } from '../src/config.js';
import { composeGateway } from '../src/gateway.module.js';
import { silentTelemetry } from './silent-telemetry.js';

const { key, identity } = sampleKey('acme', { scopes: ['calls:read', 'calls:write'], holder: 'ada' });
const stop = new AbortController();
const logger = createLogger({ service: 'gateway', level: 'silent' });
let gateway: RunningService;

beforeAll(async () => {
  const { directory, module, http } = composeGateway(
    gatewayConfig({ KAFKA_BROKERS: '127.0.0.1:1', LOG_LEVEL: 'silent', MESH_SERVICE_KEY: 'k'.repeat(48) }),
    logger,
    stop.signal,
    silentTelemetry,
  );
  directory.put(sampleTenant('acme'));
  directory.put(identity);
  directory.complete();
  gateway = await startService({ name: 'gateway', module, port: 0, logger, http });
});

afterAll(async () => {
  stop.abort(new Error('the test is over'));
  await gateway.close();
});

/** Sends bytes on one connection, and returns the statuses of all answers until the gateway closes it. */
async function statusesOf(...lines: readonly string[]): Promise<readonly number[]> {
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(lines.join('\r\n'));
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
}

const own = ['Host: 127.0.0.1', `Authorization: Bearer ${key}`];
const post = ['POST /v1/calls HTTP/1.1', ...own, 'Content-Type: application/json'];
const smuggled = ['GET /v1/me HTTP/1.1', ...own, 'Connection: close', '', ''];

describe('a request that two servers could read in two ways', () => {
  it.each<[string, readonly string[]]>([
    ['has a length and chunks', ['Content-Length: 4', 'Transfer-Encoding: chunked', '', '0', '']],
    ['has two lengths', ['Content-Length: 2', 'Content-Length: 40', '', '{}']],
    ['has two lengths in one header', ['Content-Length: 2, 40', '', '{}']],
    ['has a length with a sign', ['Content-Length: +2', '', '{}']],
    ['has a chunk of a wrong size', ['Transfer-Encoding: chunked', '', 'zz', '{}', '0', '', '']],
    ['hides chunks in another coding', ['Transfer-Encoding: chunked, identity', '', '0', '', '']],
    ['has a space before a colon', ['Content-Length : 2', '', '{}']],
    ['continues a header on the next line', ['X-A: 1', ' Content-Length: 2', '', '{}']],
  ])('that %s is answered once, and nothing after it is read', async (_what, rest) => {
    expect(await statusesOf(...post, ...rest, ...smuggled)).toEqual([400]);
  });

  it('has no second host', async () => {
    const statuses = await statusesOf(
      'GET /v1/me HTTP/1.1',
      'Host: evil.example',
      ...own,
      'Connection: close',
      '',
      '',
    );
    expect(statuses).toHaveLength(1);
    expect(statuses[0]).toBeGreaterThanOrEqual(400);
  });
});

describe('the bounds of a head', () => {
  it('refuse 20 kB of headers', async () => {
    const many = Array.from({ length: 2_000 }, (_value, index) => `X-${index}: ${index}`);
    expect(await statusesOf('GET /v1/me HTTP/1.1', ...own, ...many, '', '')).toEqual([431]);
  });

  it('refuse an address of 20 kB', async () => {
    expect(await statusesOf(`GET /v1/me?${'a'.repeat(20_000)} HTTP/1.1`, ...own, '', '')).toEqual([431]);
  });
});

describe('requests in a pipeline', () => {
  it('are answered in their order', async () => {
    const ask = (path: string, ...more: readonly string[]) => [`GET ${path} HTTP/1.1`, ...own, ...more, ''];
    const statuses = await statusesOf(
      ...ask('/v1/me'),
      ...ask('/v1/nothing'),
      ...ask('/v1/me'),
      ...ask('/v1/me', 'Connection: close'),
      '',
    );
    expect(statuses).toEqual([200, 404, 200, 200]);
  });
});
