import { randomBytes } from 'node:crypto';

import { Kafka, logLevel } from 'kafkajs';

/** A name space on a shared cluster. Its topics are deleted when it is disposed of. */
export class OwnTopics implements AsyncDisposable {
  readonly prefix: string;

  readonly #brokers: readonly string[];

  constructor(brokers: readonly string[], purpose: string) {
    this.#brokers = brokers;

    this.prefix = `${purpose}-${randomBytes(4).toString('hex')}.`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const kafka = new Kafka({
      clientId: 'own-topics',
      brokers: [...this.#brokers],
      logLevel: logLevel.NOTHING,
    });
    const admin = kafka.admin();
    await admin.connect();
    try {
      const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(this.prefix));
      if (topics.length > 0) await admin.deleteTopics({ topics });
    } finally {
      await admin.disconnect();
    }
  }
}
