import type { BorrowedKafka, BorrowedConsumer, BorrowedHandler } from './borrowed-kafka.js';

/** Where a reader of a topic begins. */
export interface TopicStart {
  readonly topic: string;
  readonly groupId: string;
  /** `end`: records from now on, in each start. `group`: where the group stopped; a new group begins with the oldest record. */
  readonly from: 'end' | 'group';
}

/**
 * Starts a consumer. It resolves when no record after this moment can be missed. When the signal fires first, it ends the
 * consumer and rejects.
 */
export async function startReader(
  kafka: BorrowedKafka,
  { topic, groupId, from }: TopicStart,
  eachMessage: BorrowedHandler,
  closed: AbortSignal = new AbortController().signal,
): Promise<BorrowedConsumer> {
  const consumer = kafka.consumer({ groupId, sessionTimeout: 10_000, heartbeatInterval: 2_000 });
  try {
    await consumer.connect();
    const ends = from === 'end' ? await endsOf(kafka, topic) : [];
    await consumer.subscribe({ topic, fromBeginning: true });
    const joined = new Promise<void>((resolve) => {
      consumer.on(consumer.events.GROUP_JOIN, () => resolve());
    });
    const ended = endOf(consumer, closed);
    await Promise.race([consumer.run({ eachMessage }), ended]);
    // A consumer takes a place only while it runs, and without one it would read the whole topic.
    for (const { partition, offset } of ends) consumer.seek({ topic, partition, offset });
    await Promise.race([joined, ended]);
    return consumer;
  } catch (error) {
    // The first error says what is wrong; the end of a broken connection may fail too.
    await consumer.disconnect().catch(() => undefined);
    throw error;
  }
}

/** Rejects when the consumer gives up, or the signal fires. */
function endOf(consumer: BorrowedConsumer, closed: AbortSignal): Promise<never> {
  const ended = new Promise<never>((_, reject) => {
    closed.addEventListener('abort', () => reject(closed.reason as Error), { once: true });
    if (closed.aborted) reject(closed.reason as Error);
    onGivenUp(consumer, reject);
  });
  // It may reject when the start is over and nothing waits for it.
  ended.catch(() => undefined);
  return ended;
}

/** Calls back when the consumer ends by an error after which it does not start again. */
export function onGivenUp(consumer: BorrowedConsumer, ended: (error: Error) => void): void {
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    const { error, restart } = payload as { readonly error: Error; readonly restart: boolean };
    if (!restart) ended(error);
  });
}

async function endsOf(kafka: BorrowedKafka, topic: string): Promise<{ partition: number; offset: string }[]> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => ({ partition, offset: high }));
  } finally {
    await admin.disconnect();
  }
}
