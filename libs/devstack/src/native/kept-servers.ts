import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isReachableByAll, serverUser } from './postgres-binaries.js';

interface Kept {
  /** The last ports of each server. */
  readonly ports: Readonly<Record<string, readonly number[]>>;
  readonly postgresPassword?: string;
}

/** The data, the ports and the database password that native servers keep between starts. */
export class KeptServers {
  readonly #file: string;
  #kept: Kept;

  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;

    this.#file = join(folder, 'servers.json');
    this.#kept = read(this.#file) ?? { ports: {} };
  }

  get kafkaFolder(): string {
    return join(this.folder, 'kafka');
  }

  /**
   * The folder of the PostgreSQL data. For root the server runs as another user. If that user cannot enter the
   * checkout, the data lie in the system's folder for server data, under a name of this checkout.
   */
  get postgresFolder(): string {
    if (serverUser() === undefined || isReachableByAll(this.folder)) return join(this.folder, 'postgres');
    const name = createHash('sha256').update(this.folder).digest('hex').slice(0, 12);
    const shared = join('/var/lib/action-mesh', name);
    mkdirSync(shared, { recursive: true, mode: 0o711 });
    return join(shared, 'postgres');
  }

  get postgresPassword(): string | undefined {
    return this.#kept.postgresPassword;
  }

  keepPassword(postgresPassword: string): void {
    this.#write({ ...this.#kept, postgresPassword });
  }

  /** The last ports of a server. Empty before its first start. */
  portsOf(server: string): readonly number[] {
    return this.#kept.ports[server] ?? [];
  }

  keepPorts(server: string, ports: readonly number[]): void {
    this.#write({ ...this.#kept, ports: { ...this.#kept.ports, [server]: ports } });
  }

  #write(kept: Kept): void {
    this.#kept = kept;
    // The file holds the password of the database.
    writeFileSync(`${this.#file}.new`, JSON.stringify(kept), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }
}

function read(file: string): Kept | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
