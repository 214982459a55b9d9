import { FakeClock } from '@action-mesh/kernel/testing';
import { providers } from '@action-mesh/providers';

import { IntegrationBreaker } from './integration-breaker.js';
import type { Integrations, KnownIntegration } from './integrations.port.js';

const clock = new FakeClock();
const provider = providers.get('github');
if (provider === undefined) throw new Error('there is no provider github');
const integration: KnownIntegration = {
  tenantId: 'acme',
  integration: 'github',
  provider,
  scopes: [],
  hosts: [],
  settings: {},
  returnOrigins: [],
  broken: { code: 'invalid_client', retryAtMs: clock.now() - 1 },
};

it('lets the next caller be the probe after a probe that could not be noted [RF10]', async () => {
  let isDatabaseDown = true;
  const integrations: Pick<Integrations, 'find' | 'noteBroken'> = {
    find: () => Promise.resolve(integration),
    noteBroken: () =>
      isDatabaseDown ? Promise.reject(new Error('the database is down')) : Promise.resolve(),
  };
  const breaker = new IntegrationBreaker(integrations as Integrations, clock);
  await expect(breaker.enter(integration)).rejects.toThrow('the database is down');
  isDatabaseDown = false;
  expect(await breaker.enter(integration)).toBe(0);
  expect(await breaker.enter(integration)).toBeGreaterThan(0);
  breaker.leave(integration);
  expect(await breaker.enter(integration)).toBe(0);
});

it('keeps a caller paused whose knowledge is older than the end of the last probe [RF10]', async () => {
  let known = integration;
  const integrations: Pick<Integrations, 'find' | 'noteBroken'> = {
    find: () => Promise.resolve(known),
    noteBroken: (_tenantId, _integration, code, retryAtMs) => {
      known = { ...known, broken: { code, retryAtMs } };
      return Promise.resolve();
    },
  };
  const breaker = new IntegrationBreaker(integrations as Integrations, clock);
  expect(await breaker.enter(integration)).toBe(0);
  await breaker.refused(integration, 'invalid_client');
  breaker.leave(integration);
  expect(await breaker.enter(integration)).toBeGreaterThan(0);
  expect(known.broken?.retryAtMs).toBeGreaterThan(clock.now());
});
