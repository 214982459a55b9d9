import { createHash } from 'node:crypto';

import { Redis } from 'ioredis';

/** The longest pause between two attempts to connect, milliseconds. */
const reconnectWithinMs = 250;

/**
 * A connection that fails at once instead of waiting: the governor then decides without Redis. It never sends a command a
 * second time, because a script may have run already.
 */
export function connectRedis(url: string, role: string): Redis {
  const redis = new Redis(url, {
    connectionName: `action-mesh-${role}`,
    connectTimeout: 2_000,
    // Closes the connection also while it is still connecting.
    disconnectTimeout: 200,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // With any other value, a command under way on a broken connection would never get an answer.
    maxRetriesPerRequest: 0,
    keepAlive: 5_000,
    retryStrategy: (attempt) => Math.min(reconnectWithinMs, attempt * 50),
  });
  // Each command reports its own error. Without a listener, the error would end the process.
  redis.on('error', () => undefined);
  return redis;
}

/** A Lua script. It is sent by its digest if the server knows it. */
export class RedisScript {
  readonly #digest: string;

  readonly #source: string;

  constructor(source: string) {
    this.#source = source;

    this.#digest = createHash('sha1').update(source).digest('hex');
  }

  async run(redis: Redis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.#digest, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return await redis.eval(this.#source, keys.length, ...keys, ...args);
    }
  }
}

/** Identifies one start of a server. After another start, its state may be lost. */
export async function serverRun(redis: Redis): Promise<string> {
  const info = await redis.info('server');
  const run = /^run_id:([0-9a-f]+)/m.exec(info)?.[1];
  if (run === undefined) throw new Error('Redis does not say which run of the server answers');
  return run;
}
