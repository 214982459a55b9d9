import { fileURLToPath } from 'node:url';

import { createDatabase, type Devstack, OwnTopics, startDevstack } from '@action-mesh/devstack';
import type { KafkaClientOptions } from '@action-mesh/messaging';
import { interruptible, OpenResources } from '@action-mesh/platform';
import { startProviderSimulator, type ProviderSimulator } from '@action-mesh/testing';

import { MeshProcesses } from '@action-mesh/mesh-processes';
import { closedLoop, type Sample } from './closed-loop.js';
import { directPost, kafkaEcho, twoCommits, type Floor } from './floors.js';
import { growLedger } from './ledger-growth.js';
import { measureLargeCatalog, type LargeCatalog } from './large-catalog.js';
import { httpLoad, kafkaLoad, type Load } from './mesh-load.js';

interface BenchOptions {
  /** Multiplies the number of calls of every run. */
  readonly scale: number;
  /** Whether throughput with a million calls in the ledger is measured too. */
  readonly growth: boolean;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

export type Path = 'direct' | 'two_commits' | 'kafka_echo' | 'mesh_http' | 'mesh_kafka';

export interface Measurement extends Sample {
  readonly path: Path;
  readonly providerMs: number;
}

export interface BenchReport {
  readonly measurements: readonly Measurement[];
  /** What the mesh adds to a direct POST, one at a time, provider at 0 ms. */
  readonly addedMsP50: number;
  readonly addedMsP99: number;
  /** Throughput at 256 at once, provider at 0 ms, as a multiple of the two-commit floor. */
  readonly kafkaOverTwoCommits: number;
  readonly httpOverTwoCommits: number;
  /** Throughput with a million calls in the ledger as a share of that with ten thousand; absent when not measured. */
  readonly millionOverTenThousand?: number;
  readonly largeCatalog: LargeCatalog;
  readonly lost: number;
  readonly duplicated: number;
}

/** One at a time comes last, when everything is warm: a service that has just started is not what people use. */
const concurrencies = [64, 256, 1];
const providerDelaysMs = [0, 20];
const toolsFolder = fileURLToPath(new URL('./tools', import.meta.url));

/** Calls before the first that is measured, before scaling. */
const settlingCalls = 30_000;

/** Calls per run, before scaling: enough for a p99, few enough for patience. */
function callsAt(concurrency: number, providerMs: number): number {
  if (concurrency === 1) return providerMs === 0 ? 500 : 200;
  return concurrency === 64 ? 6_000 : 15_000;
}

/** Measures floors and mesh in one run, on the same machine in the same state. Leaves nothing running. */
export async function runBench(options: BenchOptions): Promise<BenchReport> {
  const open = new OpenResources();
  try {
    return await new Bench(options, open).run();
  } finally {
    await open.close();
  }
}

class Bench {
  readonly #options: BenchOptions;
  readonly #open: OpenResources;
  readonly #measurements: Measurement[] = [];
  #broken: Error | undefined;
  #lost = 0;
  #duplicated = 0;

  constructor(options: BenchOptions, open: OpenResources) {
    this.#options = options;
    this.#open = open;
  }

  async run(): Promise<BenchReport> {
    const { say, signal } = this.#options;
    const devstack = this.#open.use(
      await startDevstack({ report: say, signal, need: ['kafka', 'postgres'] }),
    );
    const { prefix: topicPrefix } = this.#open.use(new OwnTopics(devstack.kafkaBrokers, 'bench'));
    const database = this.#open.use(await createDatabase(devstack.databaseUrl, 'mesh_bench'));
    const provider = this.#open.use(await startProviderSimulator({ compact: true }));
    const floors = { devstack, topicPrefix, databaseUrl: database.url, provider };
    const client = { brokers: devstack.kafkaBrokers, clientId: 'bench', topicPrefix };
    for (const providerMs of providerDelaysMs) await this.#floors(floors, providerMs);

