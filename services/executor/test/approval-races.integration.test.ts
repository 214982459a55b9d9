import type { PolicyVerdict } from '@action-mesh/contracts/executor';
import { childSpan, newId } from '@action-mesh/kernel';

import { CountLedger } from '../src/adapters/postgres/ledger-counts.js';
import { PostgresApprovals } from '../src/adapters/postgres/postgres-approvals.js';
import { PostgresAskedCalls } from '../src/adapters/postgres/postgres-asked-calls.js';
import type { AskedApproval, Park } from '../src/application/ledger.port.js';
import { transitions } from '../src/domain/call.js';
import { aCall, capacityFor, LedgerBench, type TestLedger } from './ledger-bench.js';
import { go, hourMs, sent, sessionOf, takenOver } from './parked-call.js';

let bench: LedgerBench;
let one: TestLedger;
let approvals: PostgresApprovals;
let asked: PostgresAskedCalls;

beforeAll(async () => {
  bench = await LedgerBench.open();
  one = await bench.ledger('one');
  approvals = new PostgresApprovals(bench.pool, () => undefined);
  asked = new PostgresAskedCalls(bench.pool);
}, 60_000);

afterEach(async () => {
  await bench.pool.query('DELETE FROM waiting');
});

afterAll(async () => {
  await bench.close();
});

const policy: PolicyVerdict = { decision: 'ask', explained: 'a test' };
const scope = 'policy:p';

function question(): AskedApproval {
  const shown = {
    id: newId(),
    reason: 'Look first.',
    expires_at: new Date(Date.now() + hourMs).toISOString(),
    arguments_digest: 'b'.repeat(64),
  };
  return { shown, about: JSON.stringify({ reason: 'Look first.', digest: shown.arguments_digest }) };
}

const parkFor = (approval: AskedApproval): Park => ({
  delayMs: hourMs,
  reason: 'awaiting_approval',
  scope,
  approval,
});

/** A call that waits for its approval. */
async function waits(overrides: Parameters<typeof aCall>[0] = {}) {
  const call = aCall(overrides);
  const start = transitions(undefined, { type: 'receive' }, { type: 'awaitApproval' });
  if (!start.ok) throw new Error(start.reason);
  const approval = question();
  await one.ledger.record({
    call,
    trace: childSpan(),
    start: start.call,
    park: parkFor(approval),
    policy,
    outcome: '{"status":"waiting"}',
    validityMs: hourMs,
  });
  return { call, shown: approval.shown };
}

const decision = (tenantId: string, id: string) =>
  ({ tenantId, id, decision: 'approved', by: 'olga' }) as const;

async function waitOf(callId: string): Promise<object | undefined> {
  const { rows } = await bench.pool.query<object>('SELECT lane, reason FROM waiting WHERE call_id = $1', [
    callId,
  ]);
  return rows[0];
}

it('a decision while its call is under way is found when the call waits again', async () => {
  const { call, shown } = await waits();
  expect(await asked.release([{ tenantId: call.tenant_id }], 10)).toBe(1);
  const [woken] = await one.ledger.wakeOverflow(capacityFor(10));
  if (woken === undefined) throw new Error('the call still waits');
  expect(woken.owned).toMatchObject({ state: { state: 'AWAITING_APPROVAL', attempt: 0 }, policy });
  // The owner has read that nobody has decided, and the decision comes before it writes.
  expect(await approvals.decide(decision(call.tenant_id, shown.id))).toBe(true);
  expect(await go(sessionOf(one, woken.owned), ['awaitApproval'], { park: parkFor({ shown }) })).toBe(true);
  expect(await waitOf(call.call_id)).toEqual({ lane: 'overflow', reason: 'tenant_backlog' });
  expect(await approvals.ofCall(call, 0)).toMatchObject({ id: shown.id, status: 'approved', isOver: false });
  const again = await one.ledger.wakeOverflow(capacityFor(10));
  expect(again.map(({ owned }) => owned.call.call_id)).toEqual([call.call_id]);
});

it('a call that waits again for an open question keeps waiting for it, with its detail', async () => {
  const { call, shown } = await waits();
  await asked.release([{}], 10);
  const [woken] = await one.ledger.wakeOverflow(capacityFor(10));
  if (woken === undefined) throw new Error('the call still waits');
  await go(sessionOf(one, woken.owned), ['awaitApproval'], { park: parkFor({ shown }) });
  expect(await one.ledger.find(call.tenant_id, call.call_id)).toMatchObject({
    state: 'AWAITING_APPROVAL',
    waiting: { reason: 'awaiting_approval', approval: shown },
  });
  expect(await approvals.ofCall(call, 0)).toMatchObject({ id: shown.id, status: 'pending' });
});

