import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { probeRedis } from '../probes.js';
import type { Run, RunProcess } from '../run/run.js';
import { onFreePorts, untilReady } from './server-start.js';

/** One Redis server, in memory only. It can stop and start again, empty. */
export class RedisServer {
  readonly redisUrl: string;
  #process: RunProcess | undefined;

  readonly #run: Run;
  readonly #command: string;
  readonly port: number;
  readonly #password: string;

  private constructor(run: Run, command: string, port: number, password: string) {
    this.#run = run;
    this.#command = command;
    this.port = port;
    this.#password = password;

    this.redisUrl = `redis://:${password}@127.0.0.1:${port}`;
  }

  static async start(run: Run, command: string): Promise<RedisServer> {
    await mkdir(join(run.folder, 'redis'), { recursive: true });
    return await onFreePorts(1, async ([port = 0]) => {
      const server = new RedisServer(run, command, port, randomBytes(12).toString('hex'));
      await server.start();
      return server;
    });
  }

  get process(): RunProcess {
    if (this.#process === undefined) throw new Error('the server was never started');
    return this.#process;
  }

  async start(): Promise<void> {
    this.#process = await this.#run.spawn('Redis', {
      name: 'redis',
      command: this.#command,
      args: [
        ...['--bind', '127.0.0.1', '--port', String(this.port), '--requirepass', this.#password],
        ...['--save', '', '--appendonly', 'no', '--dir', join(this.#run.folder, 'redis')],
      ],
    });
    await untilReady('Redis', this.#process, () => probeRedis(this.redisUrl));
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.process.hasExited()) return;
    await this.process.signal(signal);
    await this.process.signal('SIGCONT');
    await this.process.waitForExit();
  }
}
