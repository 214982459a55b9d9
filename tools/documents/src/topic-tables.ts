import { topics, type Topic } from '@action-mesh/contracts';
import { events } from '@action-mesh/contracts/events';

import { accessRules } from './access-rules.js';
import { messageName } from './event-schema.js';

const dayMs = 86_400_000;

/**
 * The topics, their readers and writers, and the access rules of a broker that identifies its clients; a page of
 * Markdown.
 */
export function topicTables(): string {
  const all = Object.values<Topic>(topics);
  const lines = [
    '# Topics',
    '',
    'Generated from the topic manifest of `libs/contracts` by `npm run generate`; do not edit. The records themselves are in',
    '[asyncapi.json](asyncapi.json).',
    '',
    ...table(
      ['topic', 'holds', 'key', 'partitions', 'kept', 'written by', 'read by', 'events'],
      all.map((topic) => [
        code(topic.name),
        topic.holds,
        topic.key,
        String(topic.partitions),
        topic.retentionMs === undefined ? 'newest of each key' : days(topic.retentionMs),
        topic.writers.join(', '),
        topic.readers.join(', '),
        events
          .filter(({ topics: names }) => names.includes(topic.name))
          .map((event) => code(messageName(event)))
          .join(', '),
      ]),
    ),
    '',
    '`agent` is any program outside the mesh that publishes calls or reads their outcomes. On a cluster of three or more brokers',
    'every topic has three copies, and two must have a record before the broker acknowledges it. On a single broker, some topics',
    `hold records that exist nowhere else yet (${all
      .filter(({ flushEveryRecord }) => flushEveryRecord === true)
      .map(({ name }) => code(name))
      .join(', ')}). The broker flushes each of their records to disk.`,
    '',
    '## Access rules',
    '',
    'For a broker that identifies its clients. It denies every operation that is not listed.',
    '',
    ...table(
      ['principal', 'topic', 'operations'],
      accessRules().map(({ principal, topic, operations }) => [
        code(principal),
        code(topic),
        operations.join(', '),
      ]),
    ),
    '',
  ];
  return lines.join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

/** Days, with two decimals at most. The rungs of the ladder keep records a little longer than one day. */
function days(ms: number): string {
  return `${Number((ms / dayMs).toFixed(2))} days`;
}

function code(text: string): string {
  return `\`${text}\``;
}
