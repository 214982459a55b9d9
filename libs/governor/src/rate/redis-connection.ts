import { createHash } from 'node:crypto';

import { Redis } from 'ioredis';

/** The longest pause between two attempts to connect, milliseconds. */
const reconnectWithinMs = 250;

/**
 * A connection that fails at once instead of waiting: what cannot be asked now is decided without Redis. Nothing is sent
 * again by itself, since nobody would know how often a script then ran.
 */
export function connectRedis(url: string, role: string): Redis {
  const redis = new Redis(url, {
    connectionName: `action-mesh-${role}`,
    connectTimeout: 2_000,
    // What is closed is gone, also while it still connects.
    disconnectTimeout: 200,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // With anything else a command that was under way when the connection broke would never be answered.
    maxRetriesPerRequest: 0,
    keepAlive: 5_000,
    retryStrategy: (attempt) => Math.min(reconnectWithinMs, attempt * 50),
  });
  // Each command says what is wrong; without a listener it would end the process.
  redis.on('error', () => undefined);
  return redis;
}

/** A Lua script, sent by its digest where the server knows it. */
export class RedisScript {
  readonly #digest: string;

  constructor(private readonly source: string) {
    this.#digest = createHash('sha1').update(source).digest('hex');
  }

  async run(redis: Redis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.#digest, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return await redis.eval(this.source, keys.length, ...keys, ...args);
    }
  }
}

/** Tells one start of a server from another: its state may have been lost in between. */
export async function serverRun(redis: Redis): Promise<string> {
  const info = await redis.info('server');
  const run = /^run_id:([0-9a-f]+)/m.exec(info)?.[1];
  if (run === undefined) throw new Error('Redis does not say which run of the server answers');
  return run;
}
