import type { Message } from 'kafkajs';
import type { PlacedRecord } from './kafka-client.port.js';
import { ByteWriter } from './byte-writer.js';
import { hasFunction, loadInternal } from './kafkajs-internals.js';
import { writeRecordBatch } from './record-batch.js';

/**
 * A record as the library takes it. The class marks it as one of ours: requests that hold nothing else are encoded here,
 * all others by the library.
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

/** The part of kafkajs's produce request that is used here. */
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

/** What kafkajs wants of an encoded request: the surface of its `Encoder` that it reads. */
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

/** kafkajs's `protocol/requests/produce`, as it is installed. */
export interface ProduceProtocol {
  protocol: (choice: { readonly version: number }) => MakeProduce | undefined;
}

const ENCODED_HERE = Symbol.for('action-mesh.kafkajs-produce-request');
/** The versions that share one layout: record batches of magic 2, and no flexible fields yet. */
const VERSIONS = { first: 3, last: 7 };
const NO_COMPRESSION = 0;
const FIRST_SIZE_BYTES = 64 * 1024;
/** A writer that grew beyond this for an unusual batch is not kept. */
const KEPT_BYTES = 1024 * 1024;

/**
 * Encodes the produce requests of our producers in one buffer. kafkajs 2.2.4 makes an encoder with a zeroed buffer for
 * every header and every record, which is the largest share of what a record costs in a process that sends it.
 *
 * The bytes are those that the library makes. Does nothing and returns false where it no longer looks as it did; then,
 * and for requests with other messages, with compression or in a transaction, the library encodes.
 */
export function encodeProduceRequests(
  library: unknown = loadInternal('protocol/requests/produce/index.js'),
): boolean {
  if (!isProduceProtocol(library)) return false;
  const original = library.protocol;
  if (ENCODED_HERE in original) return true;
  const encoding = (choice: { readonly version: number }): MakeProduce | undefined => {
    const make = original(choice);
    return make === undefined ? undefined : (args) => withOwnEncoding(make(args), args);
  };
  library.protocol = Object.assign(encoding, { [ENCODED_HERE]: true });
  return true;
}

function withOwnEncoding<Made extends { readonly request: ProduceRequest }>(
  made: Made,
  args: ProduceArguments,
): Made {
  const { apiVersion } = made.request;
  const isKnown = apiVersion >= VERSIONS.first && apiVersion <= VERSIONS.last;
  if (!isKnown || args.compression !== NO_COMPRESSION || typeof args.transactionalId === 'string')
    return made;
  if (!args.topicData.every(({ partitions }) => partitions.every(({ messages }) => areOurs(messages)))) {
    return made;
  }
  return { ...made, request: { ...made.request, encode: () => Promise.resolve(encode(args)) } };
}

let writer = new ByteWriter(FIRST_SIZE_BYTES);

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
      // `areOurs` has looked at every one of them.
      writeRecordBatch(writer, messages as readonly PlacedMessage[], { ...origin, firstSequence });
      writer.int32At(sizeAt, writer.length - sizeAt - 4);
    }
  }
  const buffer = Buffer.from(writer.written);
  if (buffer.length > KEPT_BYTES) writer = new ByteWriter(FIRST_SIZE_BYTES);
  return { buf: buffer, buffer, size: () => buffer.length };
}

function areOurs(messages: readonly unknown[]): boolean {
  return messages.every((message) => message instanceof PlacedMessage);
}

/** Tries the library's own request once: whether what is to be replaced is there, under the names known. */
function isProduceProtocol(value: unknown): value is ProduceProtocol {
  if (!hasFunction(value, 'protocol')) return false;
  const make = { produce: value.protocol({ version: VERSIONS.last }) };
  if (!hasFunction(make, 'produce')) return false;
  const made: unknown = make.produce({ topicData: [] });
  if (typeof made !== 'object' || made === null || !('request' in made)) return false;
  const { request } = made;
  return hasFunction(request, 'encode') && 'apiVersion' in request && request.apiVersion === VERSIONS.last;
}
