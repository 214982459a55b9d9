import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { RecordContext } from '@action-mesh/messaging';

import type { Reception, RecordCall } from '../../application/record-call.js';
import { LedgerUnavailableError } from '../../domain/executor.errors.js';
import { AcceptedCallsController } from './accepted-calls.controller.js';

const call = {} as AcceptedCall;
const context = new RecordContext({
  topic: 'calls',
  partition: 0,
  offset: 0n,
  timestampMs: 0,
  key: null,
  value: null,
  headers: {},
});

function receive(reception: Reception | Error): Promise<unknown> {
  const recordCall = {
    execute: () => (reception instanceof Error ? Promise.reject(reception) : Promise.resolve(reception)),
  } as unknown as RecordCall;
  return new AcceptedCallsController(recordCall).onCall(call, context);
}

describe('the record of a call', () => {
  it.each<Reception>(['fresh', 'following', 'replayed', 'redelivered', 'refused'])(
    'is acknowledged when the ledger knows the call: %s (I7)',
    async (reception) => expect(await receive(reception)).toEqual({ kind: 'ack' }),
  );

  it('is kept while the ledger cannot be written (I7)', async () => {
    expect(await receive(new LedgerUnavailableError('away'))).toMatchObject({ kind: 'retry' });
  });

  it('under the id of another call is dead-lettered for a person', async () => {
    expect(await receive('id_conflict')).toMatchObject({ kind: 'deadLetter', reason: 'CALL_ID_CONFLICT' });
  });

  it('is dead-lettered by the runtime when the code breaks on it, and not repeated', async () => {
    await expect(receive(new TypeError('a bug'))).rejects.toThrow('a bug');
  });
});
