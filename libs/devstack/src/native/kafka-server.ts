import { randomBytes } from 'node:crypto';
import { cp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkout } from '../checkout.js';
import { probeKafka, probeKafkaListener } from '../probes.js';
import type { Run, RunProcess } from '../run/run.js';
import type { KeptServers } from './kept-servers.js';
import { templateClusterId } from './kafka-distribution.js';
import type { KafkaDistribution } from './kafka-distribution.js';
import { onFreePorts, untilReady } from './server-start.js';

export interface KafkaServerOptions {
  readonly checkout: Checkout;
  readonly distribution: KafkaDistribution;
  readonly java: string;
  /** The port that the broker advertises to clients, for a proxy in between. @default the broker's own */
  readonly advertisedPort?: number;
  /** Broker properties that override `deploy/local/kafka.properties`. */
  readonly properties?: Readonly<Record<string, string>>;
  /** The place of the broker's data. @default the folder of the run, which is deleted with it */
  readonly kept?: KeptServers;
}

/** The time for a broker with kept data to record the end of its logs, milliseconds. */
const cleanEndMs = 20_000;

/** One broker process with its data. It can stop and start again in place. */
export class KafkaServer {
  readonly brokers: string[];
  #process: RunProcess | undefined;

  readonly #run: Run;
  readonly #options: KafkaServerOptions;
  readonly #clusterId: string;
  /** The port for clients. */
  readonly port: number;
  /** The port of a second listener that always advertises itself, so a proxy cannot hide the broker. */
  readonly directPort: number;
  readonly #configFile: string;

  private constructor(
    run: Run,
    options: KafkaServerOptions,
    clusterId: string,

    port: number,

    directPort: number,
    configFile: string,
  ) {
    this.#run = run;
    this.#options = options;
    this.#clusterId = clusterId;
    this.port = port;
    this.directPort = directPort;
    this.#configFile = configFile;

    this.brokers = [`127.0.0.1:${options.advertisedPort ?? port}`];
  }

  static async start(run: Run, options: KafkaServerOptions): Promise<KafkaServer> {
    return await onFreePorts(
      3,
      async ([port = 0, directPort = 0, controllerPort = 0]) => {
        const { kept } = options;
        const data = kept?.kafkaFolder ?? join(run.folder, 'kafka');
        if (kept === undefined) await rm(data, { recursive: true, force: true });
        const clusterId =
          (await clusterIdIn(data)) ?? (await format(options.distribution.formattedFolder, data));
        const configFile = join(run.folder, 'server.properties');
        const staticPart = await readFile(join(options.checkout.localDeploy, 'kafka.properties'), 'utf8');
        const own = {
          ...options.properties,
          listeners: `CLIENT://127.0.0.1:${port},DIRECT://127.0.0.1:${directPort},CONTROLLER://127.0.0.1:${controllerPort}`,
          'advertised.listeners': `CLIENT://127.0.0.1:${options.advertisedPort ?? port},DIRECT://127.0.0.1:${directPort}`,
          'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
          'log.dirs': data,
        };
        const lines = Object.entries(own).map(([name, value]) => `${name}=${value}`);
        await writeFile(configFile, [staticPart, ...lines, ''].join('\n'));
        const server = new KafkaServer(run, options, clusterId, port, directPort, configFile);
        await server.start();
        kept?.keepPorts('kafka', [port, directPort, controllerPort]);
        return server;
      },
      options.kept?.portsOf('kafka'),
    );
  }

  get version(): string {
    return this.#options.distribution.version;
  }

  get process(): RunProcess {
    if (this.#process === undefined) throw new Error('the broker was never started');
    return this.#process;
  }

  /** Starts the broker. Resolves when the broker and its group coordinator answer. */
  async start(): Promise<void> {
    const { distribution, java, checkout } = this.#options;
    this.#process = await this.#run.spawn('Kafka', {
      name: 'kafka',
      ...(this.#options.kept !== undefined && { discardSignal: 'SIGTERM', graceMs: cleanEndMs }),
      command: java,
      args: [
        '-Xms128m',
        '-Xmx512m',
        // A broker that lives for minutes on a few cores: fast compilation matters more than fast code, and one thread
        // collects garbage.
        '-XX:TieredStopAtLevel=1',
        '-XX:+UseSerialGC',
        // No files outside the folder of the run: neither performance data nor unpacked native libraries.
        '-XX:-UsePerfData',
        `-Djava.io.tmpdir=${this.#run.folder}`,
        `-Dlog4j2.configurationFile=${join(checkout.localDeploy, 'log4j2.properties')}`,
        ...['-cp', distribution.classPath, 'kafka.Kafka', this.#configFile],
      ],
    });
    await untilReady('Kafka', this.#process, async () => {
      await probeKafka([`127.0.0.1:${this.directPort}`], this.#clusterId);
      await probeKafkaListener(this.port);
    });
  }

  /** Ends the process and keeps the data. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.process.hasExited()) return;
    await this.process.signal(signal);
    await this.process.signal('SIGCONT'); // a paused broker takes no other signal
    await this.process.waitForExit();
  }
}

/** The cluster id in data that a broker has used before. */
async function clusterIdIn(data: string): Promise<string | undefined> {
  const meta = await readFile(join(data, 'meta.properties'), 'utf8').catch(() => '');
  return /^cluster\.id=(.+)$/m.exec(meta)?.[1]?.trim();
}

/** Makes a data folder with a cluster id of its own. Only a complete folder gets the name that a broker looks for. */
async function format(formattedFolder: string, data: string): Promise<string> {
  const clusterId = randomBytes(16).toString('base64url');
  const draft = `${data}.new`;
  await rm(draft, { recursive: true, force: true });
  await cp(formattedFolder, draft, { recursive: true });
  const meta = join(draft, 'meta.properties');
  await writeFile(meta, (await readFile(meta, 'utf8')).replace(templateClusterId, clusterId));
  await rename(draft, data);
  return clusterId;
}
