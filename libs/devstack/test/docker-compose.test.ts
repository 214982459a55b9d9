/**
 * Checks docker-compose.yml without a container engine: against the schema of the Compose specification, and against
 * other files of this checkout.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { AnySchemaObject } from 'ajv';
import { parse } from 'yaml';
import { findCheckout } from '../src/checkout.js';
import { images } from '../src/containers/containers.js';

interface ComposeService {
  readonly image?: string;
  readonly build?: {
    readonly context: string;
    readonly dockerfile: string;
    readonly args: { SERVICE: string };
  };
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly ports?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
}

interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly secrets?: Readonly<Record<string, unknown>>;
}

const { root } = findCheckout();
const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as ComposeFile;
const ours = Object.entries(compose.services).filter(([, service]) => service.build !== undefined);

/** The addresses that a configuration of Prometheus scrapes. */
function targetsOf(file: string): readonly string[] {
  const { scrape_configs: jobs } = parse(readFileSync(join(root, file), 'utf8')) as {
    readonly scrape_configs: readonly {
      readonly job_name: string;
      readonly static_configs: readonly { readonly targets: readonly string[] }[];
    }[];
  };
  // Alerts name the job.
  expect(jobs.map(({ job_name: name }) => name)).toEqual(['action-mesh']);
  return jobs.flatMap((job) => job.static_configs.flatMap(({ targets }) => targets));
}

/** The default of PORT in the configuration of a service. `npm start` gives the same ports in the same order. */
function defaultPortOf(service: string): string {
  const source = readFileSync(join(root, 'services', service, 'src/config.ts'), 'utf8');
  return /^\s+PORT: port\.default\((\d+)\)/m.exec(source)?.[1] ?? 'none';
}

