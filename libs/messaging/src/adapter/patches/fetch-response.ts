import type { FetchedMessage } from './fetched-message.js';
import { hasFunction, loadInternal } from './kafkajs-internals.js';
import type { KafkaJsPatch } from './kafkajs-patch.js';
import { readRecordSet } from './record-batch-reader.js';
import { isLookedUp, newestVersion } from './request-lookup.js';

/** A decoded fetch answer of kafkajs. */
interface FetchAnswer {
  readonly throttleTime: number;
  readonly clientSideThrottleTime: number;
  readonly errorCode: number;
  readonly sessionId: number;
  readonly responses: readonly { readonly topicName: string; readonly partitions: readonly object[] }[];
}

interface FetchResponse {
  readonly decode: (bytes: Buffer) => Promise<unknown>;
}

interface Made {
  readonly request: { readonly apiVersion: number };
  readonly response: FetchResponse;
}

type MakeFetch = (args: object) => Made;

/** The exports of `kafkajs/src/protocol/requests/fetch`. */
export interface FetchProtocol {
  protocol: (choice: { readonly version: number }) => MakeFetch | undefined;
}

/** The newest version that the library speaks. It chooses this version on every broker since Kafka 2.3. */
const version = 11;

/**
 * Decodes fetch answers in one pass. For every record, kafkajs 2.2.4 makes a decoder, several big integers, a growing
 * copy of the headers, and text of every header, even if no code reads it.
 *
 * The messages equal those of the library, for all its users in the process. The library itself decodes compressed
 * batches and old formats.
 */
export const fetchResponse: KafkaJsPatch<FetchProtocol> = {
  name: 'fetch response',
  module: 'protocol/requests/fetch/index.js',
  assumptions: [
    {
      name: 'the module protocol/requests/fetch is looked up as `requests.Fetch` through its member `protocol`',
      holds: (library) => hasFunction(library, 'protocol') && isLookedUp(library, 'Fetch'),
    },
    {
      name: 'version 11 is the newest that a fetch request has',
      holds: (library) => newestVersion(library) === version,
    },
    {
      name: 'a fetch request has the member apiVersion',
      holds: (library) => made(library).request.apiVersion === version,
    },
    {
      name: 'a fetch response has the methods decode and parse',
      holds: (library) => {
        const { response } = made(library);
        return hasFunction(response, 'decode') && hasFunction(response, 'parse');
      },
    },
    {
      name: 'a batch hands out the objects that were decoded',
      holds: () => {
        const message = { offset: '7', isControlRecord: false };
        return batchWith(message).messages[0] === message;
      },
    },
  ],
  change(library) {
    const original = library.protocol;
    library.protocol = (choice) => {
      const make = original(choice);
      return make === undefined ? undefined : (args) => withOwnDecoding(make(args));
    };
  },
};

function withOwnDecoding(made: Made): Made {
  if (made.request.apiVersion !== version) return made;
  const { response } = made;
  const decode = (bytes: Buffer): Promise<unknown> => {
    const answer = readAnswer(bytes);
    return answer === undefined ? response.decode(bytes) : Promise.resolve(answer);
  };
  return { ...made, response: { ...response, decode } };
}

/** The decoded answer. Undefined when a record set needs the library's own decoder. */
function readAnswer(bytes: Buffer): FetchAnswer | undefined {
  const reader = new AnswerReader(bytes);
  const clientSideThrottleTime = reader.int32();
  const errorCode = reader.int16();
  const sessionId = reader.int32();
  const responses: FetchAnswer['responses'][number][] = [];
  for (let topics = reader.int32(); topics > 0; topics -= 1) {
    const topicName = reader.string();
    const partitions: object[] = [];
    for (let left = reader.int32(); left > 0; left -= 1) {
      const partition = readPartition(reader);
      if (partition === undefined) return undefined;
      partitions.push(partition);
    }
    responses.push({ topicName, partitions });
  }
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
}

function readPartition(reader: AnswerReader): object | undefined {
  const head = {
    partition: reader.int32(),
    errorCode: reader.int16(),
    highWatermark: reader.int64(),
    lastStableOffset: reader.int64(),
    lastStartOffset: reader.int64(),
  };
  const abortedTransactions: object[] = [];
  for (let left = reader.int32(); left > 0; left -= 1) {
    abortedTransactions.push({ producerId: reader.int64(), firstOffset: reader.int64() });
  }
  const preferredReadReplica = reader.int32();
  const messages: readonly FetchedMessage[] | undefined = readRecordSet(reader.bytes());
  return messages && { ...head, abortedTransactions, preferredReadReplica, messages };
}

class AnswerReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int16(): number {
    this.#at += 2;
    return this.#bytes.readInt16BE(this.#at - 2);
  }

  int32(): number {
    this.#at += 4;
    return this.#bytes.readInt32BE(this.#at - 4);
  }

  /** The number as text, like the library's. */
  int64(): string {
    this.#at += 8;
    return this.#bytes.readBigInt64BE(this.#at - 8).toString();
  }

  string(): string {
    const length = this.int16();
    this.#at += length;
    return this.#bytes.toString('utf8', this.#at - length, this.#at);
  }

  /** Bytes with their length in front. Empty for a null value. */
  bytes(): Buffer {
    const length = Math.max(0, this.int32());
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

function made(library: unknown): Made {
  return (library as FetchProtocol).protocol({ version: version })?.({ topics: [] }) as Made;
}

interface Batch {
  readonly messages: readonly object[];
}

type BatchClass = new (topic: string, fetchedOffset: string, partition: object) => Batch;

/** A batch of the library's consumer with one message. */
function batchWith(message: object): Batch {
  const LibraryBatch = loadInternal('consumer/batch.js') as BatchClass;
  return new LibraryBatch('t', '0', { partition: 0, highWatermark: '8', messages: [message] });
}
