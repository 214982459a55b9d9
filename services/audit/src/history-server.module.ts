import { topics } from '@action-mesh/contracts';
import { CallSubmitted } from '@action-mesh/contracts/gateway';
import {
  KafkaTransport,
  type IncomingRecord,
  type KafkaClientOptions,
  type KafkaTransportOptions,
} from '@action-mesh/messaging';
import { LogBudget, type Logger, type OpenResources } from '@action-mesh/platform';

import { UnreadRecords } from './adapters/kafka/unread-records.js';
import type { RecordEntries } from './application/record-entries.js';

const minuteMs = 60_000;

/** A record waits for the database as long as it takes, both between its attempts and within one. */
const longestWaitMs = 365 * 86_400_000;

/** Takes records from Kafka into the history. */
export function historyServer(
  client: KafkaClientOptions,
  logger: Logger,
  open: OpenResources,
  recordEntries: RecordEntries,
): KafkaTransport {
  const unreadLines = open.add(
    new LogBudget<{ readonly topic: string; readonly code: string }>({
      most: 5,
      everyMs: minuteMs,
      line: (about) => logger.warn(about, 'a record is no readable event; its entry says so'),
      rest: (count) => logger.warn({ count }, 'more records were no readable events'),
    }),
    (used) => used.close(),
  );
  const stuckLines = open.add(
    new LogBudget<{ readonly topic: string; readonly offset: string; readonly err: unknown }>({
      most: 1,
      everyMs: minuteMs,
      line: (about) => logger.error(about, 'the chain of no tenant refuses an entry; its record waits'),
      rest: () => undefined,
    }),
    (used) => used.close(),
  );
  const unread = open.add(
    new UnreadRecords(recordEntries, {
      onUnread: ({ topic }, code) => unreadLines.add({ topic, code }),
      onStuck: ({ topic, offset }, err) => stuckLines.add({ topic, offset: offset.toString(), err }),
    }),
    (used) => used.close(),
  );
  return new KafkaTransport(historyTransport(client, unread));
}

/** The options of the transport. An unreadable record goes to `unread` and to no topic. */
export function historyTransport(client: KafkaClientOptions, unread: UnreadRecords): KafkaTransportOptions {
  return {
    client,
    groupId: 'audit',
    deadLetters: { topic: topics.deadLetters.name, producer: unread.producer, isPublishersFault },
    onDeadLetter: (record, code, message) => unread.take(record, code, message),
    // A handler that is given up loses its entry for the tenant, so a slow database must not end it.
    handlerTimeoutMs: longestWaitMs,
    limits: { maxRetryTimeMs: longestWaitMs },
  };
}

/** Any agent may write to this topic. Its wrong records are not paced: they would hold up the right ones behind them. */
function isPublishersFault({ topic }: IncomingRecord, reason: string): boolean {
  return topic === CallSubmitted.topic && !/^(?:HANDLER_|RETRIES_)/.test(reason);
}
