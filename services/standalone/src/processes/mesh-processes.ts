import type { Devstack } from '@action-mesh/devstack';
import { z } from 'zod';

import { ChildProcess } from './child-process.js';

export type ServiceName = 'catalog' | 'executor' | 'gateway';

export interface MeshProcessesOptions {
  readonly devstack: Pick<Devstack, 'kafkaBrokers'>;
  readonly topicPrefix: string;
  /** A database of this mesh alone. */
  readonly databaseUrl: string;
  /** The folder of compiled tools. */
  readonly tools: string;
  /** Where the tools' providers really are, by slug. */
  readonly providerUrls: Readonly<Record<string, string>>;
  /** What calls may reach beside the public internet. */
  readonly egressAllow: readonly string[];
  readonly onUnexpectedExit: (error: Error) => void;
  /** Once it aborts there is nothing left to drain into: the services are ended without being asked. */
  readonly broken?: AbortSignal;
}

const readySchema = z.object({ url: z.string() });

/** A mesh whose services run in a process each, so that any of them can be killed. */
export class MeshProcesses implements AsyncDisposable {
  readonly #options: MeshProcessesOptions;
  readonly #running = new Map<ServiceName, ChildProcess>();
  readonly #urls = new Map<ServiceName, string>();

  private constructor(options: MeshProcessesOptions) {
    this.#options = options;
  }

  static async start(options: MeshProcessesOptions): Promise<MeshProcesses> {
    const mesh = new MeshProcesses(options);
    try {
      // The gateway asks the executor how calls stand, so that it must know where that is.
      await Promise.all([mesh.start('catalog'), mesh.start('executor')]);
      await mesh.start('gateway');
      return mesh;
    } catch (error) {
      await mesh[Symbol.asyncDispose]();
      throw error;
    }
  }

  get gatewayUrl(): string {
    return this.#urls.get('gateway') ?? '';
  }

  /** Starts a service, on the port that it had before if it ran before, and waits until it is ready. */
  async start(name: ServiceName): Promise<void> {
    const before = this.#urls.get(name);
    const child = new ChildProcess({
      name: `the ${name}`,
      file: new URL('./main', import.meta.url),
      args: [name],
      env: this.#environment(name, before === undefined ? '0' : new URL(before).port),
      onUnexpectedExit: this.#options.onUnexpectedExit,
    });
    this.#running.set(name, child);
    const { url } = readySchema.parse(await child.firstMessage());
    this.#urls.set(name, url);
    await untilReady(`${url}/health/ready`);
  }

  /** Lets a service drain and end. */
  async stop(name: ServiceName): Promise<void> {
    await this.#running.get(name)?.stop();
  }

  async kill(name: ServiceName): Promise<void> {
    await this.#running.get(name)?.kill();
  }

  /** The last of what each service printed. */
  get output(): string {
    return [...this.#running].map(([name, child]) => `--- ${name}\n${child.output}`).join('');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The gateway first: it stops taking in, and the executor can finish what is under way.
    for (const name of ['gateway', 'executor', 'catalog'] as const) {
      if (this.#options.broken?.aborted === true) await this.kill(name);
      else await this.stop(name);
    }
  }

  #environment(name: ServiceName, port: string): Record<string, string> {
    const { devstack, topicPrefix, databaseUrl, tools, providerUrls, egressAllow } = this.#options;
    return {
      PORT: port,
      LOG_LEVEL: 'warn',
      KAFKA_BROKERS: devstack.kafkaBrokers.join(','),
      KAFKA_TOPIC_PREFIX: topicPrefix,
      ...(name === 'executor' ? { DATABASE_URL: databaseUrl, EGRESS_ALLOW: egressAllow.join(',') } : {}),
      ...(name === 'gateway' ? { EXECUTOR_URL: this.#urls.get('executor') ?? '' } : {}),
      ...(name === 'catalog'
        ? { CATALOG_TOOLS: tools, CATALOG_PROVIDER_URLS: JSON.stringify(providerUrls) }
        : {}),
    };
  }
}

/** Waits until a service takes work; says what it waits for when that takes too long. */
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
