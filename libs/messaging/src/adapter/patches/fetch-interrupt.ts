import { hasFunction, loadInternal } from './kafkajs-internals.js';
import type { KafkaJsPatch } from './kafkajs-patch.js';

/** What a runner fetches through, as far as the patch knows it. */
interface ConsumerGroup {
  maxWaitTime: number;
  assigned(): readonly { readonly partitions: readonly unknown[] }[];
  paused(): readonly unknown[];
  heartbeat(options: object): Promise<void>;
  recoverFromFetch(error: unknown): Promise<void>;
}

/** The class that `kafkajs/src/consumer/runner` exports. It drives one consumer. */
export interface RunnerClass {
  new (options: object): Runner;
  readonly prototype: Runner;
}

interface Runner {
  running: boolean;
  readonly consumerGroup: ConsumerGroup;
  readonly fetchManager: { start(): Promise<void> };
  fetch(nodeId: unknown): Promise<unknown[]>;
  stop(): Promise<void>;
}

/** The wait of a fetch beside which a partition is paused. The fetch after the resumption must follow soon (K6). */
export const waitWhilePausedMs = 100;

/** The wait that each consumer was made with. */
const fullWaits = new WeakMap<ConsumerGroup, number>();
/** Ends the fetches of a runner. */
const interrupts = new WeakMap<Runner, Set<() => void>>();

/**
 * Lets a fetch wait long without holding anything up. In kafkajs 2.2.4 a stop and a resumed partition wait until the
 * broker has answered. With the patch, a stop ends the fetch, and fetches are short while a partition is paused.
 */
export const fetchInterrupt: KafkaJsPatch<RunnerClass> = {
  name: 'fetch interrupt',
  module: 'consumer/runner.js',
  assumptions: [
    {
      name: 'the module consumer/runner is a class with the methods fetch and stop',
      holds: (library) =>
        typeof library === 'function' &&
        hasFunction(library.prototype, 'fetch') &&
        hasFunction(library.prototype, 'stop'),
    },
    {
      name: 'the fetchers of a runner call its method fetch',
      holds: (library) => {
        const runner = newRunner(library);
        let isAsked = false;
        runner.fetch = () => {
          isAsked = true;
          return new Promise(() => undefined);
        };
        void runner.fetchManager.start();
        return isAsked;
      },
    },
    {
      name: 'a runner fetches by the method fetch of its member consumerGroup',
      holds: (library) => {
        const asked: unknown[] = [];
        const runner = newRunner(library, (nodeId) => asked.push(nodeId));
        runner.running = true;
        void runner.fetch(7);
        return asked[0] === 7;
      },
    },
    {
      name: 'a stop ends the member running before it waits',
      holds: (library) => {
        const runner = newRunner(library);
        runner.running = true;
        void runner.stop();
        return !runner.running;
      },
    },
    {
      name: 'a consumer group has the methods assigned, paused, heartbeat and recoverFromFetch, and keeps the wait of its fetches in its member maxWaitTime',
      holds: () => {
        const Group = loadInternal('consumer/consumerGroup.js') as new (options: object) => ConsumerGroup;
        const group = new Group({ logger, topicConfigurations: {}, retry: {}, maxWaitTimeInMs: 7 });
        return (
          group.maxWaitTime === 7 &&
          group.paused().length === 0 &&
          hasFunction(group, 'assigned') &&
          hasFunction(group, 'heartbeat') &&
          hasFunction(group, 'recoverFromFetch')
        );
      },
    },
  ],
  change({ prototype }) {
    const fetch: unknown = Reflect.get(prototype, 'fetch');
    const stop: unknown = Reflect.get(prototype, 'stop');
    prototype.fetch = async function (this: Runner, nodeId: unknown): Promise<unknown[]> {
      limitWait(this.consumerGroup);
      let interrupt: () => void = () => undefined;
      const interrupted = new Promise<unknown[]>((resolve) => (interrupt = () => resolve([])));
      const mine = interrupts.get(this) ?? new Set();
      interrupts.set(this, mine.add(interrupt));
      try {
        return await Promise.race([(fetch as Runner['fetch']).call(this, nodeId), interrupted]);
      } finally {
        mine.delete(interrupt);
      }
    };
    prototype.stop = function (this: Runner): Promise<void> {
      // A fetch that has not asked yet sleeps for the wait, once the group has no partitions any more.
      this.consumerGroup.maxWaitTime = 0;
      const stopped = (stop as Runner['stop']).call(this);
      for (const interrupt of interrupts.get(this) ?? []) interrupt();
      return stopped.finally(() => silence(this.consumerGroup));
    };
  },
};

/** An interrupted fetch goes on by itself. Without its socket it would look for the broker again, and join the group again. */
function silence(group: ConsumerGroup): void {
  group.heartbeat = group.recoverFromFetch = () => Promise.resolve();
}

function limitWait(group: ConsumerGroup): void {
  const full = fullWaits.get(group) ?? group.maxWaitTime;
  fullWaits.set(group, full);
  // Without a partition, kafkajs sleeps for the wait instead of fetching, and a stop cannot end the sleep.
  const isShort =
    group.paused().length > 0 || group.assigned().every(({ partitions }) => partitions.length === 0);
  group.maxWaitTime = isShort ? Math.min(full, waitWhilePausedMs) : full;
}

const logger = { namespace: () => logger, debug: () => undefined, info: () => undefined };

/** A runner of a consumer without a connection. */
function newRunner(library: unknown, onFetch: (nodeId: unknown) => void = () => undefined): Runner {
  return new (library as RunnerClass)({
    logger,
    instrumentationEmitter: { emit: () => undefined },
    concurrency: 1,
    consumerGroup: {
      getNodeIds: () => [1],
      leave: () => Promise.resolve(),
      fetch: (nodeId: unknown) => {
        onFetch(nodeId);
        return new Promise(() => undefined);
      },
    },
  });
}
