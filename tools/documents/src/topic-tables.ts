import { topics, type Topic } from '@action-mesh/contracts';
import { events } from '@action-mesh/contracts/events';

import { accessRules } from './access-rules.js';
import { messageName } from './event-schema.js';

const dayMs = 86_400_000;

/** The topics, who uses them, and the access rules of a broker that knows its clients; a page of Markdown. */
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
    '`agent` is anybody outside who publishes calls or reads what comes of them. On a cluster of three or more brokers every',
    'topic has three copies, of which two must have a record before it is acknowledged. On a single broker the topics that',
    `hold what exists nowhere else yet (${all
      .filter(({ flushEveryRecord }) => flushEveryRecord === true)
      .map(({ name }) => code(name))
      .join(', ')}) are flushed to disk record by record.`,
    '',
    '## Access rules',
    '',
    'For a broker that knows its clients. Everything that is not listed is denied.',
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

/** Days with two decimals at most: the rungs of the ladder are kept for one and a little. */
function days(ms: number): string {
  return `${Number((ms / dayMs).toFixed(2))} days`;
}

function code(text: string): string {
  return `\`${text}\``;
}
