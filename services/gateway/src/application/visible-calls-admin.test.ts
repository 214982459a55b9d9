import { CallRefusedError, ToolRegistry } from '@action-mesh/admission';
import { redriveRequestSchema, type CallView, type DeadCallView } from '@action-mesh/contracts/executor';
import { ToolAllowList, type Principal } from '@action-mesh/identity';
import { samplePrincipal } from '@action-mesh/identity/testing';
import { newId } from '@action-mesh/kernel';
import { sampleTool } from '@action-mesh/testing';

import { FakeCallHistory } from './call-history.fake.js';
import { CallVisibility } from './call-visibility.js';
import { FakeExecutorAdmin } from './executor-admin.fake.js';
import { KnownTools } from './known-tools.js';
import { VisibleCallsAdmin } from './visible-calls-admin.js';
import { VisibleHistory } from './visible-history.js';

const view = (user: string, tool: string): CallView => ({
  call_id: newId(),
  tenant_id: 'default',
  user_id: user,
  tool: { slug: tool, version: '1.2.0' },
  state: 'SUCCEEDED',
  attempts: 1,
  received_at: '2026-01-01T00:00:00Z',
});

const dead = ({ call_id, user_id, tool }: CallView): DeadCallView => ({
  call_id,
  user_id,
  tool: tool.slug,
  status: 'dead',
  error: { code: 'provider_failed', category: 'provider', message: 'no' },
  attempts: 3,
  redrives: 0,
  died_at: '2026-01-01T00:00:00Z',
});

const ours = view('u1', 'crm_update_contact');
const otherUser = view('u2', 'crm_update_contact');
const otherTool = view('u1', 'crm_delete_contact');

function stage() {
  const registry = new ToolRegistry();
  registry.put(sampleTool());
  registry.put(sampleTool({ slug: 'crm_delete_contact' }));
  const visibility = new CallVisibility(new KnownTools(registry, { missing: undefined }));
  const [ledger, executor] = [new FakeCallHistory(), new FakeExecutorAdmin()];
  for (const each of [ours, otherUser, otherTool]) {
    ledger.views.set(each.call_id, each);
    executor.deadCalls.push(dead(each));
    executor.sagaCalls.push(each);
  }
  const history = new VisibleHistory(ledger, visibility);
  return { ledger, executor, history, admin: new VisibleCallsAdmin(executor, history, visibility) };
}

const limited: readonly (readonly [what: string, Principal])[] = [
  ['its users', samplePrincipal({ users: new Set(['u1']) })],
  ['its tools', samplePrincipal({ tools: new ToolAllowList(['crm_update_*']) })],
  ['its toolkits', samplePrincipal({ tools: new ToolAllowList(['crm/crm_update_*']) })],
  ['both', samplePrincipal({ users: new Set(['u1']), tools: new ToolAllowList(['crm_update_*']) })],
];

/** The calls that a limited key must not see. */
function hiddenFrom({ users, tools }: Principal): CallView[] {
  return [...(users === undefined ? [] : [otherUser]), ...(tools === undefined ? [] : [otherTool])];
}

