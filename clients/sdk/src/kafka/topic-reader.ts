import type { BorrowedKafka, BorrowedConsumer, BorrowedHandler } from './borrowed-kafka.js';

/** Where a reader of a topic begins. */
export interface TopicStart {
  readonly topic: string;
  readonly groupId: string;
  /** `end`: records from now on, in each start. `group`: where the group stopped; a new group begins with the oldest record. */
  readonly from: 'end' | 'group';
}

/** Starts a consumer. It resolves when no record after this moment can be missed. */
export async function startReader(
  kafka: BorrowedKafka,
  { topic, groupId, from }: TopicStart,
  eachMessage: BorrowedHandler,
): Promise<BorrowedConsumer> {
  const consumer = kafka.consumer({ groupId, sessionTimeout: 10_000, heartbeatInterval: 2_000 });
  await consumer.connect();
  try {
    const ends = from === 'end' ? await endsOf(kafka, topic) : [];
    await consumer.subscribe({ topic, fromBeginning: true });
    const joined = new Promise<void>((resolve) => {
      consumer.on(consumer.events.GROUP_JOIN, () => resolve());
    });
    await consumer.run({ eachMessage });
    // A consumer takes a place only while it runs, and without one it would read the whole topic.
    for (const { partition, offset } of ends) consumer.seek({ topic, partition, offset });
    await joined;
    return consumer;
  } catch (error) {
    await consumer.disconnect();
    throw error;
  }
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
