import { setTimeout as sleep } from 'node:timers/promises';

import { compiledFile } from '@action-mesh/kernel';

import type { BreakableStack } from '../breakable-stack.js';
import type { ChaosMesh } from '../chaos-mesh.js';
import type { ScheduledFault, Instance } from './schedule.js';
import { instances } from './schedule.js';

/** Milliseconds between two changes of a member in a storm. */
const stormEveryMs = 2_500;

/** Milliseconds until an executor that ended by itself is started again. */
const restartAfterMs = 1_000;

/** Injects the faults of the schedule and undoes them. */
export class FaultInjector {
  readonly #stack: BreakableStack;
  readonly #mesh: ChaosMesh;
  readonly #say: (line: string) => void;
  readonly #down = new Set<Instance>();
  #closed = false;

  constructor(stack: BreakableStack, mesh: ChaosMesh, say: (line: string) => void) {
    this.#stack = stack;
    this.#mesh = mesh;
    this.#say = say;
  }

  /** Starts an executor without waiting for it. The first executor reaches its servers through the proxies. */
  launch(instance: Instance, preloads: readonly URL[] = []): void {
    const { redis } = this.#stack;
    const environment = {
      ...(instance === 'executor-1' ? this.#stack.proxied(this.#mesh.databaseUrl) : {}),
      ...(redis === undefined ? {} : { REDIS_URL: redis.redisUrl }),
    };
    this.#mesh.processes.launch(instance, environment, preloads);
    this.#down.delete(instance);
  }

  /** Restarts an executor that ended by itself, unless a fault keeps it down. */
  restart(name: string): void {
    const instance = instances.find((known) => known === name);
    if (instance === undefined || this.#down.has(instance)) return;
    this.#down.add(instance);
    setTimeout(() => {
      if (!this.#closed && this.#down.has(instance)) this.launch(instance);
    }, restartAfterMs);
  }

  /** Prevents all later starts. */
  close(): void {
    this.#closed = true;
  }

  /** Runs one fault from its beginning to its end. */
  async inject(fault: ScheduledFault): Promise<void> {
    this.#say(`  ${describeFault(fault)}`);
    const { proxies } = this.#stack;
    switch (fault.kind) {
      case 'kill':
        return this.#kill(fault);
      case 'freeze':
        return this.#freeze(fault);
      case 'rebalance_storm':
        return this.#storm(fault.forMs);
      case 'cut_kafka':
        return this.#cut([proxies.kafka], fault.forMs);
      case 'cut_postgres':
        return this.#cut([proxies.postgres], fault.forMs);
      case 'cut_both':
        return this.#cut([proxies.kafka, proxies.postgres], fault.forMs);
      case 'kafka_crash':
      case 'kafka_restart':
        await this.#stack.kafka.stop({ signal: fault.kind === 'kafka_crash' ? 'SIGKILL' : 'SIGTERM' });
        await sleep(fault.forMs);
        return this.#stack.kafka.restart();
      case 'postgres_crash':
        await this.#stack.postgres.stop({ mode: 'immediate' });
        await sleep(fault.forMs);
        return this.#stack.postgres.restart();
      case 'redis_flush':
      case 'redis_crash':
        return this.#breakRedis(fault);
      case 'clock_skew':
        return this.#skew(fault);
    }
  }

  /** Ends every remaining fault and makes sure that all executors run. */
  heal(): void {
    const { proxies } = this.#stack;
    proxies.kafka.heal();
    proxies.postgres.heal();
    for (const instance of instances) {
      if (this.#down.has(instance)) this.launch(instance);
      else this.#mesh.processes.resume(instance);
    }
  }

  async #kill({ instance, forMs }: ScheduledFault): Promise<void> {
    await this.#mesh.processes.kill(instance);
    this.#down.add(instance);
    await sleep(forMs);
    this.launch(instance);
  }

  async #freeze({ instance, forMs }: ScheduledFault): Promise<void> {
    this.#mesh.processes.pause(instance);
    await sleep(forMs);
    this.#mesh.processes.resume(instance);
  }

  async #storm(forMs: number): Promise<void> {
    const { processes } = this.#mesh;
    const endsAtMs = performance.now() + forMs;
    while (performance.now() < endsAtMs) {
      await processes.stop('executor-3');
      this.#down.add('executor-3');
      await sleep(stormEveryMs);
      this.launch('executor-3');
      await sleep(stormEveryMs);
    }
  }

  async #cut(proxies: readonly BreakableStack['proxies']['kafka'][], forMs: number): Promise<void> {
    for (const proxy of proxies) proxy.set({ blackHole: 'both' });
    await sleep(forMs);
    for (const proxy of proxies) proxy.heal();
  }

  async #breakRedis({ kind, forMs }: ScheduledFault): Promise<void> {
    const { redis } = this.#stack;
    if (redis === undefined) return;
    await redis.stop({ signal: 'SIGKILL' });
    // This Redis keeps no data on disk, so a restart is a flush as well.
    if (kind === 'redis_crash') await sleep(forMs);
    await redis.restart();
  }

  async #skew({ instance, forMs, skewMs }: ScheduledFault): Promise<void> {
    const { processes } = this.#mesh;
    await processes.kill(instance);
    this.launch(instance, [compiledFile(`../preloads/skewed-clock?ms=${skewMs}`, import.meta.url)]);
    await sleep(forMs);
    await processes.kill(instance);
    this.launch(instance);
  }
}

export function describeFault({ number, kind, atMs, forMs, instance, skewMs }: ScheduledFault): string {
  const about = ['kill', 'freeze', 'clock_skew'].includes(kind) ? ` ${instance}` : '';
  const how = kind === 'clock_skew' ? ` by ${Math.round(skewMs / 1_000)} s` : '';
  return `${(atMs / 1_000).toFixed(1)} s: fault ${number}, ${kind}${about}${how} for ${(forMs / 1_000).toFixed(1)} s`;
}