describe.each(limited)('a key that is limited to %s (CV1)', (_what, caller) => {
  it('finds and changes those calls alone', async () => {
    const { history, executor, admin } = stage();
    expect(await history.find(caller, ours.call_id)).toBe(ours);
    await admin.cancel(caller, ours.call_id, {});
    await admin.resolve(caller, ours.call_id, { verdict: 'give_up' });
    await admin.reschedule(caller, ours.call_id, { not_before: '2027-01-01T00:00:00Z' });
    expect(executor.changes.map(([what]) => what)).toEqual(['cancel', 'resolve', 'reschedule']);
    for (const { call_id: id } of hiddenFrom(caller)) {
      expect(await history.find(caller, id)).toBeUndefined();
      expect(await admin.deadCall(caller, id)).toBeUndefined();
      expect(await admin.cancel(caller, id, {})).toEqual({ kind: 'unknown' });
      expect(await admin.resolve(caller, id, { verdict: 'happened' })).toEqual({ kind: 'unknown' });
      expect(await admin.reschedule(caller, id, { not_before: '2027-01-01T00:00:00Z' })).toEqual({
        kind: 'unknown',
      });
    }
    expect(executor.changes).toHaveLength(3);
  });

  it('lists and undoes those calls alone', async () => {
    const { admin } = stage();
    const hidden = hiddenFrom(caller).map(({ call_id }) => call_id);
    const listed = (await admin.dead(caller, { limit: 50 })).calls.map(({ call_id }) => call_id);
    const undone = (await admin.saga(caller, 's')).map(({ call_id }) => call_id);
    for (const ids of [listed, undone]) {
      expect(ids).toContain(ours.call_id);
      expect(ids.filter((id) => hidden.includes(id))).toEqual([]);
    }
  });

  it('redrives those calls alone, and reports the others like unknown ones', async () => {
    const { admin, executor } = stage();
    const hidden = hiddenFrom(caller).map(({ call_id }) => call_id);
    const unknown = newId();
    const request = redriveRequestSchema.parse({ call_ids: [ours.call_id, ...hidden, unknown] });
    const report = await admin.redrive(caller, request);
    expect(executor.redrives.map(({ call_ids: ids }) => ids)).toEqual([[ours.call_id]]);
    expect(report.not_dead).toEqual({ count: hidden.length + 1, call_ids: [...hidden, unknown] });
    const alone = await admin.redrive(caller, redriveRequestSchema.parse({ call_ids: [hidden[0]] }));
    expect(alone).toMatchObject({ matched: 0, redriven: { count: 0 }, not_dead: { count: 1 } });
    expect(executor.redrives).toHaveLength(1);
  });
});

describe('lists of a key that is bound to users', () => {
  const ask = {
    calls: ({ history }: ReturnType<typeof stage>, caller: Principal, user_id?: string) =>
      history.list(caller, { limit: 50, ...(user_id && { user_id }) }),
    waiting: ({ admin }: ReturnType<typeof stage>, caller: Principal, user_id?: string) =>
      admin.waiting(caller, { limit: 50, ...(user_id && { user_id }) }),
    dead: ({ admin }: ReturnType<typeof stage>, caller: Principal, user_id?: string) =>
      admin.dead(caller, { limit: 50, ...(user_id && { user_id }) }),
  };
  const usersOf = ({ ledger, executor }: ReturnType<typeof stage>) => [
    ...ledger.queries.map(({ user_id }) => user_id),
    ...executor.listedUsers,
  ];

  it.each(Object.keys(ask) as (keyof typeof ask)[])(
    'ask the ledger for one of the users: %s',
    async (list) => {
      const [parts, one, two] = [
        stage(),
        samplePrincipal({ users: new Set(['u1']) }),
        samplePrincipal({ users: new Set(['u1', 'u2']) }),
      ];
      await ask[list](parts, one);
      await ask[list](parts, two, 'u2');
      expect(usersOf(parts)).toEqual(['u1', 'u2']);
      for (const caller of [one, two])
        await expect(ask[list](parts, caller, 'u3')).rejects.toBeInstanceOf(CallRefusedError);
      await expect(ask[list](parts, two)).rejects.toMatchObject({
        refusal: 'invalid_request',
        problems: [{ pointer: '/user_id' }],
      });
      expect(usersOf(parts)).toHaveLength(2);
    },
  );
});

describe('a redrive by a filter', () => {
  const by = (filter: object) => redriveRequestSchema.parse({ filter });
  const [users, tools] = [
    samplePrincipal({ users: new Set(['u1']) }),
    samplePrincipal({ tools: new ToolAllowList(['crm_update_*']) }),
  ];

  it('covers one user of the key', async () => {
    const { admin, executor } = stage();
    await admin.redrive(users, by({ status: 'dead' }));
    expect(executor.redrives[0]?.filter).toEqual({ status: 'dead', user_id: 'u1' });
    await expect(admin.redrive(users, by({ user_id: 'u2' }))).rejects.toMatchObject({
      refusal: 'user_not_allowed',
    });
  });

  it('covers one tool of the key', async () => {
    const { admin, executor } = stage();
    await admin.redrive(tools, by({ tool: 'crm_update_contact' }));
    for (const filter of [{}, { tool: 'crm_delete_contact' }, { tool: 'unknown_tool' }])
      await expect(admin.redrive(tools, by(filter))).rejects.toMatchObject({ refusal: 'key_limited' });
    expect(executor.redrives).toHaveLength(1);
  });

  it('of a key without limits stays as it is', async () => {
    const { admin, executor } = stage();
    const request = by({});
    await admin.redrive(samplePrincipal(), request);
    expect(executor.redrives).toEqual([request]);
  });
});
