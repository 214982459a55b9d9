import fc from 'fast-check';

import type { OutgoingRecord } from '../../wire.js';
import { loadInternal } from './kafkajs-internals.js';
import {
  PlacedMessage,
  produceRequest,
  type ProduceArguments,
  type ProduceProtocol,
} from './produce-request.js';

const nowMs = 1_700_000_000_123;
const { protocol: originalProtocol } = loadInternal(produceRequest.module) as ProduceProtocol;

const args = (topicData: ProduceArguments['topicData'], changed: object = {}): ProduceArguments => ({
  acks: -1,
  timeout: 10_000,
  compression: 0,
  producerId: '4000000000',
  producerEpoch: 3,
  topicData,
  ...changed,
});

const message = (changed: Partial<OutgoingRecord> = {}): PlacedMessage =>
  new PlacedMessage({
    origin: { topic: 't', key: 'k', value: Buffer.from('v'), headers: { a: 'b' }, ...changed },
    partition: 0,
  });

const topic = (messages: readonly unknown[], firstSequence = 0): ProduceArguments['topicData'] => [
  { topic: 't', partitions: [{ partition: 0, firstSequence, messages }] },
];

async function bytes(
  from: ProduceProtocol['protocol'],
  given: ProduceArguments,
  version = 7,
): Promise<Buffer> {
  const encoded = await from({ version })?.(given).request.encode();
  if (encoded === undefined) throw new Error('there is no such version');
  expect(encoded.size()).toBe(encoded.buffer.length);
  return encoded.buffer;
}

const patched: ProduceProtocol = { protocol: originalProtocol };

const { now } = Date;

beforeAll(() => {
  // The library reads the time itself. Both encoders must get the same one.
  Date.now = () => nowMs;
  produceRequest.change(patched);
});

afterAll(() => {
  Date.now = now;
});

describe('the encoding of produce requests', () => {
  it('makes the same bytes as the library, for any records', async () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.string({ minLength: 40, maxLength: 300 }),
    );
    const record = fc.record({
      key: fc.oneof(
        text,
        fc.constant(null),
        fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      ),
      value: fc.option(fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))),
      headers: fc.dictionary(text, text),
    });
    const partition = fc.record({
      partition: fc.nat(),
      firstSequence: fc.nat(),
      messages: fc.array(record.map(message), { minLength: 1, maxLength: 70 }),
    });
    const topics = fc.array(fc.record({ topic: text, partitions: fc.array(partition, { maxLength: 3 }) }), {
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(topics, fc.integer({ min: 3, max: 7 }), async (topicData, version) => {
        const given = args(topicData);
        const ours = await bytes(patched.protocol, given, version);
        expect(ours.equals(await bytes(originalProtocol, given, version))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('makes the same bytes for a record of the largest size, and after it', async () => {
    for (const size of [1_200_000, 10]) {
      const given = args(topic([message({ value: Buffer.alloc(size, 'x') })]));
      expect((await bytes(patched.protocol, given)).equals(await bytes(originalProtocol, given))).toBe(true);
    }
  });

  it('keeps the bytes of two requests apart when both are encoded before either is sent', async () => {
    const [first, second] = ['first', 'second'].map((value) =>
      args(topic([message({ value: Buffer.from(value) })])),
    );
    if (first === undefined || second === undefined) throw new Error('unreachable');
    const encoded = await bytes(patched.protocol, first);
    await bytes(patched.protocol, second);
    expect(encoded.equals(await bytes(originalProtocol, first))).toBe(true);
  });

  it.each<[string, ProduceArguments]>([
    ['with messages of others', args(topic([message(), { key: null, value: Buffer.from('theirs') }]))],
    ['in a transaction', args(topic([message()]), { transactionalId: 'tx' })],
    ['that are compressed', args(topic([message()]), { compression: 1 })],
  ])('leaves requests %s to the library', async (_, given) => {
    const made = {
      request: { apiVersion: 7, encode: () => Promise.reject(new Error('the library was asked')) },
    };
    const asked: ProduceProtocol = { protocol: () => () => made };
    produceRequest.change(asked);
    await expect(asked.protocol({ version: 7 })?.(given).request.encode()).rejects.toThrow(
      'the library was asked',
    );
  });
});
