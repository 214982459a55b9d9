import fc from 'fast-check';

import { ByteWriter } from '../record-format/byte-writer.js';
import { writeRecordBatch, type BatchRecord } from '../record-format/record-batch.js';
import { fetchResponse, type FetchProtocol } from './fetch-response.js';
import { FetchedMessage } from './fetched-message.js';
import { loadInternal } from './kafkajs-internals.js';
import { readRecordSet } from './record-batch-reader.js';

interface Message {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | Buffer[] | null>>;
  readonly isControlRecord: boolean;
  readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean };
}

interface Answer {
  readonly responses: readonly {
    readonly partitions: readonly { readonly messages: readonly Message[] }[];
  }[];
}

const { protocol: original } = loadInternal(fetchResponse.module) as FetchProtocol;
const patched: FetchProtocol = { protocol: original };
fetchResponse.change(patched);

interface Set {
  readonly attributes?: number;
  readonly firstOffset?: bigint;
  readonly records: readonly BatchRecord[];
}

/** A record set of batches, with their own offsets and attributes, as a broker sends it. */
function recordSet(batches: readonly Set[]): Buffer {
  return Buffer.concat(
    batches.map(({ attributes = 0, firstOffset = 0n, records }) => {
      const writer = new ByteWriter(64);
      writeRecordBatch(writer, records, {
        producerId: 77n,
        producerEpoch: 1,
        firstSequence: 0,
        timestampMs: 1_700_000_000_000,
      });
      const bytes = Buffer.from(writer.written);
      bytes.writeBigInt64BE(firstOffset, 0);
      bytes.writeInt16BE(attributes, 21);
      // The newest time of the batch. It differs from the first when the broker stamps.
      bytes.writeBigInt64BE(1_700_000_000_999n, 35);
      return bytes;
    }),
  );
}

