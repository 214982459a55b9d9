import { topicConfigurations, topics, type Party, type Topic } from '@action-mesh/contracts';
import { events, type PublishedEvent } from '@action-mesh/contracts/events';
import { publisherTokenHeader } from '@action-mesh/contracts/gateway';
import { defined } from '@action-mesh/kernel';

import { eventSchema, messageName, type EventJsonSchema, type RecordedEvent } from './event-schema.js';

const bindingVersion = '0.5.0';
/** Three: the smallest cluster that survives the loss of a broker. */
const productionBrokers = 3;

/**
 * The AsyncAPI 3.0 document of all records on Kafka. Channels are the topics of the manifest, messages are the
 * published events, and operations are the parties' reads and writes. `recorded` gives each message its example.
 */
export function asyncApiDocument(version: string, recorded: (event: PublishedEvent) => RecordedEvent) {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Action Mesh',
      version,
      description:
        'Tool calls, their outcomes, and related events. Records follow CloudEvents 1.0, Kafka protocol binding, binary mode: attributes are headers, the value is the data as JSON.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(Object.values<Topic>(topics).map((topic) => [topic.name, channel(topic)])),
    operations: Object.fromEntries(Object.values<Topic>(topics).flatMap(operations)),
    components: {
      messages: Object.fromEntries(
        events.map((event) => [messageName(event), message(event, recorded(event))]),
      ),
      schemas: Object.assign({}, ...events.map(schemas)) as Record<string, EventJsonSchema>,
    },
  };
}

function channel(topic: Topic) {
  const { partitions, replicationFactor, config } = configuration(topic);
  return {
    address: topic.name,
    description: `Holds ${topic.holds}.`,
    messages: Object.fromEntries(
      eventsOf(topic).map((event) => [
        messageName(event),
        { $ref: `#/components/messages/${messageName(event)}` },
      ]),
    ),
    bindings: {
      kafka: {
        topic: topic.name,
        partitions,
        replicas: replicationFactor,
        topicConfiguration: {
          'cleanup.policy': [topic.cleanup],
          ...defined({ 'retention.ms': topic.retentionMs }),
          'min.insync.replicas': Number(config['min.insync.replicas']),
        },
        bindingVersion,
      },
    },
  };
}

function operations(topic: Topic): [string, object][] {
  const operation = (party: Party, action: 'send' | 'receive'): [string, object] => [
    `${party}.${action}.${topic.name}`,
    {
      action,
      title: `${party} ${action === 'send' ? 'writes' : 'reads'} ${topic.name}`,
      channel: { $ref: `#/channels/${topic.name}` },
      tags: [{ name: party }],
      messages: eventsOf(topic).map((event) => ({
        $ref: `#/channels/${topic.name}/messages/${messageName(event)}`,
      })),
    },
  ];
  return [
    ...topic.writers.map((party) => operation(party, 'send')),
    ...topic.readers.map((party) => operation(party, 'receive')),
  ];
}

function message(event: PublishedEvent, recorded: RecordedEvent) {
  const name = messageName(event);
  const topic = Object.values<Topic>(topics).find((candidate) => candidate.name === event.definition.topic);
  return {
    name,
    title: name,
    summary: event.definition.description,
    contentType: 'application/json',
    headers: headers(name, topic?.writers.includes('agent') ?? false),
    payload: { $ref: `#/components/schemas/${name}` },
    tags: [{ name: event.owner }],
    bindings: { kafka: { key: { type: 'string', description: topic?.key }, bindingVersion } },
    examples: [{ name: 'recorded', headers: recorded.headers, payload: recorded.value }],
  };
}

/**
 * The headers of CloudEvents binary mode and of W3C Trace Context, with the additional ones of writers outside the
 * mesh.
 */
function headers(type: string, fromOutside: boolean): EventJsonSchema {
  return {
    type: 'object',
    required: [
      'ce_id',
      'ce_type',
      'ce_source',
      'ce_specversion',
      ...(fromOutside ? [publisherTokenHeader] : []),
    ],
    properties: {
      ce_id: { type: 'string', minLength: 1, description: 'Unique for the source.' },
      ce_type: { const: type },
      ce_source: {
        type: 'string',
        minLength: 1,
        description: 'The sender, as a URI reference: /services/gateway.',
      },
      ce_specversion: { const: '1.0' },
      ce_time: { type: 'string', format: 'date-time', description: "The record's timestamp where absent." },
      'content-type': { const: 'application/json' },
      traceparent: { type: 'string', description: 'W3C Trace Context. Kept from submission to outcome.' },
      tracestate: { type: 'string' },
      ...(fromOutside
        ? { [publisherTokenHeader]: { type: 'string', description: 'Proves the publisher of the call.' } }
        : {}),
    },
  };
}

/** An event's schema and its inner definitions, side by side. References are relative to the whole document. */
function schemas(event: PublishedEvent): Record<string, EventJsonSchema> {
  const name = messageName(event);
  const { definitions, ...schema } = eventSchema(event);
  const inner = Object.entries((definitions ?? {}) as EventJsonSchema);
  const lifted = {
    [name]: { ...schema, $schema: undefined },
    ...Object.fromEntries(inner.map(([key, value]) => [`${name}.${key}`, value])),
  };
  const text = JSON.stringify(lifted).replaceAll('"#/definitions/', `"#/components/schemas/${name}.`);
  return JSON.parse(text) as Record<string, EventJsonSchema>;
}

function eventsOf(topic: Topic): PublishedEvent[] {
  return events.filter(({ topics: names }) => names.includes(topic.name));
}

function configuration(topic: Topic) {
  const found = topicConfigurations(productionBrokers).find(({ name }) => name === topic.name);
  if (found === undefined) throw new Error(`the manifest gives no configuration for ${topic.name}`);
  return found;
}
