import { randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
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
import type { KeptServers } from './kept-servers.js';
import { onFreePorts, untilReady } from './server-start.js';

const user = 'mesh';
const database = 'mesh';

// Durability keeps PostgreSQL's defaults (fsync and synchronous_commit on), since the promises of the mesh rest on it.
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '256MB',
  max_connections: '200',
  // Files in the data folder replace /dev/shm. They leave nothing behind and have no limit in a small container.
  dynamic_shared_memory_type: 'mmap',
  logging_collector: 'off',
};

/** The time for a server with kept data to write its checkpoint, milliseconds. */
const cleanEndMs = 20_000;

/** One PostgreSQL server with its data. It can stop and start again in place. */
export class PostgresServer {
  readonly databaseUrl: string;
  #process: RunProcess | undefined;

  readonly #run: Run;
  readonly #binaries: string;
  readonly #dataFolder: string;
  readonly port: number;
  readonly #password: string;
  readonly #isKept: boolean;

  private constructor(
    run: Run,
    binaries: string,
    dataFolder: string,
    port: number,
    password: string,
    isKept: boolean,
  ) {
    this.#run = run;
    this.#binaries = binaries;
    this.#dataFolder = dataFolder;
    this.port = port;
    this.#password = password;
    this.#isKept = isKept;

    this.databaseUrl = this.#urlOf(database);
  }

  static async start(run: Run, kept?: KeptServers): Promise<PostgresServer> {
    const found = findPostgresPackage();
    if (found === undefined) throw new InfrastructureMissingError('no PostgreSQL binaries for this platform');
    await preparePostgresBinaries(found.folder);
    const asUser = serverUser();
    let binaries = found.folder;
    if (asUser !== undefined && !isReachableByAll(join(found.folder, 'native', 'bin'))) {
      binaries = join(run.sharedFolder, 'postgres-binaries');
      await copyPostgresBinaries(found.folder, binaries);
    }
    const password = kept?.postgresPassword ?? randomBytes(12).toString('hex');
    kept?.keepPassword(password);
    const dataFolder = kept?.postgresFolder ?? join(run.sharedFolder, 'postgres');
    if (!existsSync(join(dataFolder, 'PG_VERSION')))
      await initialise(run, binaries, dataFolder, password, kept !== undefined);
    removeForeignPidFile(join(dataFolder, 'postmaster.pid'));
    return await onFreePorts(
      1,
      async ([port = 0]) => {
        const server = new PostgresServer(run, binaries, dataFolder, port, password, kept !== undefined);
        await server.start();
        await server.#createDatabase();
        kept?.keepPorts('postgres', [port]);
        return server;
      },
      kept?.portsOf('postgres'),
    );
  }

  get process(): RunProcess {
    if (this.#process === undefined) throw new Error('the server was never started');
    return this.#process;
  }

  /** Starts the server. Resolves when it answers, after crash recovery if necessary. */
  async start(): Promise<void> {
    const options = Object.entries({ ...settings, port: String(this.port) });
    this.#process = await this.#run.spawn('PostgreSQL', {
      name: 'postgres',
      command: join(this.#binaries, 'native', 'bin', 'postgres'),
      args: ['-D', this.#dataFolder, ...options.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      // Immediate shutdown ends all of its processes and frees its shared memory. Fast shutdown also writes a
      // checkpoint.
      ...(this.#isKept
        ? { discardSignal: 'SIGINT' as const, graceMs: cleanEndMs }
        : { discardSignal: 'SIGQUIT' as const }),
      postmasterFile: join(this.#dataFolder, 'postmaster.pid'),
      ...serverUser(),
      cwd: this.#dataFolder,
    });
    await untilReady('PostgreSQL', this.#process, () => probePostgres(this.#urlOf('postgres')));
  }

  /** Stops the server. `immediate` equals a crash. `fast` disconnects all clients and writes a checkpoint. */
  async stop(mode: 'immediate' | 'fast' = 'immediate'): Promise<void> {
    if (this.process.hasExited()) return;
    await this.process.signal(mode === 'immediate' ? 'SIGQUIT' : 'SIGINT');
    await this.process.waitForExit();
  }

  #urlOf(name: string): string {
    return `postgres://${user}:${this.#password}@127.0.0.1:${this.port}/${name}`;
  }

  async #createDatabase(): Promise<void> {
    const client = new pg.Client({ connectionString: this.#urlOf('postgres') });
    await client.connect();
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${database}`);
    await client.end();
  }
}

/** Makes a data folder. Only a complete folder gets the name that a server looks for. */
async function initialise(
  run: Run,
  binaries: string,
  dataFolder: string,
  password: string,
  isKept: boolean,
): Promise<void> {
  const asUser = serverUser();
  const draft = `${dataFolder}.new`;
  await rm(draft, { recursive: true, force: true });
  const passwordFile = `${dataFolder}-password`;
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (asUser !== undefined) {
    await chown(draft, asUser.uid, asUser.gid);
    await chown(passwordFile, asUser.uid, asUser.gid);
  }
  await run.execute('PostgreSQL', {
    name: 'initdb',
    command: join(binaries, 'native', 'bin', 'initdb'),
    args: [
      ...['-D', draft, '-U', user, `--pwfile=${passwordFile}`, '--auth=password'],
      // One encoding and one collation on every machine, independent of its locale.
      ...['--encoding=UTF8', '--locale=C'],
      ...(isKept ? [] : ['--no-sync']),
    ],
    ...asUser,
    cwd: draft,
  });
  await rm(passwordFile);
  await rename(draft, dataFolder);
}

/**
 * Removes the pid file of a server that was killed. PostgreSQL refuses to start while any process has that pid. After a
 * restart of the machine that may be an unrelated process.
 */
function removeForeignPidFile(file: string): void {
  let pid: number;
  try {
    pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  } catch {
    return;
  }
  if (!Number.isInteger(pid) || !/postgres/.test(commandOf(pid))) rmSync(file, { force: true });
}

function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
