import { CallDead, CallOutcome, retryRungs } from '@action-mesh/contracts/executor';
import { topics } from '@action-mesh/contracts';
import { DEAD_LETTER_MAX_RECORD_BYTES, KafkaProducer, type KafkaClientOptions } from '@action-mesh/messaging';
import type { OpenResources } from '@action-mesh/platform';

/** The producers of an executor. A dead letter is larger than any other record, so it has a producer of its own. */
export interface Producers {
  readonly producer: KafkaProducer;
  readonly deadLetterProducer: KafkaProducer;
}

/** Opens the producers. `open` closes them. */
export function openProducers(client: KafkaClientOptions, open: OpenResources): Producers {
  const producer = new KafkaProducer({
    client,
    topics: [CallOutcome.topic, CallDead.topic, ...retryRungs.map(({ topic }) => topic)],
  });
  const deadLetterProducer = new KafkaProducer({
    client,
    topics: [topics.deadLetters.name],
    maxRecordBytes: DEAD_LETTER_MAX_RECORD_BYTES,
  });
  open.add(producer, (used) => used.close());
  open.add(deadLetterProducer, (used) => used.close());
  return { producer, deadLetterProducer };
}
