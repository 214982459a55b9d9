import { newSigningKey } from '@action-mesh/audit';
import type { Devstack } from '@action-mesh/devstack';
import { newKeyText } from '@action-mesh/identity';
import { compiledFile, defined } from '@action-mesh/kernel';
import { newServiceKey } from '@action-mesh/platform';
import { newVaultKey } from '@action-mesh/vault';
import { z } from 'zod';

import { ChildProcess } from './child-process.js';
import { freeLoopbackPort } from './free-loopback-port.js';

const services = [
  'auth-broker',
  'catalog',
  'rate-governor',
  'webhooks',
  'executor',
  'audit',
  'flows',
  'gateway',
] as const;
/** All services in one process, for `start` instead of `startAll`. */
const all = 'all' as const;

export type ServiceName = (typeof services)[number] | typeof all;

/** A service, or one of several instances: `executor`, `executor-2`. */
export type ProcessName = ServiceName | `${ServiceName}-${string}`;

export interface MeshProcessesOptions {
  readonly devstack: Pick<Devstack, 'kafkaBrokers' | 'redisUrl'>;
  readonly topicPrefix: string;
  /** A database of this mesh alone. */
  readonly databaseUrl: string;
  /** The folder of compiled tools. */
  readonly tools: string;
  /** The real URLs of the tools' providers, by slug. */
  readonly providerUrls: Readonly<Record<string, string>>;
  /** Addresses that calls may reach beside the public internet. */
  readonly egressAllow: readonly string[];
  /** Further variables of all executors, such as `CREDENTIAL_<PROVIDER>`. */
  readonly executorVariables?: Readonly<Record<string, string>>;
  /** Whether `startAll` starts audit. Calls do not need it. @default false */
  readonly audit?: boolean;
  /** The folder of flows. Absent: no service for flows runs. */
  readonly flows?: string;
  /** Further variables of all services. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly onUnexpectedExit: (error: Error, name: ProcessName) => void;
  /** Aborts when the infrastructure is gone. A drain is impossible then, so the services are killed. */
  readonly broken?: AbortSignal;
}

/** The characters of output that are kept from replaced processes. */
const keptPastOutput = 64 * 1024;

const readySchema = z.object({ url: z.string() });

/**
 * A mesh with one process per service, so a test can kill each of them. It exists before any process starts, so its
 * owner can end it at any time.
 */
export class MeshProcesses implements AsyncDisposable {
  /** A key of the platform role, for callers and administrators. */
  readonly apiKey = newKeyText('api', 'dev');
  /** The token of publishers to `mesh.ingress`. */
  readonly publisherToken = newKeyText('publisher', 'dev');
  /** The key of its services, for a test that asks an internal API. */
  readonly serviceKey = newServiceKey();
  readonly #vaultKey = newVaultKey();
  readonly #signingKey = newSigningKey();
  readonly #options: MeshProcessesOptions;
  readonly #running = new Map<ProcessName, ChildProcess>();
  readonly #urls = new Map<ProcessName, string>();
  /** Chosen before the gateway starts: the auth broker writes the address of the gateway into its links. */
  #publicUrl = '';
  #publicPort: Promise<number> | undefined;
  /** The output of replaced processes. */
  #past = '';
  #disposed = false;

  constructor(options: MeshProcessesOptions) {
    this.#options = options;
  }

