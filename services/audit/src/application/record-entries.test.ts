import { HistoryUnavailableError, UnrecordableEntryError } from '../domain/audit.errors.js';
import type { NewEntry } from '../domain/new-entry.js';
import { RecordEntries } from './record-entries.js';

const entry = (id: string): NewEntry => ({
  tenantId: 'acme',
  id,
  kind: 'call.accepted',
  at: '2026-11-30T10:00:00.000Z',
  facts: {},
});

describe('entries that arrive together', () => {
  it('are recorded without the one that cannot be (RE1)', async () => {
    const told: string[] = [];
    const entries = new RecordEntries(
      {
        append: (given) =>
          given.some(({ id }) => id === 'bad')
            ? Promise.reject(new UnrecordableEntryError('bad'))
            : Promise.resolve(given.map(() => true)),
      },
      { onNew: ({ id }) => told.push(id) },
    );
    const results = await Promise.allSettled(['a', 'bad', 'b'].map((id) => entries.run(entry(id))));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(told).toEqual(['a', 'b']);
  });

  it('wait when the database takes none, and the reason is told', async () => {
    const reasons: unknown[] = [];
    const down = new Error('permission denied');
    const entries = new RecordEntries(
      { append: () => Promise.reject(new HistoryUnavailableError(down)) },
      { onUnavailable: (reason) => reasons.push(reason) },
    );
    const results = await Promise.allSettled(['a', 'b'].map((id) => entries.run(entry(id))));
    for (const result of results)
      expect(result).toMatchObject({ reason: expect.any(HistoryUnavailableError) as Error });
    expect(reasons).toEqual([down]);
  });
});
