import type { FetchedMessage } from './fetched-message.js';
import { hasFunction, loadInternal } from './kafkajs-internals.js';
import { readRecordSet } from './record-batch-reader.js';

/** A fetch answer as kafkajs has it after decoding. */
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

/** kafkajs's `protocol/requests/fetch`, as it is installed. */
export interface FetchProtocol {
  protocol: (choice: { readonly version: number }) => MakeFetch | undefined;
}

const DECODED_HERE = Symbol.for('action-mesh.kafkajs-fetch-response');
/** The newest version that the library speaks, and so the one that it chooses on every broker since Kafka 2.3. */
const VERSION = 11;

/**
 * Decodes fetch answers in one pass. kafkajs 2.2.4 makes a decoder, several big integers and a growing copy of the headers
 * for every record, and text of every header, whoever reads it.
 *
 * What comes out is what the library makes, for all its users in the process. Does nothing and returns false where it
 * no longer looks as it did; compressed batches and old formats are left to it.
 */
export function decodeFetchResponses(
  library: unknown = loadInternal('protocol/requests/fetch/index.js'),
): boolean {
  if (!isFetchProtocol(library)) return false;
  const original = library.protocol;
  if (DECODED_HERE in original) return true;
  const decoding = (choice: { readonly version: number }): MakeFetch | undefined => {
    const make = original(choice);
    return make === undefined ? undefined : (args) => withOwnDecoding(make(args));
  };
  library.protocol = Object.assign(decoding, { [DECODED_HERE]: true });
  return true;
}

function withOwnDecoding(made: Made): Made {
  if (made.request.apiVersion !== VERSION) return made;
  const { response } = made;
  const decode = (bytes: Buffer): Promise<unknown> => {
    const answer = readAnswer(bytes);
    return answer === undefined ? response.decode(bytes) : Promise.resolve(answer);
  };
  return { ...made, response: { ...response, decode } };
}

/** Undefined where a record set is not for us. */
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

  /** As text, which is how the library has it. */
  int64(): string {
    this.#at += 8;
    return this.#bytes.readBigInt64BE(this.#at - 8).toString();
  }

  string(): string {
    const length = this.int16();
    this.#at += length;
    return this.#bytes.toString('utf8', this.#at - length, this.#at);
  }

  /** Empty where there are none. */
  bytes(): Buffer {
    const length = Math.max(0, this.int32());
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

/** Tries the library's own request once: whether what is to be replaced is there, under the names known. */
function isFetchProtocol(value: unknown): value is FetchProtocol {
  if (!hasFunction(value, 'protocol')) return false;
  const make = { fetch: value.protocol({ version: VERSION }) };
  if (!hasFunction(make, 'fetch')) return false;
  const made: unknown = make.fetch({ topics: [] });
  if (typeof made !== 'object' || made === null || !('request' in made) || !('response' in made))
    return false;
  const { request, response } = made;
  if (!hasFunction(response, 'decode') || !hasFunction(response, 'parse')) return false;
  return typeof request === 'object' && request !== null && Reflect.get(request, 'apiVersion') === VERSION;
}
