import type pg from 'pg';

import { HistoryUnavailableError } from '../../domain/audit.errors.js';
import { entryId } from '../../domain/new-entry.js';
import { ChainSigner, newSigningKey } from '../../domain/signing-keys.js';
import { PostgresHistoryLog } from './postgres-history-log.js';

/** A pool whose statements fail inside of a transaction. */
function failing(error: Error): pg.Pool {
  const client = {
    query: (text: unknown) =>
      text === 'BEGIN' || text === 'ROLLBACK' ? Promise.resolve({ rows: [] }) : Promise.reject(error),
    release: () => undefined,
  };
  return { connect: () => Promise.resolve(client) } as unknown as pg.Pool;
}

function append(error: Error): Promise<unknown> {
  const log = new PostgresHistoryLog({
    pool: failing(error),
    signer: new ChainSigner(newSigningKey()),
    clock: { now: () => 0 },
    keepContent: true,
  });
  return log.append([
    {
      tenantId: 'acme',
      id: entryId('sample', 'one'),
      kind: 'call.accepted',
      at: '2026-11-30T10:00:00.000Z',
      facts: {},
    },
  ]);
}

const withCode = (code: string): Error => Object.assign(new Error('it failed'), { code });

describe('an append that fails (HL4)', () => {
  it.each(['42501', '42P01', '25006', 'XX000', '0A000', '54000', '57014', '08006', 'ECONNRESET'])(
    'waits after %s: the same entries can be stored later',
    async (code) => {
      await expect(append(withCode(code))).rejects.toBeInstanceOf(HistoryUnavailableError);
    },
  );

  it('waits after an error without a code', async () => {
    await expect(append(new Error('the server closed it'))).rejects.toBeInstanceOf(HistoryUnavailableError);
  });

  it.each(['22P05', '22008', '23505'])('refuses the entries after %s', async (code) => {
    await expect(append(withCode(code))).rejects.toMatchObject({ code });
  });
});
