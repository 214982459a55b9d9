import { randomBytes } from 'node:crypto';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { InfrastructureMissingError } from '../devstack.errors.js';
import { probePostgres } from '../probes.js';
import type { Run, RunProcess } from '../run/run.js';
import {
  copyPostgresBinaries,
  findPostgresPackage,
  isReachableByAll,
  preparePostgresBinaries,
  serverUser,
} from './postgres-binaries.js';
import { onFreePorts, untilReady } from './server-start.js';

const user = 'mesh';
const database = 'mesh';

// Durability stays as PostgreSQL ships it (fsync and synchronous_commit on): what the mesh promises rests on it.
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '256MB',
  max_connections: '200',
  // Files in the data folder in place of /dev/shm: nothing to leave behind, and no limit of a small container.
  dynamic_shared_memory_type: 'mmap',
  logging_collector: 'off',
};

/** One PostgreSQL server with its data; can be stopped and started again in place. */
export class PostgresServer {
  readonly databaseUrl: string;
  #process: RunProcess | undefined;

  private constructor(
    private readonly run: Run,
    private readonly binaries: string,
    private readonly dataFolder: string,
    readonly port: number,
    private readonly password: string,
  ) {
    this.databaseUrl = this.urlOf(database);
  }

  static async start(run: Run): Promise<PostgresServer> {
    const found = findPostgresPackage();
    if (found === undefined) throw new InfrastructureMissingError('no PostgreSQL binaries for this platform');
    await preparePostgresBinaries(found.folder);
    const asUser = serverUser();
    let binaries = found.folder;
    if (asUser !== undefined && !isReachableByAll(join(found.folder, 'native', 'bin'))) {
      binaries = join(run.sharedFolder, 'postgres-binaries');
      await copyPostgresBinaries(found.folder, binaries);
    }
    const password = randomBytes(12).toString('hex');
    const dataFolder = join(run.sharedFolder, 'postgres');
    await initialise(run, binaries, dataFolder, password);
    return await onFreePorts(1, async ([port = 0]) => {
      const server = new PostgresServer(run, binaries, dataFolder, port, password);
      await server.start();
      await server.createDatabase();
      return server;
    });
  }

  get process(): RunProcess {
    if (this.#process === undefined) throw new Error('the server was never started');
    return this.#process;
  }

  /** Resolves when the server answers, after crash recovery where it is needed. */
  async start(): Promise<void> {
    const options = Object.entries({ ...settings, port: String(this.port) });
    this.#process = await this.run.spawn('PostgreSQL', {
      name: 'postgres',
      command: join(this.binaries, 'native', 'bin', 'postgres'),
      args: ['-D', this.dataFolder, ...options.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      // Immediate shutdown: ends all of its processes and gives its shared memory back.
      discardSignal: 'SIGQUIT',
      postmasterFile: join(this.dataFolder, 'postmaster.pid'),
      ...serverUser(),
      cwd: this.dataFolder,
    });
    await untilReady('PostgreSQL', this.#process, () => probePostgres(this.urlOf('postgres')));
  }

  /** `immediate` is as good as a crash; `fast` disconnects everybody and writes a checkpoint. */
  async stop(mode: 'immediate' | 'fast' = 'immediate'): Promise<void> {
    if (this.process.hasExited()) return;
    await this.process.signal(mode === 'immediate' ? 'SIGQUIT' : 'SIGINT');
    await this.process.waitForExit();
  }

  private urlOf(name: string): string {
    return `postgres://${user}:${this.password}@127.0.0.1:${this.port}/${name}`;
  }

  private async createDatabase(): Promise<void> {
    const client = new pg.Client({ connectionString: this.urlOf('postgres') });
    await client.connect();
    await client.query(`CREATE DATABASE ${database}`);
    await client.end();
  }
}

async function initialise(run: Run, binaries: string, dataFolder: string, password: string): Promise<void> {
  const asUser = serverUser();
  const passwordFile = `${dataFolder}-password`;
  await mkdir(dataFolder, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (asUser !== undefined) {
    await chown(dataFolder, asUser.uid, asUser.gid);
    await chown(passwordFile, asUser.uid, asUser.gid);
  }
  await run.execute('PostgreSQL', {
    name: 'initdb',
    command: join(binaries, 'native', 'bin', 'initdb'),
    args: [
      ...['-D', dataFolder, '-U', user, `--pwfile=${passwordFile}`, '--auth=password'],
      // The same everywhere, whatever locale the machine has. The data are new: nothing to sync yet.
      ...['--encoding=UTF8', '--locale=C', '--no-sync'],
    ],
    ...asUser,
    cwd: dataFolder,
  });
  await rm(passwordFile);
}
