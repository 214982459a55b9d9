import type { IncomingRecord } from '@action-mesh/messaging';

import { UnreadRecords } from './adapters/kafka/unread-records.js';
import type { NewEntry } from './domain/new-entry.js';
import { historyTransport } from './history-server.module.js';

const record: IncomingRecord = {
  topic: 'mesh.ingress',
  partition: 3,
  offset: 17n,
  timestampMs: 0,
  key: null,
  value: Buffer.from('{}'),
  headers: {},
};

function stage() {
  const recorded: NewEntry[] = [];
  const unread = new UnreadRecords(
    {
      run: (entry) => {
        recorded.push(entry);
        return Promise.resolve();
      },
    },
    { onUnread: () => undefined, onStuck: () => undefined },
  );
  return { recorded, options: historyTransport({ brokers: ['k1:9092'], clientId: 'audit' }, unread) };
}

describe('the consumer of the history', () => {
  it('gives up no record while the database is slow or away (I13)', () => {
    const { options } = stage();
    const year = 365 * 86_400_000;
    expect(options).toMatchObject({ handlerTimeoutMs: year, limits: { maxRetryTimeMs: year } });
  });

  it('makes an entry of each record that a handler refuses', async () => {
    const { options, recorded } = stage();
    await options.onDeadLetter?.(record, 'PUBLISHER_TOKEN_INVALID', 'unknown');
    expect(recorded).toMatchObject([
      { tenantId: '-', kind: 'record.unreadable', facts: { code: 'PUBLISHER_TOKEN_INVALID' } },
    ]);
  });

  it('paces records that it cannot take itself, and no wrong submission', () => {
    const { isPublishersFault } = stage().options.deadLetters;
    expect(isPublishersFault?.(record, 'PUBLISHER_TOKEN_INVALID')).toBe(true);
    expect(isPublishersFault?.(record, 'HANDLER_THREW')).toBe(false);
    expect(isPublishersFault?.({ ...record, topic: 'mesh.outcomes' }, 'INVALID_JSON')).toBe(false);
  });
});
