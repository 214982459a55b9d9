import { callColumns } from '../src/adapters/postgres/record-statement.js';
import { moveColumns } from '../src/adapters/postgres/advance-statement.js';
import type { Move } from '../src/application/ledger.port.js';
import { transitions } from '../src/domain/call.js';
import { aCall, dispatching, LedgerBench, type TestLedger } from './ledger-bench.js';

let bench: LedgerBench;
let a: TestLedger;

beforeAll(async () => {
  bench = await LedgerBench.open();
  a = await bench.ledger('a');
});

afterAll(() => bench.close());

/** PostgreSQL ignores members without a column, so a wrong name would show nowhere else. */
describe('the members of a batch are the columns of its type', () => {
  const columnsOf = async (type: string): Promise<string[]> => {
    const { rows } = await bench.pool.query<{ name: string }>(
      'SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 ORDER BY attnum',
      [type],
    );
    return rows.map(({ name }) => name);
  };

  it('of a new call', async () => {
    expect(Object.keys(callColumns(dispatching(aCall())))).toEqual(await columnsOf('new_call'));
  });

  it('of a move', async () => {
    const start = transitions(undefined, { type: 'receive' });
    if (!start.ok) throw new Error(start.reason);
    const move: Move = { known: { call: aCall() }, from: start.call, to: start.call, evidence: false };
    expect(Object.keys(moveColumns(move, '1'))).toEqual(await columnsOf('call_move'));
  });
});

it('half of a surrogate pair in an id does not fail the batch', async () => {
  const call = aCall({ saga_id: 'half \ud83d', idempotency_key: 'key \udc00' });
  const recorded = await Promise.all([
    a.ledger.record(dispatching(aCall())),
    a.ledger.record(dispatching(call)),
    a.ledger.record(dispatching(aCall())),
  ]);
  expect(recorded.map(({ verdict }) => verdict)).toEqual(['fresh', 'fresh', 'fresh']);
  const { rows } = await bench.pool.query('SELECT saga_id FROM saga WHERE call_id = $1', [call.call_id]);
  expect(rows).toEqual([{ saga_id: 'half \ufffd' }]);
});