interface Aborted {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

function answerWith(sets: readonly Buffer[], aborted: readonly Aborted[] = []): Buffer {
  const writer = new ByteWriter(64);
  writer.int32(5);
  writer.int16(0);
  writer.int32(9);
  writer.int32(1);
  writer.string('a.topic');
  writer.int32(sets.length);
  sets.forEach((set, partition) => {
    writer.int32(partition);
    writer.int16(0);
    for (const offset of [9_000_000_000n, 8n, -1n]) writer.int64(offset);
    writer.int32(aborted.length === 0 ? -1 : aborted.length);
    for (const { producerId, firstOffset } of aborted) {
      writer.int64(producerId);
      writer.int64(firstOffset);
    }
    writer.int32(-1);
    writer.int32(set.length);
    for (const byte of set) writer.int8(byte > 127 ? byte - 256 : byte);
  });
  return Buffer.from(writer.written);
}

async function decoded(from: FetchProtocol['protocol'], bytes: Buffer): Promise<Answer> {
  return (await from({ version: 11 })?.({ topics: [] }).response.decode(bytes)) as Answer;
}

/** The members of an answer that the library and its users read. */
function told({ responses, ...head }: Answer): unknown {
  return {
    ...head,
    responses: responses.map(({ partitions, ...topic }) => ({
      ...topic,
      partitions: partitions.map(({ messages, ...partition }) => ({
        ...partition,
        messages: messages.map((message) => ({
          offset: message.offset,
          timestamp: message.timestamp,
          key: message.key,
          value: message.value,
          headers: message.headers,
          isControlRecord: message.isControlRecord,
          producerId: message.batchContext.producerId,
          inTransaction: message.batchContext.inTransaction,
        })),
      })),
    })),
  };
}

async function expectSame(bytes: Buffer): Promise<Answer> {
  const ours = await decoded(patched.protocol, bytes);
  expect(told(ours)).toEqual(told(await decoded(original, bytes)));
  return ours;
}

const record = (changed: Partial<BatchRecord> = {}): BatchRecord => ({
  key: 'k',
  value: Buffer.from('v'),
  headers: { a: 'b' },
  ...changed,
});

describe('the decoding of fetch answers', () => {
  it('assumes that the library gives an answer, a partition and a message exactly these members', async () => {
    const { responses, ...head } = await decoded(
      original,
      answerWith([recordSet([{ records: [record()] }])]),
    );
    const partition = responses[0]?.partitions[0];
    const message = partition?.messages[0];
    const members = (value: object | undefined): string[] => Object.keys(value ?? {}).sort();
    expect(members(head)).toEqual(['clientSideThrottleTime', 'errorCode', 'sessionId', 'throttleTime']);
    expect(members(partition)).toEqual([
      'abortedTransactions',
      'errorCode',
      'highWatermark',
      'lastStableOffset',
      'lastStartOffset',
      'messages',
      'partition',
      'preferredReadReplica',
    ]);
    expect(members(message)).toEqual([
      'attributes',
      'batchContext',
      'headers',
      'isControlRecord',
      'key',
      'magicByte',
      'offset',
      'timestamp',
      'value',
    ]);
    expect(message?.batchContext).toMatchObject({ producerId: '77', inTransaction: false });
  });

  it('makes the same answers as the library, for any records', async () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' })).filter((name) => name !== '__proto__');
    const records = fc.array(
      fc.record({
        key: fc.option(text),
        value: fc.option(fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))),
        headers: fc.dictionary(text, text),
      }),
      { maxLength: 70 },
    );
    const batch = fc.record({
      attributes: fc.constantFrom(0, 0x08, 0x10, 0x30),
      firstOffset: fc.bigInt({ min: 0n, max: 2n ** 52n }),
      records,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(batch, { maxLength: 3 }), { maxLength: 3 }), async (sets) => {
        await expectSame(answerWith(sets.map(recordSet)));
      }),
      { numRuns: 200 },
    );
  });

  it('leaves out a batch that is cut off at any place', async () => {
    const whole = recordSet([{ records: [record()] }, { firstOffset: 1n, records: [record()] }]);
    // The library fails on less than the part with the format version, and no broker sends less.
    for (let length = 17; length <= whole.length; length += 1) {
      await expectSame(answerWith([whole.subarray(0, length)]));
    }
  });

  it('leaves a batch shorter than its own head to the library', () => {
    const set = recordSet([{ records: [record()] }]);
    set.writeInt32BE(-12, 8);
    expect(readRecordSet(set)).toBeUndefined();
  });

  it('recognizes aborted transactions', async () => {
    const aborted = [{ producerId: 77n, firstOffset: 4n }];
    await expectSame(answerWith([recordSet([{ attributes: 0x10, records: [record()] }])], aborted));
  });

  it('reads times and offsets beyond 32 bits', async () => {
    const bytes = recordSet([{ firstOffset: 2n ** 40n, records: [record(), record()] }]);
    const { responses } = await expectSame(answerWith([bytes]));
    expect(responses[0]?.partitions[0]?.messages[1]?.offset).toBe(String(2n ** 40n + 1n));
  });

  it.each<[string, number]>([
    ['compressed', 1],
    ['of an old format', 0],
  ])('leaves batches that are %s to the library', async (what, attributes) => {
    const set = recordSet([{ attributes, records: [record()] }]);
    if (what !== 'compressed') set.writeInt8(1, 16);
    const response = {
      decode: () => Promise.reject(new Error('the library was asked')),
      parse: () => undefined,
    };
    const asked: FetchProtocol = { protocol: () => () => ({ request: { apiVersion: 11 }, response }) };
    fetchResponse.change(asked);
    await expect(decoded(asked.protocol, answerWith([set]))).rejects.toThrow('the library was asked');
  });

  it('leaves other versions unchanged', () => {
    const make = { request: { apiVersion: 10 }, response: { decode: () => Promise.resolve('theirs') } };
    const asked: FetchProtocol = {
      protocol: ({ version }) => (version === 11 ? original({ version }) : () => make),
    };
    fetchResponse.change(asked);
    expect(asked.protocol({ version: 10 })?.({})).toBe(make);
  });
});

describe('the headers of a fetched message', () => {
  const context = { isControl: false, inTransaction: false, producerId: '1' };

  function message(headers: readonly (readonly [string, string | null])[]): FetchedMessage {
    const writer = new ByteWriter(64);
    writer.varint(headers.length);
    for (const [name, value] of headers) {
      writer.varintString(name);
      writer.varintBytes(value === null ? null : Buffer.from(value));
    }
    return new FetchedMessage({
      offset: 0,
      timestampMs: 0,
      key: null,
      value: null,
      headers: Buffer.from(writer.written),
      context,
    });
  }

  it('keep the last value of a repeated name, and all values for the library', () => {
    const twice = message([
      ['a', '1'],
      ['b', 'x'],
      ['a', '2'],
      ['a', '3'],
    ]);
    expect(twice.wireHeaders).toEqual({ a: '3', b: 'x' });
    expect(twice.headers).toEqual({
      a: ['1', '2', '3'].map((text) => Buffer.from(text)),
      b: Buffer.from('x'),
    });
  });

  it('are left out without a value', () => {
    expect(
      message([
        ['a', null],
        ['b', ''],
      ]).wireHeaders,
    ).toEqual({ b: '' });
  });
});