function violations(file: unknown): string[] {
  const path = createRequire(import.meta.url).resolve('docker-compose/schema/compose-spec.json');
  // The schema has an https `$schema` that Ajv does not know. It is draft 7 all the same.
  const { $schema, ...schema } = JSON.parse(readFileSync(path, 'utf8')) as AnySchemaObject;
  expect($schema).toContain('draft-07');
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const validate = ajv.compile(schema);
  if (validate(file) === true) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

describe('docker-compose.yml', () => {
  it('follows the Compose specification', () => {
    expect(violations(compose)).toEqual([]);
  });

  it('would fail that check with an unknown property', () => {
    const broken = { services: { gateway: { ...compose.services['gateway'], dependson: {} } } };
    expect(violations(broken)).not.toEqual([]);
  });

  it('starts the infrastructure in the versions of the development stack', () => {
    for (const [name, image] of Object.entries(images)) expect(compose.services[name]?.image).toBe(image);
  });

  it.each(ours)('builds %s from an existing service, once the infrastructure is healthy', (name, service) => {
    const { build, depends_on: dependencies = {}, healthcheck } = service;
    expect(existsSync(join(root, 'services', name, 'package.json'))).toBe(true);
    expect(build).toEqual({
      context: '.',
      dockerfile: 'deploy/images/Dockerfile',
      args: { SERVICE: name },
    });
    expect(existsSync(join(root, build?.dockerfile ?? ''))).toBe(true);
    for (const [other, { condition }] of Object.entries(dependencies)) {
      expect(condition).toBe('service_healthy');
      expect(compose.services[other]?.healthcheck).toBeDefined();
    }
    expect(healthcheck?.test.join(' ')).toContain('/health/ready');
  });

  it('gives every service its addresses, at existing names and ports', () => {
    expect(ours.map(([name]) => name)).toEqual([
      'gateway',
      'catalog',
      'executor',
      'rate-governor',
      'auth-broker',
      'webhooks',
      'audit',
      'flows',
    ]);
    for (const [, { environment = {} }] of ours) {
      expect(environment['KAFKA_BROKERS']).toBe('kafka:9092');
      expect(new URL(String(environment['DATABASE_URL']).replace(/\$\{.*?\}/, 'x')).host).toBe(
        'postgres:5432',
      );
      expect(new URL(String(environment['REDIS_URL'])).host).toBe('redis:6379');
    }
    const executorPort = String(compose.services['executor']?.environment?.['PORT']);
    expect(compose.services['gateway']?.environment?.['EXECUTOR_URL']).toBe(
      `http://executor:${executorPort}`,
    );
  });

  it('refuses to start without keys, and gives them no default', () => {
    const keys = [
      compose.services['auth-broker']?.environment?.['AUTH_BROKER_PLATFORM_KEY'],
      compose.services['auth-broker']?.environment?.['AUTH_BROKER_KEYS'],
      compose.services['webhooks']?.environment?.['WEBHOOKS_KEYS'],
      compose.services['audit']?.environment?.['AUDIT_SIGNING_KEY'],
      ...ours.map(([, { environment = {} }]) => environment['MESH_SERVICE_KEY']),
    ];
    expect(keys.map(String)).toEqual([
      expect.stringMatching(/^\$\{AUTH_BROKER_PLATFORM_KEY:\?.*deploy\/README\.md.*\}$/),
      expect.stringMatching(/^\$\{AUTH_BROKER_KEYS:\?.*deploy\/README\.md.*\}$/),
      expect.stringMatching(/^\$\{WEBHOOKS_KEYS:\?.*deploy\/README\.md.*\}$/),
      expect.stringMatching(/^\$\{AUDIT_SIGNING_KEY:\?.*deploy\/README\.md.*\}$/),
      ...ours.map(
        () => expect.stringMatching(/^\$\{MESH_SERVICE_KEY:\?.*openssl rand -hex 24.*\}$/) as unknown,
      ),
    ]);
  });

  it('publishes the gateway alone, and gives all services with egress the same reachable addresses', () => {
    const { catalog, executor, 'auth-broker': authBroker } = compose.services;
    expect(ours.flatMap(([, { ports = [] }]) => ports)).toEqual(['127.0.0.1:8080:8080']);
    expect(String(catalog?.environment?.['CATALOG_TOOLS'])).toContain('/srv/tools');
    for (const service of [catalog, executor, authBroker])
      expect(service?.environment?.['EGRESS_ALLOW']).toBe('${EGRESS_ALLOW:-}');
  });

  it('gives every service every variable of telemetry but the name, and no value of its own', () => {
    const source = readFileSync(join(root, 'libs/telemetry/src/settings/telemetry-variables.ts'), 'utf8');
    const names = [...source.matchAll(/^ {2}([A-Z][A-Z0-9_]*):/gm)].map(([, name = '']) => name);
    expect(names).toContain('METRICS_KEY');
    const passed = names.filter((name) => name !== 'OTEL_SERVICE_NAME');
    for (const [, { environment = {} }] of ours)
      expect(Object.fromEntries(names.map((name) => [name, environment[name]]))).toEqual({
        ...Object.fromEntries(passed.map((name) => [name, `\${${name}:-}`])),
        OTEL_SERVICE_NAME: undefined,
      });
  });

  it('publishes nothing beyond this machine', () => {
    const ports = Object.values(compose.services).flatMap((service) => service.ports ?? []);
    expect(ports).not.toHaveLength(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });
});

describe('Prometheus', () => {
  it('in docker compose scrapes each service by its name and its port there', () => {
    expect(targetsOf('deploy/dashboards/prometheus-compose.yaml')).toEqual(
      ours.map(([name, { environment = {} }]) => `${name}:${environment['PORT']}`),
    );
    const { volumes, secrets, ...prometheus } = compose.services['prometheus'] ?? {};
    expect(prometheus).toMatchObject({ profiles: ['metrics'], ports: ['127.0.0.1:9090:9090'] });
    expect(volumes).toContain(
      './deploy/dashboards/prometheus-compose.yaml:/etc/prometheus/prometheus.yml:ro',
    );
    expect(secrets).toEqual(['metrics-key']);
    expect(compose.secrets).toEqual({ 'metrics-key': { environment: 'METRICS_KEY' } });
  });

  it('beside npm start scrapes each service at its default port', () => {
    expect(targetsOf('deploy/dashboards/prometheus.yaml')).toEqual(
      ours.map(([name]) => `127.0.0.1:${defaultPortOf(name)}`),
    );
  });
});
