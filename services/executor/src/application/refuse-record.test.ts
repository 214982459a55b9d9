import { tenantIdSchema } from '@action-mesh/contracts/auth-broker';
import { CallOutcome } from '@action-mesh/contracts/executor';
import { newId } from '@action-mesh/kernel';
import { FakeClock } from '@action-mesh/kernel/testing';

import { LedgerUnavailableError } from '../domain/executor.errors.js';
import { FakeRefusalLog } from './refusal-log.fake.js';
import { RefuseRecord, type PutAside } from './refuse-record.js';
import type { Refused } from './refused-records.port.js';

function aside(callId: string | undefined = newId()): PutAside {
  const message = 'the data does not match the schema at /colour: is not known';
  const place = { topic: 'mesh.ingress', partition: 0, offset: 7n, tenantId: 't1' };
  return { ...place, callId, code: 'SCHEMA_VIOLATION', message, fix: 'Correct it.' };
}

function stage({ known = false, failures = 0 } = {}) {
  const listed: Refused[] = [];
  const reported: Refused[] = [];
  const refusals = new FakeRefusalLog();
  const stop = new AbortController();
  let left = failures;
  const refuse = new RefuseRecord({
    records: {
      add: (refused) => {
        left -= 1;
        if (left >= 0) return Promise.reject(new LedgerUnavailableError('away'));
        listed.push(refused);
        return Promise.resolve(known);
      },
    },
    refusals,
    clock: new FakeClock(),
    signal: stop.signal,
    onRefused: (refused) => reported.push(refused),
    onError: () => undefined,
  });
  return { refuse, listed, reported, refusals, stop };
}

it('an unreadable record is logged, listed and answered', async () => {
  const { refuse, listed, reported, refusals } = stage();
  await refuse.execute(aside());
  expect([listed.length, reported.length]).toEqual([1, 1]);
  expect(CallOutcome.schema.parse(refusals.refusals[0])).toMatchObject({
    status: 'failed',
    user_id: 'unknown',
    error: { code: 'schema_violation', fix: 'Correct it.' },
  });
});

it('gives the answer that the record brings with it', async () => {
  const { refuse, refusals } = stage();
  const about = aside();
  await refuse.execute(about);
  const [outcome] = refusals.refusals;
  if (outcome === undefined) throw new Error('there is no outcome');
  await refuse.execute({ ...about, outcome: { ...outcome, user_id: 'ada' } });
  expect(refusals.refusals[1]).toEqual({ ...outcome, user_id: 'ada' });
});

it('answers a record without a tenant under an id that no tenant can have', async () => {
  const { refuse, refusals } = stage();
  await refuse.execute({ ...aside(), tenantId: undefined });
  const { tenant_id: tenantId } = CallOutcome.schema.parse(refusals.refusals[0]);
  expect(tenantIdSchema.safeParse(tenantId).success).toBe(false);
});

it('publishes nothing under a known call id, nor without an id', async () => {
  const known = stage({ known: true });
  await known.refuse.execute(aside());
  expect([known.listed.length, known.refusals.refusals.length]).toEqual([1, 0]);
  const nameless = stage();
  await nameless.refuse.execute({ ...aside(), callId: undefined });
  expect([nameless.listed.length, nameless.refusals.refusals.length]).toEqual([1, 0]);
});

it('tries again while the ledger is unavailable, and logs the record once', async () => {
  const { refuse, listed, reported, refusals } = stage({ failures: 2 });
  await refuse.execute(aside());
  expect([listed.length, reported.length, refusals.refusals.length]).toEqual([1, 1, 1]);
});

it('gives up when the executor stops: the record comes again', async () => {
  const { refuse, stop } = stage({ failures: Infinity });
  const executed = refuse.execute(aside());
  stop.abort();
  expect(await executed).toBe(false);
  expect(await stage().refuse.execute(aside())).toBe(true);
});
