import type { IncomingRecord, OutgoingRecord } from '../wire.js';

/** The partition and offset of a record that was handed over in memory. Its copy from Kafka has the real ones. */
export const notFromKafka = { partition: -1, offset: -1n } as const;

/** Takes a record, or leaves it to its copy from Kafka. A receiver must not throw. */
type Receiver = (record: IncomingRecord) => boolean;

/**
 * Hands records from producers to consumers of the same process, ahead of Kafka. The topics stay the record: every
 * record still goes to Kafka, and each consumer gets it from there too.
 *
 * - M37: a consumer that misses a handed-over record, or fails on it, loses nothing. The copy from Kafka decides.
 */
export class RecordHandover {
  readonly #receivers = new Map<string, Set<Receiver>>();

  /** Calls the receiver with each record of the topic from now on. Returns the function that stops it. */
  receive(topic: string, receiver: Receiver): () => void {
    const receivers = this.#receivers.get(topic) ?? new Set();
    this.#receivers.set(topic, receivers.add(receiver));
    return () => receivers.delete(receiver);
  }

  /** Hands the records to the receivers of their topics. Returns whether each record was taken. */
  offer(records: readonly OutgoingRecord[]): boolean {
    let areTaken = true;
    for (const record of records) areTaken = this.#offerOne(record) && areTaken;
    return areTaken;
  }

  #offerOne(record: OutgoingRecord): boolean {
    const receivers = this.#receivers.get(record.topic);
    if (receivers === undefined || receivers.size === 0) return false;
    const handedOver = incomingCopy(record);
    let isTaken = false;
    for (const receiver of receivers) isTaken = receiver(handedOver) || isTaken;
    return isTaken;
  }
}

function incomingCopy({ topic, key, value, headers }: OutgoingRecord): IncomingRecord {
  const keyBytes = typeof key === 'string' ? Buffer.from(key) : key;
  return { topic, ...notFromKafka, timestampMs: Date.now(), key: keyBytes, value, headers };
}

/** The settings of a service, so that its clients take part in the handover. */
export function withHandover<Settings extends { readonly kafka: object }>(
  settings: Settings,
  handover: RecordHandover,
): Settings {
  return { ...settings, kafka: { ...settings.kafka, handover } };
}