    const mesh = this.#open.use(
      new MeshProcesses({
        devstack,
        topicPrefix,
        databaseUrl: database.url,
        tools: toolsFolder,
        providerUrls: { sim_bench: provider.url },
        egressAllow: [new URL(provider.url).host],
        onUnexpectedExit: (error) => (this.#broken = error),
      }),
    );
    await mesh.startAll();
    const { apiKey } = mesh;
    await this.#settleIn(client, apiKey);
    for (const providerMs of providerDelaysMs) {
      await setDelay(provider, providerMs);
      for (const concurrency of concurrencies) {
        await this.#mesh('mesh_http', provider, providerMs, concurrency, (open) =>
          Promise.resolve(httpLoad(mesh, open)),
        );
        await this.#mesh('mesh_kafka', provider, providerMs, concurrency, (open) =>
          kafkaLoad(client, apiKey, open),
        );
      }
    }
    const growth = this.#options.growth
      ? { millionOverTenThousand: await this.#growth(client, apiKey, database.url, provider) }
      : {};
    const largeCatalog = await interruptible(signal, measureLargeCatalog(mesh, say));
    return { ...this.#summary(), ...growth, largeCatalog };
  }

  /** Lets the mesh learn how many requests at once the provider bears: it begins with few, as with any provider. */
  async #settleIn(client: KafkaClientOptions, apiKey: string): Promise<void> {
    const open = new OpenResources();
    try {
      const { perform } = await kafkaLoad(client, apiKey, open);
      await this.#loop(256, Math.round(settlingCalls * this.#options.scale), perform);
    } finally {
      await open.close();
    }
  }

  async #floors(
    context: { devstack: Devstack; topicPrefix: string; databaseUrl: string; provider: ProviderSimulator },
    providerMs: number,
  ): Promise<void> {
    await setDelay(context.provider, providerMs);
    const open = new OpenResources();
    const floorContext = {
      providerUrl: context.provider.url,
      databaseUrl: context.databaseUrl,
      brokers: context.devstack.kafkaBrokers,
      topicPrefix: context.topicPrefix,
      open,
    };
    try {
      const floors: [Path, Floor][] = [
        ['direct', directPost(floorContext)],
        ['two_commits', await twoCommits(floorContext)],
        ['kafka_echo', await kafkaEcho(floorContext)],
      ];
      for (const [path, floor] of floors) {
        for (const concurrency of concurrencies) await this.#measure(path, providerMs, concurrency, floor);
      }
    } finally {
      await open.close();
    }
  }

  /** One run of the mesh, and the oracle's count of it against what the callers were told. */
  async #mesh(
    path: Path,
    provider: ProviderSimulator,
    providerMs: number,
    concurrency: number,
    makeLoad: (open: OpenResources) => Promise<Load>,
  ): Promise<Measurement> {
    const open = new OpenResources();
    try {
      const before = await provider.effects({ limit: 1 });
      const load = await makeLoad(open);
      const measurement = await this.#measure(path, providerMs, concurrency, load.perform);
      const after = await provider.effects({ limit: 1 });
      const { count, example } = load.failures();
      if (example !== undefined)
        this.#options.say(`  ${count} calls did not succeed, for example ${example}`);
      this.#lost += Math.max(0, load.distinct() - (after.keys - before.keys)) + count;
      this.#duplicated += after.effects - before.effects - (after.keys - before.keys);
      return measurement;
    } finally {
      await open.close();
    }
  }

  async #growth(
    client: KafkaClientOptions,
    apiKey: string,
    databaseUrl: string,
    provider: ProviderSimulator,
  ): Promise<number> {
    await setDelay(provider, 0);
    const throughputAt = async (rows: number): Promise<number> => {
      await growLedger(databaseUrl, rows, this.#options);
      const runs: number[] = [];
      for (let run = 0; run < 3; run += 1) {
        const { perSecond } = await this.#mesh('mesh_kafka', provider, 0, 256, (open) =>
          kafkaLoad(client, apiKey, open),
        );
        runs.push(perSecond);
      }
      return runs.toSorted((a, b) => a - b)[1] ?? 0;
    };
    const small = await throughputAt(10_000);
    const large = await throughputAt(1_000_000);
    return rounded(large / small);
  }

  async #measure(
    path: Path,
    providerMs: number,
    concurrency: number,
    perform: (index: number) => Promise<void>,
  ): Promise<Measurement> {
    this.#options.signal.throwIfAborted();
    if (this.#broken !== undefined) throw this.#broken;
    const calls = Math.max(concurrency, Math.round(callsAt(concurrency, providerMs) * this.#options.scale));
    const measurement = { path, providerMs, ...(await this.#loop(concurrency, calls, perform)) };
    this.#measurements.push(measurement);
    this.#options.say(
      `  ${path.padEnd(12)} provider ${providerMs} ms, ${concurrency} at once: ` +
        `${measurement.perSecond}/s, p50 ${measurement.p50Ms} ms, p99 ${measurement.p99Ms} ms`,
    );
    return measurement;
  }

  /** An interrupt ends it also where a call is never answered; what the calls run on is closed by whoever opened it. */
  #loop(concurrency: number, calls: number, perform: (index: number) => Promise<void>): Promise<Sample> {
    const { signal } = this.#options;
    return interruptible(signal, closedLoop(concurrency, calls, perform, signal));
  }

  #summary(): Omit<BenchReport, 'largeCatalog'> {
    const of = (path: Path, concurrency: number): Measurement => {
      const found = this.#measurements.find(
        (each) => each.path === path && each.concurrency === concurrency && each.providerMs === 0,
      );
      if (found === undefined) throw new Error(`${path} was not measured at ${concurrency}`);
      return found;
    };
    const floor = of('two_commits', 256).perSecond;
    return {
      measurements: this.#measurements,
      addedMsP50: rounded(of('mesh_http', 1).p50Ms - of('direct', 1).p50Ms),
      addedMsP99: rounded(of('mesh_http', 1).p99Ms - of('direct', 1).p99Ms),
      kafkaOverTwoCommits: rounded(of('mesh_kafka', 256).perSecond / floor),
      httpOverTwoCommits: rounded(of('mesh_http', 256).perSecond / floor),
      lost: this.#lost,
      duplicated: this.#duplicated,
    };
  }
}

async function setDelay(provider: ProviderSimulator, ms: number): Promise<void> {
  await provider.clearBehaviours();
  if (ms > 0) await provider.behave({ match: { path: '/echo' }, mode: 'delay', ms });
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
