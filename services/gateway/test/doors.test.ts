import { connect } from 'node:net';

import { createLogger, startService, type RunningService } from '@action-mesh/platform';

import { gatewayConfig } from '../src/config.js';
import { composeGateway } from '../src/gateway.module.js';

/** No broker answers here: the gateway checks the key before it asks the mesh. */
const environment = {
  KAFKA_BROKERS: '127.0.0.1:1',
  PORT: '0',
  LOG_LEVEL: 'silent',
  GATEWAY_API_KEY: 'the-key-of-the-test',
  MESH_SERVICE_KEY: 'k'.repeat(48),
};

interface Route {
  readonly method: string;
  readonly url: string;
}

const openRoutes = ['/health/live', '/health/ready'];

const routes: Route[] = [];
const stop = new AbortController();
let gateway: RunningService;

beforeAll(async () => {
  const config = gatewayConfig(environment);
  const logger = createLogger({ service: 'gateway', level: 'silent' });
  const { module, http } = composeGateway(config, logger, stop.signal);
  gateway = await startService({
    name: 'gateway',
    module,
    port: 0,
    logger,
    http: {
      ...http,
      prepare(fastify) {
        fastify.addHook('onRoute', ({ method, url }) => {
          routes.push(...[method].flat().map((each) => ({ method: each, url })));
        });
        http.prepare?.(fastify);
      },
    },
  });
});

afterAll(async () => {
  stop.abort(new Error('the test is over'));
  await gateway.close();
});

/** The ways to write one request target, with a name for every parameter. */
const spellings: Readonly<Record<string, (path: string) => string>> = {
  plain: (path) => path,
  'with a query': (path) => `${path}?a=/health/live`,
  'percent-encoded': (path) => path.replace(/[a-z0-9]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  'with one letter encoded': (path) => path.replace('v1', '%76%31'),
  'in absolute form': (path) => `http://health${path}`,
  'in absolute form of https': (path) => `HTTPS://x${path}`,
  'with double slashes': (path) => path.replaceAll('/', '//'),
  'with dot segments': (path) => `/health/..${path}`,
  'with encoded dot segments': (path) => `/health/%2e%2e${path}`,
  'in upper case': (path) => path.toUpperCase(),
  'with a trailing slash': (path) => `${path}/`,
  'with a fragment': (path) => `${path}#/health/live`,
  'with a parameter of the path': (path) => `${path};/health/live`,
  'with a backslash': (path) => `\\health\\..${path}`,
};

const keys: Readonly<Record<string, string | undefined>> = {
  'no key': undefined,
  'a wrong key': 'Bearer the-key-of-the-tess',
  'an empty key': 'Bearer ',
  'the right key in another scheme': 'Basic the-key-of-the-test',
};

describe('every route of the gateway', () => {
  it('is known to this test', () => {
    const known = new Set(routes.map(({ url }) => url));
    expect([...known]).toEqual(expect.arrayContaining(['/v1/calls', '/v1/limits/:id', ...openRoutes]));
    expect(known.size).toBeGreaterThan(20);
  });

  it.each(Object.keys(spellings).flatMap((spelling) => Object.keys(keys).map((key) => [spelling, key])))(
    'stays closed when its target is written %s and the request has %s',
    async (spelling, key) => {
      const guarded = routes.filter(({ url }) => !openRoutes.includes(url));
      const answers = await Promise.all(
        guarded.map(async ({ method, url }) => {
          const path = url.replace(/:[a-zA-Z]+/g, 'name');
          const target = spellings[spelling]?.(path) ?? path;
          return `${method} ${url}: ${await statusOf(method, target, keys[key])}`;
        }),
      );
      // 400: the target is no valid target, so no route matched.
      expect(answers.filter((answer) => !/: (401|400)$/.test(answer))).toEqual([]);
    },
  );

  it.each(openRoutes)('%s needs no key', async (path) => {
    expect([200, 503]).toContain(await statusOf('GET', path, undefined));
  });

  it.each(['/health', '/health/', '/health/live/x', '/', '/metrics', '/internal/calls'])(
    '%s, which has no route, is closed too',
    async (path) => expect(await statusOf('GET', path, undefined)).toBe(401),
  );

  it('opens for the right key in every spelling of the target', async () => {
    const key = 'Bearer the-key-of-the-test';
    for (const target of ['/v1/nothing', '/V1/tools', '//v1/tools']) {
      expect(await statusOf('GET', target, key)).toBe(404);
    }
    for (const target of ['/v1/calls', '/%76%31/calls', 'http://x/v1/calls']) {
      expect(await statusOf('PUT', target, key)).toBe(405);
    }
  });
});

/** The status of a request with a target that goes over the wire unchanged. */
async function statusOf(method: string, target: string, authorization: string | undefined): Promise<number> {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(
    [
      `${method} ${target} HTTP/1.1`,
      'Host: test',
      'Content-Length: 0',
      ...(authorization === undefined ? [] : [`Authorization: ${authorization}`]),
      'Connection: close',
      '',
      '',
    ].join('\r\n'),
  );
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return Number(answer.slice('HTTP/1.1 '.length).split(' ', 1)[0]);
}
