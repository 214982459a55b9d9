import { fileURLToPath } from 'node:url';

import { createDatabase, OwnTopics, startDevstack, type Devstack } from '@action-mesh/devstack';
import { MeshProcesses } from '@action-mesh/mesh-processes';
import type { KafkaClientOptions } from '@action-mesh/messaging';
import { interruptible, OpenResources } from '@action-mesh/platform';
import { startProviderSimulator, type ProviderSimulator } from '@action-mesh/testing';

import { EffectCount } from './effect-count.js';
import type { FloorContext } from './floors.js';

export interface BenchOptions {
  /** The factor for the calls of every run. */
  readonly scale: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Whether the services of a mesh run in one process each, or share one. */
export type MeshForm = 'four processes' | 'one process';

/** A mesh with topics and a database of its own. */
export interface BenchMesh {
  readonly form: MeshForm;
  readonly processes: MeshProcesses;
  readonly client: KafkaClientOptions;
  readonly databaseUrl: string;
}

const toolsFolder = fileURLToPath(new URL('./tools', import.meta.url));

/** The servers and the provider of all sections of a run. */
export class BenchSetting {
  readonly effects = new EffectCount();
  readonly #broken = new AbortController();
  /** Aborts on an interrupt, and when a service of a mesh ends by itself. */
  readonly signal: AbortSignal;

  readonly options: BenchOptions;
  readonly devstack: Devstack;
  readonly provider: ProviderSimulator;
  readonly #floorDatabaseUrl: string;
  readonly #floorPrefix: string;

  private constructor(
    options: BenchOptions,
    devstack: Devstack,
    provider: ProviderSimulator,
    floorDatabaseUrl: string,
    floorPrefix: string,
  ) {
    this.options = options;
    this.devstack = devstack;
    this.provider = provider;
    this.#floorDatabaseUrl = floorDatabaseUrl;
    this.#floorPrefix = floorPrefix;

    this.signal = AbortSignal.any([options.signal, this.#broken.signal]);
  }

  static async start(options: BenchOptions, open: OpenResources): Promise<BenchSetting> {
    const { say, signal } = options;
    const devstack = open.use(await startDevstack({ report: say, signal, need: ['kafka', 'postgres'] }));
    const { prefix } = open.use(new OwnTopics(devstack.kafkaBrokers, 'bench'));
    const database = open.use(await createDatabase(devstack.databaseUrl, 'mesh_bench'));
    const provider = open.use(await startProviderSimulator({ compact: true }));
    return new BenchSetting(options, devstack, provider, database.url, prefix);
  }

  get say(): (line: string) => void {
    return this.options.say;
  }

  /** Multiplies a number of calls by the scale; at least `least`. */
  calls(count: number, least = 1): number {
    return Math.max(least, Math.round(count * this.options.scale));
  }

  floorContext(open: OpenResources): FloorContext {
    return {
      providerUrl: this.provider.url,
      databaseUrl: this.#floorDatabaseUrl,
      brokers: this.devstack.kafkaBrokers,
      topicPrefix: this.#floorPrefix,
      open,
    };
  }

  async delayProvider(ms: number): Promise<void> {
    await this.provider.clearBehaviours();
    if (ms > 0) await this.provider.behave({ match: { path: '/echo' }, mode: 'delay', ms });
  }

  /** Runs `work` with resources of its own. An interrupt also ends it while a call has no answer. */
  async with<Result>(work: (open: OpenResources) => Promise<Result>): Promise<Result> {
    this.signal.throwIfAborted();
    const open = new OpenResources();
    try {
      return await interruptible(this.signal, work(open));
    } finally {
      await open.close();
    }
  }

  /** Prepares a mesh without starting it. `variables` go to all its services. */
  async mesh(
    form: MeshForm,
    open: OpenResources,
    variables: Readonly<Record<string, string>> = {},
  ): Promise<BenchMesh> {
    const { prefix: topicPrefix } = open.use(new OwnTopics(this.devstack.kafkaBrokers, 'bench'));
    const { url: databaseUrl } = open.use(await createDatabase(this.devstack.databaseUrl, 'mesh_bench'));
    const processes = open.use(
      new MeshProcesses({
        devstack: this.devstack,
        topicPrefix,
        databaseUrl,
        tools: toolsFolder,
        providerUrls: { sim_bench: this.provider.url },
        // The provider, and the authorization server of the section on credentials.
        egressAllow: ['127.0.0.1:*'],
        variables,
        onUnexpectedExit: (error) => this.#broken.abort(error),
      }),
    );
    const client = { brokers: this.devstack.kafkaBrokers, clientId: 'bench', topicPrefix };
    return { form, processes, client, databaseUrl };
  }
}
