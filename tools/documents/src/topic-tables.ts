import { topics, type Topic } from '@action-mesh/contracts';
import { events } from '@action-mesh/contracts/events';

import { accessRules } from './access-rules.js';
import { messageName } from './event-schema.js';
import { codeText, markdownTable } from './markdown-table.js';

const dayMs = 86_400_000;

const tenantRules: Readonly<Record<Topic['tenant'], string>> = {
  token: 'of the publisher token',
  member: 'named in the record by the mesh',
  none: 'all',
};

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
    ...markdownTable(
      ['topic', 'holds', 'key', 'tenant', 'partitions', 'kept', 'written by', 'read by', 'events'],
      all.map((topic) => [
        codeText(topic.name),
        topic.holds,
        topic.key,
        tenantRules[topic.tenant],
        String(topic.partitions),
        topic.retentionMs === undefined ? 'newest of each key' : days(topic.retentionMs),
        topic.writers.join(', '),
        topic.readers.join(', '),
        events
          .filter(({ topics: names }) => names.includes(topic.name))
          .map((event) => codeText(messageName(event)))
          .join(', '),
      ]),
    ),
    '',
    '`agent` is any program outside the mesh that publishes calls or reads their outcomes. On a cluster of three or more brokers',
    'every topic has three copies, and two must have a record before the broker acknowledges it. On a single broker, some topics',
    `hold records that exist nowhere else yet (${all
      .filter(({ flushEveryRecord }) => flushEveryRecord === true)
      .map(({ name }) => codeText(name))
      .join(', ')}). The broker flushes each of their records to disk.`,
    '',
    'A broker allows whole topics, so a reader of a topic reads the records of all tenants. Give agents of tenants that do not',
    'trust each other no rules for reading; they use the gateway, which shows each tenant its own.',
    '',
    '## Access rules',
    '',
    'For a broker that identifies its clients. It denies every operation that is not listed.',
    '',
    ...markdownTable(
      ['principal', 'topic', 'operations'],
      accessRules().map(({ principal, topic, operations }) => [
        codeText(principal),
        codeText(topic),
        operations.join(', '),
      ]),
    ),
    '',
  ];
  return lines.join('\n');
}

/** Days, with two decimals at most. The rungs of the ladder keep records a little longer than one day. */
function days(ms: number): string {
  return `${Number((ms / dayMs).toFixed(2))} days`;
}
