import { waitFor } from '@action-mesh/testing';

import { FakeKafkaClient, type FakeSend } from './adapter/kafka-client.fake.js';
import { RecordHandover } from './handover/record-handover.js';
import { KafkaProducer, type KafkaProducerOptions } from './producer.js';
import type { OutgoingRecord } from './wire.js';

let client: FakeKafkaClient;
let producer: KafkaProducer;

function make(options: Partial<KafkaProducerOptions> = {}): void {
  client = new FakeKafkaClient({ t: 4, u: 1 });
  producer = new KafkaProducer(
    { client: { brokers: [], clientId: 'c' }, topics: ['t', 'u', 'gone'], ...options },
    client,
  );
}

const record = (n: number, size = 10, topic = 't'): OutgoingRecord => ({
  topic,
  key: `key-${n}`,
  value: Buffer.alloc(size),
  headers: {},
});

/** Waits for the send with this number. */
const sent = (number: number): Promise<FakeSend> =>
  waitFor(() => client.sends[number - 1], { what: `send ${number}`, timeoutMs: 4_000 });

describe('KafkaProducer', () => {
  it('has one batch under way, and gathers new records meanwhile (M1, M2, K1, K14)', async () => {
    make();
    const first = producer.send(record(0));
    const firstSend = await sent(1);
    const others = Promise.all(Array.from({ length: 700 }, (_, n) => producer.send(record(n))));
    expect(client.sends).toHaveLength(1);
    firstSend.acknowledge();
    await first;
    (await sent(2)).acknowledge();
    (await sent(3)).acknowledge();
    await others;
    expect(client.sends.map(({ records }) => records.length)).toEqual([1, 500, 200]);
    expect(client.mostInFlight).toBe(1);
  });

  it('hands records over before it sends them, and sends them although it is closed at once (M37)', async () => {
    const handover = new RecordHandover();
    make({ client: { brokers: [], clientId: 'c', handover } });
    const seen: string[] = [];
    handover.receive('t', ({ key }) => {
      seen.push(`${key?.toString()} before ${client.sends.length} sends`);
      return true;
    });
    const sending = producer.sendAll([record(1), record(2, 10, 'u')]);
    expect(seen).toEqual(['key-1 before 0 sends']);
    let isClosed = false;
    const closing = producer.close().then(() => (isClosed = true));
    const send = await sent(1);
    expect(isClosed).toBe(false);
    send.acknowledge();
    await Promise.all([sending, closing]);
    expect(client.sends.map(({ records }) => records.length)).toEqual([2]);
  });

  it('never puts more than 512 KB into a batch of more than one record', async () => {
    make();
    const first = producer.send(record(0));
    await sent(1);
    const big = Promise.all([1, 2, 3].map((n) => producer.send(record(n, 300_000))));
    for (const number of [1, 2, 3, 4]) (await sent(number)).acknowledge();
    await Promise.all([first, big]);
    expect(client.sends.map(({ records }) => records.length)).toEqual([1, 1, 1, 1]);
  });

  it('repeats a failed batch first, on a new connection and to the same partitions (M1, M3, K1, K16)', async () => {
    make();
    const keyless = producer.sendAll([record(1), { ...record(2), key: null }]);
    const first = await sent(1);
    const later = producer.send(record(3));
    client.topics.set('t', 16);
    first.fail();
    const second = await sent(2);
    expect(second.producer).toBe(2);
    expect(second.records).toEqual(first.records);
    second.acknowledge();
    (await sent(3)).acknowledge();
    await Promise.all([keyless, later]);
    expect(client.sends[2]?.producer).toBe(2);
  });

  it('rejects when no acknowledgement comes in time, and starts the next batch on a new connection (M6, M7)', async () => {
    make({ deliveryTimeoutMs: 100 });
    const lost = producer.send(record(1));
    await sent(1);
    await expect(lost).rejects.toMatchObject({ code: 'MESSAGING_PRODUCE_FAILED', retry: 'retryable' });
    const next = producer.send(record(2));
    const send = await sent(2);
    expect(send.producer).toBe(2);
    send.acknowledge();
    await next;
  });

  it('rejects in time while no broker can be reached', async () => {
    make({ deliveryTimeoutMs: 120 });
    client.connectError = new Error('connection refused');
    await expect(producer.send(record(1))).rejects.toMatchObject({
      code: 'MESSAGING_PRODUCE_FAILED',
      message: expect.stringContaining('connection refused') as string,
    });
  });

  it('refuses topics that are not on its list or not on the broker, and sends to the others (M4, K12)', async () => {
    make();
    await expect(producer.send(record(1, 10, 'other'))).rejects.toMatchObject({
      code: 'MESSAGING_UNKNOWN_TOPIC',
    });
    expect(client.producers).toBe(0);
    const gone = producer.send(record(1, 10, 'gone'));
    const good = producer.send(record(1));
    (await sent(1)).acknowledge();
    const [refused] = await Promise.allSettled([gone, good]);
    expect(refused).toMatchObject({ reason: { code: 'MESSAGING_UNKNOWN_TOPIC', topic: 'gone' } });
    await good;
    expect(client.sends[0]?.records.map(({ origin }) => origin.topic)).toEqual(['t']);
  });

  it('refuses a record that is too large, and the records with it', async () => {
    make({ maxRecordBytes: 1_000 });
    await expect(producer.sendAll([record(1), record(2, 1_000)])).rejects.toMatchObject({
      code: 'MESSAGING_RECORD_TOO_LARGE',
      maxBytes: 1_000,
    });
    expect(producer.buffered).toBe(0);
  });

  it('lets senders wait for room in their order, and gives up when none comes (M5)', async () => {
    make({ maxBufferedRecords: 2, deliveryTimeoutMs: 300 });
    const done: number[] = [];
    const send = (n: number): Promise<void> => producer.send(record(n)).then(() => void done.push(n));
    const all = [1, 2, 3, 4].map(send);
    await sent(1);
    expect(producer.buffered).toBe(2);
    (await sent(1)).acknowledge();
    await all[1];
    (await sent(2)).acknowledge();
    await Promise.all(all);
    expect(done).toEqual([1, 2, 3, 4]);

    const stuck = await Promise.allSettled([5, 6, 7].map((n) => producer.send(record(n))));
    expect(stuck[2]).toMatchObject({ reason: { retry: 'retryable' } });
    expect(producer.buffered).toBe(0);
  });

  it('sends buffered records before it closes, and none after', async () => {
    make();
    const last = producer.send(record(1));
    const closed = producer.close();
    (await sent(1)).acknowledge();
    await Promise.all([last, closed]);
    await expect(producer.send(record(2))).rejects.toMatchObject({ code: 'MESSAGING_CLOSED' });
  });

  it('honours a given partition', async () => {
    make();
    const all = producer.sendAll([{ ...record(1), partition: 3 }]);
    const send = await sent(1);
    expect(send.records[0]?.partition).toBe(3);
    send.acknowledge();
    await all;
  });
});
