import { join } from 'node:path';

import { scopeNames } from '@action-mesh/contracts/auth-broker';
import { sampleKey, sampleTenant } from '@action-mesh/identity/testing';
import { createLogger, startService, type RunningService } from '@action-mesh/platform';
import { jest } from '@jest/globals';

import { gatewayConfig } from '../src/config.js';
import { composeGateway } from '../src/gateway.module.js';
import { FixtureServers } from './conformance/fixture-servers.js';
import { KeyProxy } from './conformance/key-proxy.js';
import { expectedFailures, installedSuites, newerNode, run } from './conformance/suites.js';
import { silentTelemetry } from './silent-telemetry.js';

jest.setTimeout(240_000);

const stop = new AbortController();
let folder: string;
let gateway: RunningService;
let proxy: KeyProxy;

beforeAll(async () => {
  folder = await installedSuites();
  const logger = createLogger({ service: 'gateway', level: 'silent' });
  const config = gatewayConfig({
    KAFKA_BROKERS: '127.0.0.1:1',
    PORT: '0',
    LOG_LEVEL: 'silent',
    MESH_SERVICE_KEY: 'k'.repeat(48),
  });
  const { directory, module, http } = composeGateway(
    config,
    logger,
    stop.signal,
    silentTelemetry,
    new FixtureServers(),
  );
  const { key, identity } = sampleKey('acme', { scopes: [...scopeNames] });
  directory.put(sampleTenant('acme'));
  directory.put(identity);
  directory.complete();
  gateway = await startService({ name: 'gateway', module, port: 0, logger, http });
  proxy = await KeyProxy.start(gateway.url, key);
});

afterAll(async () => {
  stop.abort(new Error('the test is over'));
  await proxy[Symbol.asyncDispose]();
  await gateway.close();
});

const suite = (revision: string): string =>
  join(folder, 'node_modules', `conformance-${revision}`, 'dist/index.js');

describe('the official conformance suite', () => {
  it.each<[string, readonly string[]]>([
    ['2025-11-25', []],
    ['2026-07-28', ['--requirements', '2026-07-28']],
  ])('of %s passes, except for the scenarios in its file of expected failures', async (revision, more) => {
    const node = revision === '2026-07-28' ? newerNode(folder) : process.execPath;
    const { exitCode, output } = await run(
      node,
      [
        suite(revision),
        'server',
        '--url',
        `${proxy.url}/mcp`,
        '--expected-failures',
        expectedFailures(revision),
        ...more,
      ],
      folder,
    );
    // The part behind the log of each request.
    const summary = output.slice(output.indexOf('=== SUMMARY ==='));
    expect([summary, exitCode]).toEqual([expect.stringContaining('Baseline check passed'), 0]);
  });
});