  /** Starts one instance of every service, and audit if the options say so. Its owner may dispose of it meanwhile, or when this rejects. */
  async startAll(): Promise<void> {
    // The gateway reads the state of calls from the executor, so it needs the executor's address.
    const behind = services.filter(
      (name) =>
        name !== 'gateway' &&
        (name !== 'audit' || this.#options.audit === true) &&
        (name !== 'flows' || this.#options.flows !== undefined),
    );
    await Promise.all(behind.map((name) => this.start(name)));
    await this.start('gateway');
  }

  get gatewayUrl(): string {
    return this.#urls.get(all) ?? this.urlOf('gateway');
  }

  /** The address of a started process. */
  urlOf(name: ProcessName): string {
    return this.#urls.get(name) ?? '';
  }

  /**
   * Starts a service and waits until it is ready. A service that ran before gets the same port again. `environment` and
   * `preloads` apply only to this start of this instance.
   */
  async start(
    name: ProcessName,
    environment: Readonly<Record<string, string>> = {},
    preloads: readonly URL[] = [],
  ): Promise<void> {
    this.#publicPort ??= freeLoopbackPort();
    this.#publicUrl = `http://127.0.0.1:${await this.#publicPort}`;
    const { url } = readySchema.parse(await this.#fork(name, environment, preloads).firstMessage());
    this.#urls.set(name, url);
    await untilReady(`${url}/health/ready`);
  }

  /** Starts a service without waiting, since a test may make it die before it is ready. */
  launch(
    name: ProcessName,
    environment: Readonly<Record<string, string>> = {},
    preloads: readonly URL[] = [],
  ): void {
    this.#fork(name, environment, preloads);
  }

  #fork(
    name: ProcessName,
    environment: Readonly<Record<string, string>>,
    preloads: readonly URL[],
  ): ChildProcess {
    if (this.#disposed) throw new Error(`the ${name} cannot start after everything was stopped`);
    const before = this.#urls.get(name) ?? (name === 'gateway' || name === all ? this.#publicUrl : undefined);
    const port = before === undefined ? '0' : new URL(before).port;
    const child = new ChildProcess({
      name: `the ${name}`,
      file: compiledFile(`./${serviceOf(name)}/main`, import.meta.url),
      env: { ...this.#environment(serviceOf(name), port), ...environment },
      preloads,
      onUnexpectedExit: (error) => this.#options.onUnexpectedExit(error, name),
    });
    this.#past = (this.#past + (this.#running.get(name)?.output ?? '')).slice(-keptPastOutput);
    this.#running.set(name, child);
    return child;
  }

  /** Lets a service drain and end. */
  async stop(name: ProcessName): Promise<void> {
    await this.#running.get(name)?.stop();
  }

  async kill(name: ProcessName): Promise<void> {
    await this.#running.get(name)?.kill();
  }

  async killAll(): Promise<void> {
    await Promise.all([...this.#running.values()].map((child) => child.kill()));
  }

  /** Freezes a process with its connections open, until it is resumed. */
  pause(name: ProcessName): void {
    this.#running.get(name)?.pause();
  }

  resume(name: ProcessName): void {
    this.#running.get(name)?.resume();
  }

  /** Resolves when a process has ended by itself, as the test made it do. */
  async death(name: ProcessName): Promise<void> {
    await this.#running.get(name)?.death();
  }

  /** The pid of the current process of this name, or of the last one. */
  pidOf(name: ProcessName): number {
    return this.#running.get(name)?.pid ?? 0;
  }

  /** The last part of one process's output. */
  outputOf(name: ProcessName): string {
    return this.#running.get(name)?.output ?? '';
  }

  /** The last part of each process's output, including processes that have ended. */
  get output(): string {
    return this.#past + [...this.#running].map(([name, child]) => `--- ${name}\n${child.output}`).join('');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    // The gateway stops first. It accepts no more calls, and the executor can finish the calls under way.
    for (const service of [...services, all].toReversed()) {
      const instances = [...this.#running.keys()].filter((name) => serviceOf(name) === service);
      await Promise.all(
        instances.map((name) => (this.#options.broken?.aborted === true ? this.kill(name) : this.stop(name))),
      );
    }
  }

  #environment(name: ServiceName, port: string): Record<string, string> {
    const { devstack, topicPrefix, databaseUrl, tools, providerUrls, egressAllow } = this.#options;
    const runs = (...some: ServiceName[]): boolean => name === all || some.includes(name);
    const catalogUrl = this.#urls.get('catalog');
    const rateGovernorUrl = this.#urls.get('rate-governor');
    const authBrokerUrl = this.#urls.get('auth-broker');
    const webhooksUrl = this.#urls.get('webhooks');
    const auditUrl = this.#urls.get('audit');
    const flowsUrl = this.#urls.get('flows');
    return {
      PORT: port,
      LOG_LEVEL: 'warn',
      MESH_SERVICE_KEY: this.serviceKey,
      KAFKA_BROKERS: devstack.kafkaBrokers.join(','),
      KAFKA_TOPIC_PREFIX: topicPrefix,
      ...this.#options.variables,
      ...(runs('executor')
        ? {
            DATABASE_URL: databaseUrl,
            EGRESS_ALLOW: egressAllow.join(','),
            ...defined({ REDIS_URL: devstack.redisUrl }),
            ...this.#options.executorVariables,
          }
        : {}),
      ...(runs('auth-broker', 'rate-governor', 'catalog', 'webhooks', 'audit', 'flows')
        ? { DATABASE_URL: databaseUrl }
        : {}),
      ...(runs('auth-broker')
        ? {
            AUTH_BROKER_PLATFORM_KEY: this.apiKey,
            AUTH_BROKER_PLATFORM_PUBLISHER: this.publisherToken,
            EGRESS_ALLOW: egressAllow.join(','),
            MESH_PUBLIC_URL: this.#publicUrl,
            AUTH_BROKER_KEYS: this.#vaultKey,
          }
        : {}),
      ...(runs('flows') ? defined({ FLOWS: this.#options.flows }) : {}),
      ...(runs('audit') ? { AUDIT_SIGNING_KEY: this.#signingKey } : {}),
      ...(runs('webhooks')
        ? {
            WEBHOOKS_KEYS: this.#vaultKey,
            MESH_PUBLIC_URL: this.#publicUrl,
            EGRESS_ALLOW: egressAllow.join(','),
          }
        : {}),
      ...(runs('gateway')
        ? {
            EXECUTOR_URL: this.#urls.get('executor') ?? '',
            MESH_PUBLIC_URL: this.#publicUrl,
            ...defined({
              AUTH_BROKER_URL: authBrokerUrl,
              CATALOG_URL: catalogUrl,
              RATE_GOVERNOR_URL: rateGovernorUrl,
              WEBHOOKS_URL: webhooksUrl,
              AUDIT_URL: auditUrl,
              FLOWS_URL: flowsUrl,
            }),
          }
        : {}),
      ...(runs('catalog')
        ? { CATALOG_TOOLS: tools, CATALOG_PROVIDER_URLS: JSON.stringify(providerUrls) }
        : {}),
    };
  }
}

function serviceOf(name: ProcessName): ServiceName {
  const service = ([...services, all] as const).find(
    (known) => name === known || name.startsWith(`${known}-`),
  );
  if (service === undefined) throw new Error(`"${name}" is no service`);
  return service;
}

/** Waits until a service accepts work. The error names the missing part when that takes too long. */
async function untilReady(url: string): Promise<void> {
  const giveUpAtMs = performance.now() + 60_000;
  let last = 'no answer';
  while (performance.now() < giveUpAtMs) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
      last = await response.text();
      if (response.ok) return;
    } catch (error) {
      last = error instanceof Error ? error.message : 'no answer';
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} did not become ready: ${last}`);
}
