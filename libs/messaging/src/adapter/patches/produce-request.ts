import type { Message } from 'kafkajs';
import type { PlacedRecord } from '../kafka-client.port.js';
import { ByteWriter } from '../record-format/byte-writer.js';
import { writeRecordBatch } from '../record-format/record-batch.js';
import { hasFunction, loadInternal } from './kafkajs-internals.js';
import type { KafkaJsPatch } from './kafkajs-patch.js';
import { isLookedUp, newestVersion } from './request-lookup.js';

/**
 * A record in the form that the library takes. The class marks it as one of ours: the patch encodes requests with
 * only such messages, and the library all others.
 */
export class PlacedMessage implements Message {
  readonly key: string | Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, string>;
  readonly partition: number;

  constructor({ origin, partition }: PlacedRecord) {
    this.key = origin.key;
    this.value = origin.value;
    this.headers = origin.headers;
    this.partition = partition;
  }
}

/** The arguments of kafkajs's produce request that the patch uses. */
export interface ProduceArguments {
  readonly acks: number;
  readonly timeout: number;
  readonly compression: number;
  readonly transactionalId?: string | null;
  readonly producerId: bigint | number | string;
  readonly producerEpoch: number;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly firstSequence: number;
      readonly messages: readonly unknown[];
    }[];
  }[];
}

/** An encoded request, with the members of kafkajs's `Encoder` that it reads. */
interface Encoded {
  readonly buf: Buffer;
  readonly buffer: Buffer;
  size(): number;
}

interface ProduceRequest {
  readonly apiVersion: number;
  readonly encode: () => Promise<Encoded>;
}

type MakeProduce = (args: ProduceArguments) => { readonly request: ProduceRequest };

/** The exports of `kafkajs/src/protocol/requests/produce`. */
export interface ProduceProtocol {
  protocol: (choice: { readonly version: number }) => MakeProduce | undefined;
}

/** The versions that share one layout: record batches of magic 2, and no flexible fields yet. */
const versions = { first: 3, last: 7 };
const noCompression = 0;
const firstSizeBytes = 64 * 1024;
/** A writer that grew beyond this size for an unusual batch is dropped. */
const keptBytes = 1024 * 1024;

/**
 * Encodes the produce requests of our producers in one buffer. kafkajs 2.2.4 makes an encoder with a zeroed buffer
 * for every header and every record. That is the largest part of the sending process's cost per record.
 *
 * The bytes equal those of the library. The library itself encodes requests with foreign messages, with compression
 * or in a transaction.
 */
export const produceRequest: KafkaJsPatch<ProduceProtocol> = {
  name: 'produce request',
  module: 'protocol/requests/produce/index.js',
  assumptions: [
    {
      name: 'the module protocol/requests/produce is looked up as `requests.Produce` through its member `protocol`',
      holds: (library) => hasFunction(library, 'protocol') && isLookedUp(library, 'Produce'),
    },
    {
      name: 'version 7 is the newest that a produce request has',
      holds: (library) => newestVersion(library) === versions.last,
    },
    {
      name: 'a produce request has the member apiVersion and the method encode',
      holds: (library) => {
        const { request } = (library as ProduceProtocol).protocol({ version: versions.last })?.({
          topicData: [],
        } as unknown as ProduceArguments) ?? { request: undefined };
        return hasFunction(request, 'encode') && Reflect.get(request, 'apiVersion') === versions.last;
      },
    },
    {
      name: 'an envelope takes an encoded request by its members `buf` and `buffer`',
      holds: () => {
        const buffer = Buffer.from('any');
        const envelope = newEncoder().writeEncoder({ buf: buffer, buffer, size: () => buffer.length });
        return envelope.buffer.equals(buffer);
      },
    },
    {
      name: 'a message reaches the encoder as the object that was given',
      holds: () => groupedMessage() instanceof PlacedMessage,
    },
  ],
  change(library) {
    const original = library.protocol;
    library.protocol = (choice) => {
      const make = original(choice);
      return make === undefined ? undefined : (args) => withOwnEncoding(make(args), args);
    };
  },
};

function withOwnEncoding<Made extends { readonly request: ProduceRequest }>(
  made: Made,
  args: ProduceArguments,
): Made {
  const { apiVersion } = made.request;
  const isKnown = apiVersion >= versions.first && apiVersion <= versions.last;
  if (!isKnown || args.compression !== noCompression || typeof args.transactionalId === 'string') return made;
  if (!args.topicData.every(({ partitions }) => partitions.every(({ messages }) => areOurs(messages)))) {
    return made;
  }
  return { ...made, request: { ...made.request, encode: () => Promise.resolve(encode(args)) } };
}

let writer = new ByteWriter(firstSizeBytes);

function encode({ acks, timeout, producerId, producerEpoch, topicData }: ProduceArguments): Encoded {
  writer.clear();
  writer.int16(-1); // No transaction.
  writer.int16(acks);
  writer.int32(timeout);
  writer.int32(topicData.length);
  const origin = { producerId: BigInt(producerId), producerEpoch, timestampMs: Date.now() };
  for (const { topic, partitions } of topicData) {
    writer.string(topic);
    writer.int32(partitions.length);
    for (const { partition, messages, firstSequence } of partitions) {
      writer.int32(partition);
      const sizeAt = writer.length;
      writer.int32(0);
      // `areOurs` has checked every one of them.
      writeRecordBatch(writer, messages as readonly PlacedMessage[], { ...origin, firstSequence });
      writer.int32At(sizeAt, writer.length - sizeAt - 4);
    }
  }
  const buffer = Buffer.from(writer.written);
  if (buffer.length > keptBytes) writer = new ByteWriter(firstSizeBytes);
  return { buf: buffer, buffer, size: () => buffer.length };
}

function areOurs(messages: readonly unknown[]): boolean {
  return messages.every((message) => message instanceof PlacedMessage);
}

interface EnvelopeEncoder {
  readonly buffer: Buffer;
  writeEncoder(encoded: Encoded): EnvelopeEncoder;
}

function newEncoder(): EnvelopeEncoder {
  const Encoder = loadInternal('protocol/encoder.js') as new () => EnvelopeEncoder;
  return new Encoder();
}

type GroupMessages = (args: object) => Readonly<Record<number, readonly unknown[]>>;

/** A message of ours after the library has grouped it by partition. */
function groupedMessage(): unknown {
  const group = loadInternal('producer/groupMessagesPerPartition.js') as GroupMessages;
  const origin = { topic: 't', key: null, value: null, headers: {} };
  const messages = [new PlacedMessage({ origin, partition: 0 })];
  return group({ topic: 't', partitionMetadata: [{}], partitioner: () => 0, messages })[0]?.[0];
}