it('the question of a call that goes on or ends is closed', async () => {
  for (const step of ['throttle', 'claim'] as const) {
    const { call, shown } = await waits();
    await asked.release([{ tenantId: call.tenant_id }], 10);
    const [woken] = await one.ledger.wakeOverflow(capacityFor(10));
    if (woken === undefined) throw new Error('the call still waits');
    await go(sessionOf(one, woken.owned), [step]);
    expect(await approvals.find(call.tenant_id, shown.id)).toMatchObject({ summary: { status: 'closed' } });
    expect(await approvals.decide(decision(call.tenant_id, shown.id))).toBe(false);
  }
});

it('one of two decisions at one moment counts (DA1)', async () => {
  const { call, shown } = await waits();
  const both = await Promise.all(
    (['approved', 'rejected'] as const).map((each) =>
      approvals.decide({ ...decision(call.tenant_id, shown.id), decision: each }),
    ),
  );
  expect(both.sort()).toEqual([false, true]);
  expect(await waitOf(call.call_id)).toMatchObject({ lane: 'overflow' });
});

it('belongs to its tenant alone', async () => {
  const { call, shown } = await waits({ tenant_id: 'acme' });
  expect(await approvals.decide(decision('globex', shown.id))).toBe(false);
  expect(await approvals.find('globex', shown.id)).toBeUndefined();
  const query = { status: 'any', limit: 10 } as const;
  expect((await approvals.page('globex', query)).approvals).toEqual([]);
  expect(await waitOf(call.call_id)).toMatchObject({ reason: 'awaiting_approval' });
  expect(await asked.release([{ tenantId: 'globex' }], 10)).toBe(0);
});

it('the list has pages that survive new questions', async () => {
  const tenantId = `paged-${newId()}`;
  const ids: string[] = [];
  for (let n = 0; n < 5; n += 1) ids.push((await waits({ tenant_id: tenantId })).shown.id);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await approvals.page(tenantId, { status: 'pending', limit: 2, ...(cursor && { cursor }) });
    seen.push(...page.approvals.map(({ id }) => id));
    cursor = page.cursor;
    if (seen.length === 2) ids.push((await waits({ tenant_id: tenantId })).shown.id);
  } while (cursor !== undefined);
  expect(seen).toEqual(ids);
  const newest = await approvals.page(tenantId, { status: 'any', limit: 1 });
  expect(newest.approvals[0]?.id).toBe(ids.at(-1));
});

it('a call whose executor died under way is taken over as a waiting one (I7)', async () => {
  const dying = await bench.ledger('dying');
  const { call } = await waits();
  await asked.release([{ tenantId: call.tenant_id }], 10);
  const [woken] = await dying.ledger.wakeOverflow(capacityFor(10));
  expect(woken?.owned.call.call_id).toBe(call.call_id);
  await dying.close();
  const owned = await takenOver(one, call.call_id);
  expect(owned).toMatchObject({ state: { state: 'AWAITING_APPROVAL', attempt: 0, recovered: true }, policy });
});

it('the counts of a scrape have the age of a question, of a probed request, and of a call in review', async () => {
  const { call, shown } = await waits();
  await bench.pool.query("UPDATE approval SET asked_at = asked_at - interval '2 hours' WHERE id = $1", [
    shown.id,
  ]);
  const counts = await new CountLedger(bench.pool).read();
  const ofReason = (reason: string) => counts.waiting.find((each) => each.reason === reason);
  // The wait itself is young: the call came back to its question.
  expect(ofReason('awaiting_approval')?.oldestSeconds).toBeGreaterThan(7_000);

  const probed = await sent(one);
  const probe: Park = { delayMs: hourMs, reason: 'probe' };
  expect(await go(probed, ['loseTrack', 'probe'], { status: 'indeterminate', park: probe })).toBe(true);
  await bench.pool.query("UPDATE call SET sent_at = sent_at - interval '3 hours' WHERE call_id = $1", [
    probed.known.call.call_id,
  ]);
  const reviewed = await sent(one);
  expect(await go(reviewed, ['loseTrack', 'askPerson'], { status: 'needs_review' })).toBe(true);
  await bench.pool.query("UPDATE dead SET died_at = died_at - interval '4 hours' WHERE call_id = $1", [
    reviewed.known.call.call_id,
  ]);
  const later = await new CountLedger(bench.pool).read();
  expect(later.indeterminate).toMatchObject({ calls: 1 });
  expect(later.indeterminate.oldestSeconds).toBeGreaterThan(10_000);
  expect(later.needReview).toMatchObject({ calls: 1 });
  expect(later.needReview.oldestSeconds).toBeGreaterThan(14_000);
  expect(later.deadCalls).toBe(1);
  await bench.pool.query('DELETE FROM waiting WHERE call_id = ANY ($1)', [
    [call.call_id, probed.known.call.call_id],
  ]);
});
