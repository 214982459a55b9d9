import { findCheckout } from './checkout.js';
import type { Checkout } from './checkout.js';
import { componentProviders } from './component-sources.js';
import type { Provided, SourceContext } from './component-sources.js';
import { allComponents, describeComponent } from './component.js';
import type { Addresses, Component, ComponentName, Source } from './component.js';
import { readConfig } from './config.js';
import type { DevstackConfig } from './config.js';
import { containerEngineAnswers } from './containers/engine.js';
import type { DataFolder } from './data-folder.js';
import { isKafkaInstalled } from './native/kafka-distribution.js';
import { KeptServers } from './native/kept-servers.js';
import { startNativeRun } from './native/native-stack.js';
import { findPostgresPackage } from './native/postgres-binaries.js';
import { findPrograms } from './native/programs.js';
import { findStack, stackAnswers } from './recorded-stack.js';
import type { RecordedStack } from './recorded-stack.js';
import type { Run } from './run/run.js';
import { chooseSources } from './source-choice.js';
import type { SourceFacts } from './source-choice.js';

export interface DevstackOptions {
  /** @default all of them */
  readonly need?: readonly ComponentName[];
  /** Gets one line per component, and progress while a download runs. @default no report */
  readonly report?: (line: string) => void;
  /** The folder for the data of servers that this start brings up. @default data end with the stack */
  readonly keepIn?: DataFolder;
  /** Aborts the start and ends the servers started so far. No effect afterwards. */
  readonly signal?: AbortSignal;
}

/** Infrastructure that answers. Servers started for it end with `stop()` or with this process. */
export interface Devstack extends AsyncDisposable {
  /** Empty when Kafka was not needed. */
  readonly kafkaBrokers: readonly string[];
  /** Empty when PostgreSQL was not needed. */
  readonly databaseUrl: string;
  /** Absent without Redis: the mesh then enforces limits by itself. */
  readonly redisUrl?: string;
  readonly components: readonly Component[];
  /** Resolves when the servers of this stack are gone, by a stop or because their supervisor was killed. */
  readonly ended: Promise<void>;
  /** Ends the servers that this stack started and deletes data that is not kept. Servers of other stacks stay. */
  stop(): Promise<void>;
}

/**
 * Finds or starts Kafka, PostgreSQL and Redis. Throws InfrastructureMissingError when software is missing. Throws
 * ComponentStartError when a component does not answer. No started server is left after an error.
 */
export async function startDevstack(options: DevstackOptions = {}): Promise<Devstack> {
  const config = readConfig();
  const checkout = findCheckout(config.stateFolder);
  const stack = await findStack(checkout.stackFile);
  const runningStack = stack !== undefined && (await stackAnswers(stack)) ? stack : undefined;
  return await provide(options, config, checkout, runningStack);
}

/** Finds or starts the components, with all surroundings as parameters. */
export async function provide(
  { need = allComponents, report = () => undefined, signal, keepIn }: DevstackOptions,
  config: DevstackConfig,
  checkout: Checkout,
  stack: RecordedStack | undefined,
): Promise<Devstack> {
  signal?.throwIfAborted();
  const facts = await gatherFacts(need, config, checkout, stack);
  const sources = chooseSources(need, facts);
  const started = new StartedParts(() => startNativeRun(checkout, config.environment, keepIn?.path));
  const onAbort = () => void started.end();
  signal?.addEventListener('abort', onAbort);
  const kept = keepIn === undefined ? {} : { kept: new KeptServers(keepIn.path) };
  const context = {
    config,
    checkout,
    stack,
    programs: facts.programs,
    run: () => started.run(),
    report,
    ...kept,
  };
  try {
    const parts = [...sources].map(([name, source]) => startComponent(name, source, context, started));
    const results = await Promise.all(parts).catch(async (error: unknown) => {
      await started.end();
      await Promise.allSettled(parts);
      await started.end(); // Servers that came up while the rest was being ended.
      throw signal?.aborted === true ? signal.reason : error;
    });
    const addresses = results.reduce<Addresses>(
      (all, { provided }) => ({ ...all, ...provided.addresses }),
      {},
    );
    return {
      kafkaBrokers: addresses.kafkaBrokers ?? [],
      databaseUrl: addresses.databaseUrl ?? '',
      ...(addresses.redisUrl !== undefined && { redisUrl: addresses.redisUrl }),
      components: results.map(({ component }) => component),
      ended: started.ended,
      stop: () => started.end(),
      [Symbol.asyncDispose]: () => started.end(),
    };
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

async function startComponent(
  name: ComponentName,
  source: Source,
  context: SourceContext,
  started: StartedParts,
): Promise<{ component: Component; provided: Provided }> {
  const begin = performance.now();
  const provided = await componentProviders[name][source](context);
  if (provided.stop !== undefined) started.add(provided.stop);
  const tookMs = Math.round(performance.now() - begin);
  const component = { name, source, what: provided.what, address: provided.address, tookMs };
  context.report(describeComponent(component));
  return { component, provided };
}

/** The started parts: one run for all native servers, and containers. */
class StartedParts {
  #run: Promise<Run> | undefined;
  readonly #stops = new Set<() => Promise<void>>();
  readonly ended: Promise<void>;
  #tellEnded: () => void = () => undefined;

  readonly #startRun: () => Promise<Run>;

  constructor(startRun: () => Promise<Run>) {
    this.#startRun = startRun;

    this.ended = new Promise((resolve) => (this.#tellEnded = resolve));
  }

  run(): Promise<Run> {
    this.#run ??= this.#startRun().then((run) => {
      void run.ended.then(this.#tellEnded);
      return run;
    });
    return this.#run;
  }

  add(stop: () => Promise<void>): void {
    this.#stops.add(stop);
  }

  async end(): Promise<void> {
    const stops = [...this.#stops];
    this.#stops.clear();
    const run = await this.#run?.catch(() => undefined);
    await Promise.all([run?.end(), ...stops.map((stop) => stop())]);
    this.#tellEnded();
  }
}

/** Gathers only the facts that the choice depends on. A test run with all addresses given starts at once. */
async function gatherFacts(
  need: readonly ComponentName[],
  { given, environment }: DevstackConfig,
  checkout: Checkout,
  stack: RecordedStack | undefined,
): Promise<SourceFacts> {
  const known = {
    given: new Set<ComponentName>([
      ...(given.kafkaBrokers ? (['kafka'] as const) : []),
      ...(given.databaseUrl ? (['postgres'] as const) : []),
      ...(given.redisUrl ? (['redis'] as const) : []),
    ]),
    stackRuns: stack !== undefined,
    inStack: new Set(
      stack?.components.filter(({ source }) => source !== 'none').map(({ name }) => name) ?? [],
    ),
  };
  const open = need.filter((name) => !known.given.has(name) && !known.inStack.has(name));
  const none = { containerEngine: false, programs: {}, kafkaInstalled: false, postgresBinaries: false };
  if (open.length === 0) return { ...known, ...none };
  if (await containerEngineAnswers(environment)) return { ...known, ...none, containerEngine: true };
  return {
    ...known,
    containerEngine: false,
    programs: await findPrograms(environment),
    kafkaInstalled: await isKafkaInstalled(checkout),
    postgresBinaries: findPostgresPackage() !== undefined,
  };
}
