import { RecordTooLargeError } from '../messaging.errors.js';
import type { RecordProducer } from '../producer.js';
import type { IncomingRecord, OutgoingRecord } from '../wire.js';
import { DeadLetterSender } from './dead-letter-sender.js';

class ScriptedProducer implements RecordProducer {
  readonly sent: OutgoingRecord[] = [];
  readonly failures: Error[];

  constructor(failures: Error[] = []) {
    this.failures = failures;
  }

  send(record: OutgoingRecord): Promise<void> {
    this.sent.push(record);
    const failure = this.failures.shift();
    return failure === undefined ? Promise.resolve() : Promise.reject(failure);
  }

  sendAll(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const record: IncomingRecord = {
  topic: 'calls',
  partition: 3,
  offset: 42n,
  timestampMs: 0,
  key: Buffer.from([0xff, 0x00]),
  value: Buffer.from([0x00, 0xfe]),
  headers: { traceparent: 'kept', 'mesh-error-code': 'an earlier one' },
};

describe('DeadLetterSender', () => {
  it('sends the bytes unchanged, with origin and reason (M23)', async () => {
    const producer = new ScriptedProducer();
    await new DeadLetterSender('dlq', producer).send(record, 'INVALID_JSON', 'the value is not JSON');
    expect(producer.sent).toEqual([
      {
        topic: 'dlq',
        key: record.key,
        value: record.value,
        headers: {
          traceparent: 'kept',
          'mesh-origin-topic': 'calls',
          'mesh-origin-partition': '3',
          'mesh-origin-offset': '42',
          'mesh-error-code': 'INVALID_JSON',
          'mesh-error-message': 'the value is not JSON',
          'mesh-dead-letter-id': 'calls/3/42',
        },
      },
    ]);
  });

  it('leaves out headers that hold credentials', async () => {
    const producer = new ScriptedProducer();
    const sender = new DeadLetterSender('dlq', producer, { secretHeaders: ['token'] });
    await sender.send({ ...record, headers: { token: 'secret', other: 'kept' } }, 'R', '');
    expect(producer.sent[0]?.headers).toMatchObject({ other: 'kept' });
    expect(JSON.stringify(producer.sent)).not.toContain('secret');
  });

  it('cuts a long message between characters', async () => {
    const producer = new ScriptedProducer();
    await new DeadLetterSender('dlq', producer).send(record, 'R', '€'.repeat(1_000));
    const message = producer.sent[0]?.headers['mesh-error-message'] ?? '';
    expect(message).toBe('€'.repeat(341));
  });

  it('retries until the broker acknowledges (M24)', async () => {
    const producer = new ScriptedProducer([new Error('no'), new Error('still no')]);
    await new DeadLetterSender('dlq', producer).send(record, 'R', '');
    expect(producer.sent).toHaveLength(3);
  });

  it('stops on request', async () => {
    const producer = new ScriptedProducer(Array.from({ length: 100 }, () => new Error('no')));
    const sender = new DeadLetterSender('dlq', producer);
    const sending = sender.send(record, 'R', '');
    sender.stop();
    await expect(sending).rejects.toMatchObject({ code: 'MESSAGING_CLOSED' });
  });

  it('paces letters when there are very many of them (M25)', async () => {
    const producer = new ScriptedProducer();
    const sender = new DeadLetterSender('dlq', producer, { pace: { burst: 3, perSecond: 20 } });
    const startedAtMs = performance.now();
    await Promise.all(Array.from({ length: 5 }, () => sender.send(record, 'R', '')));
    expect(producer.sent).toHaveLength(5);
    expect(performance.now() - startedAtMs).toBeGreaterThan(95);
  });

  it('does not pace the faults of publishers, and keeps the turns of other letters for them (M25)', async () => {
    const sent: string[] = [];
    const producer = {
      send: ({ headers }: OutgoingRecord) =>
        Promise.resolve(void sent.push(headers['mesh-error-code'] ?? '')),
    };
    const sender = new DeadLetterSender('dlq', producer as unknown as RecordProducer, {
      pace: { burst: 1, perSecond: 0.001 },
      isPublishersFault: (_, reason) => reason === 'INVALID_JSON',
    });
    const late = Array.from({ length: 3 }, () => sender.send(record, 'HANDLER_THREW', ''));
    await Promise.all(Array.from({ length: 500 }, () => sender.send(record, 'INVALID_JSON', '')));
    expect(sent.filter((reason) => reason === 'INVALID_JSON')).toHaveLength(500);
    expect(sent.filter((reason) => reason === 'HANDLER_THREW').length).toBeLessThanOrEqual(1);
    sender.stop();
    await Promise.allSettled(late);
  });

  it('reduces a record that no broker would take to its origin (M26)', async () => {
    const producer = new ScriptedProducer([new RecordTooLargeError('dlq', 2, 1)]);
    await new DeadLetterSender('dlq', producer).send(record, 'RECORD_TOO_LARGE', '');
    expect(producer.sent[1]).toMatchObject({
      key: null,
      value: null,
      headers: { 'mesh-dead-letter-id': 'calls/3/42', 'mesh-dead-letter-omitted': 'key,value,headers' },
    });
    expect(producer.sent[1]?.headers).not.toHaveProperty('traceparent');
  });
});
