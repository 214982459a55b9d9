import { Kafka, logLevel } from 'kafkajs';

import { loadInternal } from './patches/kafkajs-internals.js';

// Facts about kafkajs that the adapter relies on without a patch, and that its types omit.

interface Batch {
  readonly fetchedOffset: string;
}

interface Runner {
  running: boolean;
  handleBatch(batch: Batch): Promise<void>;
}

function controlBatch(): Batch {
  const LibraryBatch = loadInternal('consumer/batch.js') as new (
    topic: string,
    fetchedOffset: string,
    partition: object,
  ) => Batch;
  const messages = [{ offset: '41', isControlRecord: true, key: null, batchContext: {} }];
  return new LibraryBatch('t', '40', { partition: 2, highWatermark: '42', messages });
}

describe('kafkajs beyond its types', () => {
  it('a batch has the requested offset as `fetchedOffset`', () => {
    expect(controlBatch().fetchedOffset).toBe('40');
  });

  it('START_BATCH_PROCESS reports a batch of only control records with batchSize 0, and no handler gets it', async () => {
    const LibraryRunner = loadInternal('consumer/runner.js') as new (options: object) => Runner;
    const events: unknown[] = [];
    const handedOut: unknown[] = [];
    const nothing = (): void => undefined;
    const logger = { namespace: () => logger, debug: nothing, info: nothing, error: nothing };
    const runner = new LibraryRunner({
      logger,
      consumerGroup: { resolveOffset: nothing, heartbeat: nothing, commitOffsetsIfNecessary: nothing },
      instrumentationEmitter: { emit: (name: string, payload: object) => events.push({ name, ...payload }) },
      eachBatch: (payload: unknown) => handedOut.push(payload),
      concurrency: 1,
      autoCommit: false,
      retry: {},
    });
    runner.running = true;
    await runner.handleBatch(controlBatch());
    expect(handedOut).toEqual([]);
    expect(events).toContainEqual(
      expect.objectContaining({
        name: 'consumer.start_batch_process',
        partition: 2,
        batchSize: 0,
        lastOffset: '41',
      }),
    );
  });

  it('a socket factory gets null as `ssl` without TLS', async () => {
    const asked: unknown[] = [];
    const admin = new Kafka({
      brokers: ['127.0.0.1:1'],
      logLevel: logLevel.NOTHING,
      retry: { retries: 0 },
      socketFactory: ({ ssl }) => {
        asked.push(ssl);
        throw new Error('no socket');
      },
    }).admin();
    await expect(admin.connect()).rejects.toThrow();
    await admin.disconnect();
    expect(asked[0]).toBeNull();
  });
});
