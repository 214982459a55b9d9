import { errorMessage } from '@action-mesh/kernel';
import type { Redis } from 'ioredis';

import { decodeAnswer, encodeBatch, KeyList } from './decide-codec.js';
import {
  blockedScript,
  blockScript,
  decideScript,
  endProbeScript,
  giveBackScript,
  handoverScript,
} from './limit-script.js';
import type {
  Block,
  Charge,
  Demand,
  TokenGrant,
  LimitStore,
  ProbeLease,
  LimitDecision,
} from './limit-store.port.js';
import { connectRedis, RedisScript, serverRun } from './redis-connection.js';

const scripts = {
  decide: new RedisScript(decideScript),
  giveBack: new RedisScript(giveBackScript),
  block: new RedisScript(blockScript),
  blocked: new RedisScript(blockedScript),
  endProbe: new RedisScript(endProbeScript),
  handover: new RedisScript(handoverScript),
};

export interface RedisLimitStoreOptions {
  readonly url: string;
  /** Separates meshes that use the same server. */
  readonly namespace: string;
  /** The present number of instances. A neighbour may know a life that this instance has not seen. */
  readonly instances: () => number;
}

/**
 * Buckets, blocks and probes in Redis, all under one hash tag, so one script may touch any of them on a cluster.
 *
 * - RS1: every decision uses Redis' time, so the clocks of instances do not matter.
 * - RS2: lost state comes back as empty buckets, never as full ones (I10). Another run of the server shows a restart. Another
 *   birth than the known one shows a flush.
 */
export class RedisLimitStore implements LimitStore {
  readonly #redis: Redis;
  readonly #subscriber: Redis;
  readonly #options: RedisLimitStoreOptions;
  #run: string | undefined;
  #problem = 'Redis has not answered yet';
  #born = '';
  #onBlock: (block: Block) => void = () => undefined;
  #onWiped: () => void = () => undefined;

  constructor(options: RedisLimitStoreOptions) {
    this.#options = options;
    this.#redis = connectRedis(options.url, 'governor');
    this.#subscriber = connectRedis(options.url, 'governor-blocks');
    this.#redis.on('ready', () => void this.#greet());
    this.#redis.on('close', () => {
      // The reason why the connection could not be used is more useful than its end.
      if (this.#run !== undefined) this.#problem = 'the connection to Redis is lost';
      this.#run = undefined;
    });
    this.#redis.on('error', ({ message }: Error) => {
      this.#problem = `Redis cannot be used: ${message}`;
    });
    this.#subscriber.on('ready', () => void this.#follow());
    this.#subscriber.on('message', (_channel: string, message: string) => {
      const space = message.indexOf(' ');
      this.#onBlock({ block: message.slice(space + 1), forMs: Number(message.slice(0, space)) });
    });
  }

  get problem(): string | undefined {
    return this.#run === undefined ? this.#problem : undefined;
  }

  async decide(demands: readonly Demand[], charges: readonly Charge[]): Promise<readonly LimitDecision[]> {
    const keys = new KeyList([this.#name('life'), this.#name('blocked')]);
    const batch = encodeBatch(demands, charges, keys, (kind, key) => this.#name(kind, key));
    const cautious = this.#options.instances() > 1 ? 1 : 0;
    const args = [this.#connectedRun(), this.#born, cautious, ...batch];
    const { born, decisions } = decodeAnswer(await scripts.decide.run(this.#redis, keys.keys, args), demands);
    const wiped = this.#born !== '' && this.#born !== born;
    this.#born = born;
    if (wiped) this.#onWiped();
    return decisions;
  }

  async giveBack({ counters, takenAtUs, life }: TokenGrant): Promise<void> {
    const keys = [this.#name('life'), ...counters.map(({ key }) => this.#name('count', key))];
    const rates = counters.flatMap(({ rate }) => [rate.intervalUs, rate.burst]);
    await scripts.giveBack.run(this.#redis, keys, [life, takenAtUs, ...rates]);
  }

  async block(blocks: readonly Block[]): Promise<void> {
    const args = blocks.flatMap(({ block, forMs }) => [block, Math.ceil(forMs)]);
    await scripts.block.run(this.#redis, [this.#name('blocked')], [this.#name('channel'), ...args]);
  }

  async endProbe({ key, token }: ProbeLease, holdMs: number): Promise<void> {
    await scripts.endProbe.run(this.#redis, [this.#name('probe', key)], [token, Math.ceil(holdMs)]);
  }

  async handover(afterMs: number): Promise<number> {
    const leftMs = await scripts.handover.run(this.#redis, [this.#name('handover')], [afterMs]);
    return Math.max(0, Number(leftMs));
  }

  reconnect(): void {
    this.#redis.disconnect(true);
    this.#subscriber.disconnect(true);
  }

  onBlock(listener: (block: Block) => void): void {
    this.#onBlock = listener;
  }

  onWiped(listener: () => void): void {
    this.#onWiped = listener;
  }

  close(): Promise<void> {
    this.#redis.disconnect();
    this.#subscriber.disconnect();
    return Promise.resolve();
  }

  #connectedRun(): string {
    if (this.#run === undefined) throw new Error(this.#problem);
    return this.#run;
  }

  /** Runs after each connection, because another server than before may answer. */
  async #greet(): Promise<void> {
    try {
      this.#run = await serverRun(this.#redis);
    } catch (error) {
      this.#problem = `Redis cannot be used: ${errorMessage(error)}`;
      this.#redis.disconnect(true);
    }
  }

  /** Subscribes first and reads afterwards, so no block is missed in between. */
  async #follow(): Promise<void> {
    try {
      await this.#subscriber.subscribe(this.#name('channel'));
      const found = (await scripts.blocked.run(this.#redis, [this.#name('blocked')], [])) as (
        | string
        | number
      )[];
      for (let place = 0; place < found.length; place += 2) {
        this.#onBlock({ block: String(found[place]), forMs: Number(found[place + 1]) });
      }
    } catch {
      // The connection broke again, or the other one is missing. Start again.
      this.#subscriber.disconnect(true);
    }
  }

  #name(kind: string, key = ''): string {
    const { namespace } = this.#options;
    return `{${namespace}:limits}:${kind}${key === '' ? '' : `:${key}`}`;
  }
}
