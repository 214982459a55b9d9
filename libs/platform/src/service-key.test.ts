import { connect } from 'node:net';

import { Controller, Get, Module, Post } from '@nestjs/common';
import { z } from 'zod';

import { loadConfig } from './config.js';
import { createLogger } from './logger.js';
import { newServiceKey, serviceKeyVariables } from './service-key.js';
import { startService, type RunningService } from './service.js';

@Controller('internal/calls')
class CallsController {
  @Get(':id')
  one(): string {
    return 'one';
  }

  @Post()
  add(): string {
    return 'added';
  }
}

@Module({})
class CallsModule {}

const serviceKey = newServiceKey();
const options = {
  name: 'test',
  module: { module: CallsModule, controllers: [CallsController] },
  port: 0,
  logger: createLogger({ service: 'test', level: 'silent' }),
};

let service: RunningService;

beforeAll(async () => {
  service = await startService({ ...options, serviceKey, http: { bodyLimitBytes: 100 } });
});

afterAll(() => service.close());

/** The ways to write one request target. */
const spellings: Readonly<Record<string, (path: string) => string>> = {
  plain: (path) => path,
  'with a query': (path) => `${path}?a=/health/live`,
  'percent-encoded': (path) => path.replace(/[a-z0-9]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  'with one letter encoded': (path) => path.replace('internal', '%69nternal'),
  'in absolute form': (path) => `http://health${path}`,
  'with double slashes': (path) => path.replaceAll('/', '//'),
  'with dot segments': (path) => `/health/..${path}`,
  'with encoded dot segments': (path) => `/health/%2e%2e${path}`,
  'in upper case': (path) => path.toUpperCase(),
  'with a trailing slash': (path) => `${path}/`,
  'with a fragment': (path) => `${path}#/health/live`,
  'with a parameter of the path': (path) => `${path};/health/live`,
  'with a backslash': (path) => `\\health\\..${path}`,
};

const wrongKeys: Readonly<Record<string, readonly string[]>> = {
  'no key': [],
  'an empty key': [''],
  'another key of the same length': [newServiceKey()],
  'the beginning of the key': [serviceKey.slice(0, -1)],
  'the key and more': [`${serviceKey}0`],
  'the key twice': [serviceKey, serviceKey],
  'a wrong key before the right one': ['x', serviceKey],
};

describe('a service with a service key', () => {
  it.each(Object.keys(spellings).flatMap((spelling) => Object.keys(wrongKeys).map((key) => [spelling, key])))(
    'stays closed when the target is written %s and the request has %s',
    async (spelling, key) => {
      for (const path of ['/internal/calls/1', '/internal/calls', '/internal/nothing', '/other']) {
        const target = spellings[spelling]?.(path) ?? path;
        // 400: the target is no valid target, so no route matched.
        for (const method of ['GET', 'POST'])
          expect([401, 400]).toContain(await statusOf(method, target, wrongKeys[key] ?? []));
      }
    },
  );

  it('opens for the key in every spelling that matches a route', async () => {
    for (const target of ['/internal/calls/1', '/%69nternal/calls/1', 'http://x/internal/calls/1?a=b'])
      expect(await statusOf('GET', target, [serviceKey])).toBe(200);
  });

  it('answers health without a key', async () => {
    expect(await statusOf('GET', '/health/live', [])).toBe(200);
  });

  it('refuses before it reads a body', async () => {
    expect(await statusOf('POST', '/internal/calls', [], 1_000)).toBe(401);
    expect(await statusOf('POST', '/internal/calls', [serviceKey], 1_000)).toBe(413);
  });

  it('names the header and the variable, and shows no key', async () => {
    const answer = await fetch(`${service.url}/internal/calls/1`, {
      headers: { 'x-mesh-service-key': 'a-guess-of-a-stranger' },
    });
    const text = await answer.text();
    expect(text).toMatch(/x-mesh-service-key .*MESH_SERVICE_KEY/);
    expect(text).not.toMatch(new RegExp(`a-guess-of-a-stranger|${serviceKey}`));
  });
});

it('does not start with routes below /internal when it has no service key', async () => {
  await expect(startService(options)).rejects.toThrow('/internal/calls');
});

describe('MESH_SERVICE_KEY', () => {
  const read = (key?: string): unknown =>
    loadConfig(z.object(serviceKeyVariables), { MESH_SERVICE_KEY: key }).MESH_SERVICE_KEY;

  it('is any key of 32 to 200 printable characters', () => {
    for (const key of [newServiceKey(), 'k'.repeat(32), '~'.repeat(200)]) expect(read(key)).toBe(key);
  });

  it.each([
    undefined,
    '',
    'canary-that-is-too-short',
    `canary${'y'.repeat(200)}`,
    `canary ${'y'.repeat(40)}`,
    `canary${'ü'.repeat(40)}`,
  ])('has no default, and %j is refused with its name, without its value', (key) => {
    expect(() => read(key)).toThrow(/MESH_SERVICE_KEY must be 32 to 200 .*`openssl rand -hex 24` makes one/);
    expect(() => read(key)).not.toThrow(/canary/);
  });
});

/** The status of a request with a target that goes over the wire unchanged. */
async function statusOf(
  method: string,
  target: string,
  keys: readonly string[],
  bodyBytes = 0,
): Promise<number> {
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(
    [
      `${method} ${target} HTTP/1.1`,
      'Host: test',
      `Content-Length: ${bodyBytes}`,
      ...(bodyBytes === 0 ? [] : ['Content-Type: application/json']),
      ...keys.map((key) => `X-Mesh-Service-Key: ${key}`),
      'Connection: close',
      '',
      '',
    ].join('\r\n'),
  );
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return Number(answer.slice('HTTP/1.1 '.length).split(' ', 1)[0]);
}
