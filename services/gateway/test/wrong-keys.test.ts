import { Agent, request } from 'node:http';
import { Worker } from 'node:worker_threads';

import { newKeyText } from '@action-mesh/identity';
import { sampleKey, sampleTenant } from '@action-mesh/identity/testing';
import { createLogger, startService, type RunningService } from '@action-mesh/platform';
import { jest } from '@jest/globals';

import { gatewayConfig } from '../src/config.js';
import { composeGateway } from '../src/gateway.module.js';

jest.setTimeout(60_000);

const perSecond = 1_000;
const measured = 300;

const stop = new AbortController();
const logger = createLogger({ service: 'gateway', level: 'silent' });
const config = gatewayConfig({
  KAFKA_BROKERS: '127.0.0.1:1',
  PORT: '0',
  LOG_LEVEL: 'silent',
  MESH_SERVICE_KEY: 'k'.repeat(48),
});
const { directory, module, http } = composeGateway(config, logger, stop.signal);
const good = sampleKey('acme');
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let gateway: RunningService;

beforeAll(async () => {
  directory.put(sampleTenant('acme'));
  directory.put(good.identity);
  directory.complete();
  gateway = await startService({ name: 'gateway', module, port: 0, logger, http });
});

afterAll(async () => {
  agent.destroy();
  stop.abort(new Error('the test is over'));
  await gateway.close();
});

/** The status and the time of one request with the good key, milliseconds. */
function goodRequest(): Promise<{ readonly status: number; readonly ms: number }> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const options = { agent, headers: { authorization: `Bearer ${good.key}` } };
    const sent = request(`${gateway.url}/v1/me`, options, (answer) => {
      answer.resume();
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, ms: performance.now() - startedAt }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

async function medianMs(): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < measured; count += 1) {
    const { status, ms } = await goodRequest();
    expect(status).toBe(200);
    times.push(ms);
  }
  return times.sort((left, right) => left - right)[measured / 2] ?? 0;
}

/** Another thread that sends wrong keys at a steady rate, and counts the refusals. */
const flood = `
  const { workerData, parentPort } = require('node:worker_threads');
  const { Agent, request } = require('node:http');
  const { url, keys, perSecond } = workerData;
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  let [sent, refused] = [0, 0];
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1000) * perSecond;
    for (; sent < due; sent += 1) {
      const headers = { authorization: 'Bearer ' + keys[sent % keys.length] };
      request(url + '/v1/me', { agent, headers }, (answer) => {
        if (answer.statusCode === 401) refused += 1;
        answer.resume();
      }).on('error', () => undefined).end();
    }
  }, 5);
  parentPort.on('message', () => {
    clearInterval(timer);
    parentPort.postMessage({ refused, seconds: (performance.now() - startedAt) / 1000 });
    agent.destroy();
    parentPort.close();
  });
`;

it(`${perSecond} wrong keys a second do not slow a good one`, async () => {
  await medianMs();
  const quietMs = await medianMs();
  const damaged = good.key.slice(0, -1);
  const wrongSecret = good.key.replace(/_[^_]+$/, newKeyText('api', 'dev').replace(/^.*_/, '_'));
  const keys = [newKeyText('api', 'dev'), damaged, wrongSecret, newKeyText('publisher', 'dev')];
  const worker = new Worker(flood, { eval: true, workerData: { url: gateway.url, keys, perSecond } });
  try {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const floodedMs = [await medianMs(), await medianMs(), await medianMs()];
    const counted = new Promise<{ refused: number; seconds: number }>((resolve) =>
      worker.once('message', resolve),
    );
    worker.postMessage('stop');
    const { refused, seconds } = await counted;
    expect(refused / seconds).toBeGreaterThan(perSecond * 0.9);
    // The flood takes its share of the machine. A door that searched for each key would take all of it.
    expect(Math.min(...floodedMs)).toBeLessThan(quietMs * 3 + 2);
  } finally {
    await worker.terminate();
  }
});
