import { newKeyText } from '@action-mesh/identity';
import { sampleKey, SampleIssuer, sampleTenant } from '@action-mesh/identity/testing';
import { createLogger, startService, type RunningService } from '@action-mesh/platform';
import { jest } from '@jest/globals';
import type { FastifyInstance } from 'fastify';

import { gatewayConfig } from '../src/config.js';
import { composeGateway } from '../src/gateway.module.js';
import { silentTelemetry } from './silent-telemetry.js';

jest.setTimeout(60_000);

const perSecond = 1_000;
/** The processor time of a refusal, over that of a good request on the same machine. */
const mostCost = 1.5;
/** The same for user tokens. Their signatures are checked in other threads, beside the requests. */
const mostCostOfTokens = 5;
const rounds = 3;

const stop = new AbortController();
const logger = createLogger({ service: 'gateway', level: 'silent' });
const config = gatewayConfig({
  KAFKA_BROKERS: '127.0.0.1:1',
  PORT: '0',
  LOG_LEVEL: 'silent',
  MESH_SERVICE_KEY: 'k'.repeat(48),
});
const { directory, module, http } = composeGateway(config, logger, stop.signal, silentTelemetry);
const good = sampleKey('acme');
let gateway: RunningService;
let server: FastifyInstance;
/** A user token with the names of a registered issuer, signed by a key of a stranger. */
let forgedToken: string;

beforeAll(async () => {
  const [issuer, stranger] = [await SampleIssuer.of('acme'), await SampleIssuer.of('acme')];
  forgedToken = await stranger.token('ada');
  directory.put(sampleTenant('acme', { issuers: [issuer.identity] }));
  directory.put(good.identity);
  directory.complete();
  const prepare = (fastify: FastifyInstance): void => {
    server = fastify;
    http.prepare?.(fastify);
  };
  gateway = await startService({ name: 'gateway', module, port: 0, logger, http: { ...http, prepare } });
});

afterAll(async () => {
  stop.abort(new Error('the test is over'));
  await gateway.close();
});

async function statusFor(key: string): Promise<number> {
  const { statusCode } = await server.inject({
    url: '/v1/me',
    headers: { authorization: `Bearer ${key}` },
  });
  return statusCode;
}

/** Processor seconds for as many requests as arrive in a second. Other load on the machine does not count. */
async function secondsFor(key: string, status: number): Promise<number> {
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    for (let count = 0; count < perSecond; count += 1) expect(await statusFor(key)).toBe(status);
    const { user, system } = process.cpuUsage(before);
    seconds.push((user + system) / 1e6);
  }
  return Math.min(...seconds);
}

const wrongKeys: readonly [string, () => string, number][] = [
  ['unknown keys', () => newKeyText('api', 'dev'), mostCost],
  ['damaged keys', () => good.key.slice(0, -1), mostCost],
  ['keys with a wrong secret', () => withOtherSecret(good.key), mostCost],
  ['publisher tokens', () => newKeyText('publisher', 'dev'), mostCost],
  ['forged user tokens', () => forgedToken, mostCostOfTokens],
];

function withOtherSecret(key: string): string {
  return key.replace(/_[^_]+$/, newKeyText('api', 'dev').replace(/^.*_/, '_'));
}

it.each(wrongKeys)(`${perSecond} %s a second leave room for good ones`, async (_kind, wrongKey, most) => {
  const refusals = await secondsFor(wrongKey(), 401);
  const answers = await secondsFor(good.key, 200);
  expect(refusals / answers).toBeLessThan(most);
});
