import type { IncomingRecord } from '@action-mesh/messaging';

import { HistoryUnavailableError, UnrecordableEntryError } from '../../domain/audit.errors.js';
import type { NewEntry } from '../../domain/new-entry.js';
import { UnreadRecords } from './unread-records.js';

const record: IncomingRecord = {
  topic: 'mesh.outcomes',
  partition: 1,
  offset: 9n,
  timestampMs: Date.parse('2026-11-30T10:00:00Z'),
  key: null,
  value: Buffer.from('{'),
  headers: {},
};

/** Entries that arrive, with the answers that they get in turn. The last answer stays. */
function stage(...answers: (Error | undefined)[]) {
  const tried: NewEntry[] = [];
  const stuck: unknown[] = [];
  const unread = new UnreadRecords(
    {
      run: (entry) => {
        tried.push(entry);
        const answer = answers.length > 1 ? answers.shift() : answers[0];
        return answer === undefined ? Promise.resolve() : Promise.reject(answer);
      },
    },
    {
      onUnread: () => undefined,
      onStuck: (_record, error) => {
        stuck.push(error);
        unread.close();
      },
    },
  );
  return { unread, tried, stuck };
}

const refusal = new UnrecordableEntryError('a fact is a number that is not whole');

describe('an unreadable record', () => {
  it('waits while the database takes no entries, and keeps its entry (UR1)', async () => {
    const { unread, tried, stuck } = stage(new HistoryUnavailableError(new Error('down')), undefined);
    await unread.take(record, 'INVALID_JSON', 'the value is not JSON');
    expect(tried).toHaveLength(2);
    expect(tried[1]).toEqual(tried[0]);
    expect(stuck).toEqual([]);
  });

  it('whose entry is refused becomes one without the parts that a client chose (UR2)', async () => {
    const { unread, tried } = stage(refusal, undefined);
    await unread.take(record, 'INVALID_JSON', 'the value is not JSON');
    const [full, bare] = tried;
    expect(full?.content).toContain('the value is not JSON');
    expect(bare).toMatchObject({ id: full?.id, source: full?.source, kind: 'record.unreadable' });
    expect(bare?.facts).toEqual({ code: 'AUDIT_UNRECORDABLE', bytes: 1 });
    expect(bare).not.toHaveProperty('content');
  });

  it('whose bare entry is refused too waits, and says so', async () => {
    const { unread, tried, stuck } = stage(refusal);
    await expect(unread.take(record, 'INVALID_JSON', 'the value is not JSON')).rejects.toThrow(/stopped/);
    expect(tried).toHaveLength(2);
    expect(stuck).toEqual([refusal]);
  });

  it.each([Number.MAX_SAFE_INTEGER, -1, -Number.MAX_SAFE_INTEGER])(
    'with the time %d becomes an entry',
    async (timestampMs) => {
      const { unread, tried } = stage(undefined);
      await unread.take({ ...record, timestampMs }, 'INVALID_JSON', 'the value is not JSON');
      expect(tried[0]?.at).toMatch(/^(?:1970|9999)-\d\d-\d\dT[\d:.]+Z$/);
    },
  );
});
