import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { auditConfig } from '@action-mesh/audit';
import { authBrokerConfig } from '@action-mesh/auth-broker';
import { catalogConfig } from '@action-mesh/catalog';
import { executorConfig } from '@action-mesh/executor';
import { flowsConfig } from '@action-mesh/flows';
import { gatewayConfig } from '@action-mesh/gateway';
import type { Environment } from '@action-mesh/platform';
import { rateGovernorConfig } from '@action-mesh/rate-governor';
import { newVaultKey } from '@action-mesh/vault';
import { webhooksConfig } from '@action-mesh/webhooks';

const root = join(import.meta.dirname, '../../..');
const text = readFileSync(join(root, '.env.example'), 'utf8');

/** The lines that set a variable. The comment above each names its readers in brackets. */
const entries = [...text.matchAll(/^# \[([^\]]+)\] .*\n(?:#? ?)([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(
  ([, readers = '', variable = '', value = '']) => ({ readers: readers.split(', '), variable, value }),
);

/** The names in the schema of one configuration. Prettier puts each on a line of its own. */
function namesIn(path: string): string[] {
  const source = readFileSync(join(root, path), 'utf8');
  return [...source.matchAll(/^\s+([A-Z][A-Z0-9_]*):/gm)].map(([, name = '']) => name);
}

/** Variables that configurations share. */
const shared = [
  { spread: '...kafkaVariables', names: namesIn('libs/platform/src/kafka-variables.ts') },
  { spread: '...serviceKeyVariables', names: namesIn('libs/platform/src/service-key.ts') },
  {
    spread: '...telemetryVariables',
    names: namesIn('libs/telemetry/src/settings/telemetry-variables.ts'),
  },
];
const services = readdirSync(join(root, 'services'))
  .filter((service) => existsSync(join(root, 'services', service, 'src/config.ts')))
  .map((service) => {
    const path = `services/${service}/src/config.ts`;
    const source = readFileSync(join(root, path), 'utf8');
    const taken = shared.filter(({ spread }) => source.includes(spread)).flatMap(({ names }) => names);
    return { service, variables: [...new Set([...taken, ...namesIn(path)])] };
  });

const configurations: readonly (readonly [service: string, read: (environment: Environment) => unknown])[] = [
  ['catalog', catalogConfig],
  ['executor', executorConfig],
  ['gateway', gatewayConfig],
  ['rate-governor', rateGovernorConfig],
  ['auth-broker', authBrokerConfig],
  ['webhooks', webhooksConfig],
  ['audit', auditConfig],
  ['flows', flowsConfig],
];

const required = {
  KAFKA_BROKERS: 'k1:9092',
  DATABASE_URL: 'postgres://mesh@db/mesh',
  MESH_SERVICE_KEY: 'a-key-of-services-with-32-characters',
  CATALOG_TOOLS: './tools',
  AUTH_BROKER_KEYS: newVaultKey(),
  WEBHOOKS_KEYS: newVaultKey(),
  AUDIT_SIGNING_KEY: 'A'.repeat(43),
};

describe('.env.example', () => {
  it.each(services)('lists the variables of $service, and no others', ({ service, variables }) => {
    const listed = entries
      .filter(({ readers }) => readers.includes(service) || readers.includes('every service'))
      .map(({ variable }) => variable);
    expect(listed.sort()).toEqual([...variables].sort());
  });

  it.each(services)('whose variables of telemetry the README of $service links', ({ service, variables }) => {
    expect(variables).toContain('METRICS_KEY');
    const readme = readFileSync(join(root, 'services', service, 'README.md'), 'utf8');
    expect(readme).toMatch(
      /^\| `METRICS_KEY`, `OTEL_\*`, … .*\]\(\.\.\/\.\.\/docs\/guides\/telemetry\.md\)/m,
    );
  });

  it('sets every variable once', () => {
    const set = [...text.matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=/gm)].map(([, variable]) => variable);
    expect(set).toEqual(entries.map(({ variable }) => variable));
    expect(new Set(set).size).toBe(set.length);
  });

  it('lists every variable of docker-compose.yml', () => {
    const compose = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
    const taken = [...compose.matchAll(/\$\{([A-Z][A-Z0-9_]*)/g)].map(([, variable = '']) => variable);
    expect(entries.map(({ variable }) => variable)).toEqual(expect.arrayContaining(taken));
  });

  it.each(configurations)('shows the defaults of the %s', (_service, read) => {
    const defaults = Object.fromEntries(entries.map(({ variable, value }) => [variable, value]));
    expect(read({ ...defaults, ...required })).toEqual(read(required));
  });

  it('holds no secret', () => {
    for (const { variable, value } of entries.filter((entry) =>
      /KEY|PASSWORD|USERNAME|URL$/.test(entry.variable),
    ))
      expect([variable, value]).toEqual([
        variable,
        expect.stringMatching(/^$|^mesh$|^http:\/\/127\.0\.0\.1:\d+$/),
      ]);
  });
});
