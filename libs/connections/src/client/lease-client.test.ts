import { inspect } from 'node:util';

import type { ChangedConnection } from '@action-mesh/contracts/auth-broker';
import fc from 'fast-check';

import type { LeaseAnswer, LeasedCredential } from '../token-lease.js';
import { LeaseClient } from './lease-client.js';
import type { CredentialWant } from './lease-client.port.js';
import type { TokenQuestion } from './token-exchange.port.js';

const want: CredentialWant = {
  tenantId: 'acme',
  userId: 'ada',
  integration: 'github',
  scopes: [],
  callId: '01998c50-0002-7c0d-9e0f-1a2b3c4d5e70',
};
const connectionId = '01998c50-0000-7a0b-8c0d-0e0f10111213';

function credential(changes: Partial<LeasedCredential> = {}): LeasedCredential {
  return {
    connection_id: connectionId,
    version: 1,
    places: [{ in: 'header', name: 'authorization', value: 'Bearer secret-token' }],
    hosts: ['api.github.com'],
    ...changes,
  };
}

function event(changes: Partial<ChangedConnection> = {}): ChangedConnection {
  return {
    connection_id: connectionId,
    seq: 1,
    tenant_id: 'acme',
    user_id: 'ada',
    integration: 'github',
    provider: 'github',
    change: 'revoked',
    state: 'revoked',
    version: 1,
    is_default: true,
    at: '2026-11-30T12:00:00.000Z',
    ...changes,
  };
}

let nowMs = 0;
let asked: TokenQuestion[] = [];
let answers: (LeaseAnswer | Promise<LeaseAnswer | undefined> | undefined)[] = [];
let client: LeaseClient;

const clock = { now: () => 1_000_000 + nowMs, monotonicMs: () => nowMs };
const refused = (code: 'no_connection' | 'unavailable' | 'missing_scopes'): LeaseAnswer => ({
  refusal: { code, message: 'no' },
});
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  nowMs = 0;
  asked = [];
  answers = [];
  client = new LeaseClient({
    clock,
    patienceMs: 50,
    mostSubjects: 3,
    exchange: {
      ask: (question) => {
        asked.push(question);
        return Promise.resolve(answers.length > 0 ? answers.shift() : { credential: credential() });
      },
    },
  });
});

describe('a credential', () => {
  it('is asked for once, and then found without a wait (LC4)', async () => {
    expect(client.held(want)).toBeUndefined();
    const both = await Promise.all([client.obtain(want), client.obtain(want)]);
    expect(both).toEqual([{ credential: credential() }, { credential: credential() }]);
    expect(client.held(want)).toEqual(credential());
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ tenant_id: 'acme', user_id: 'ada', integration: 'github' });
    expect(asked[0]).not.toHaveProperty('scopes');
  });

  it('is found for no other tenant, user, integration or connection (LC1)', async () => {
    await client.obtain(want);
    for (const other of [
      { tenantId: 'globex' },
      { userId: 'eve' },
      { integration: 'slack' },
      { connectionId: '01998c50-0000-7a0b-8c0d-0e0f10111299' },
      { tenantId: 'acme","ada', userId: '' },
    ])
      expect(client.held({ ...want, ...other })).toBeUndefined();
  });

  it('is used for at most 60 s after its request (LC2)', async () => {
    await client.obtain(want);
    nowMs = 59_999;
    expect(client.held(want)).toBeDefined();
    await settled();
    const late = new LeaseClient({
      clock,
      exchange: {
        ask: () => {
          nowMs += 20_000;
          return Promise.resolve({ credential: credential() });
        },
      },
    });
    nowMs = 0;
    await late.obtain(want);
    nowMs = 60_000;
    expect(late.held(want)).toBeUndefined();
  });

  it('is never used after its own end, less a tenth or 2 s (LC2)', async () => {
    answers = [{ credential: credential({ valid_for_ms: 5_000 }) }];
    await client.obtain(want);
    nowMs = 4_499;
    expect(client.held(want)).toBeDefined();
    nowMs = 4_500;
    expect(client.held(want)).toBeUndefined();
    await settled();
    nowMs = 100_000;
    answers = [{ credential: credential({ valid_for_ms: 40_000 }) }];
    await client.obtain(want);
    nowMs = 137_999;
    expect(client.held(want)).toBeDefined();
    nowMs = 138_000;
    expect(client.held(want)).toBeUndefined();
    await settled();
    answers = [{ credential: credential({ valid_for_ms: 0 }) }];
    nowMs = 300_000;
    expect(await client.obtain(want)).toMatchObject({ refusal: { code: 'unavailable' } });
  });

  it('that is used in the last fifth of its life is renewed behind the call', async () => {
    await client.obtain(want);
    nowMs = 47_000;
    client.held(want);
    await settled();
    expect(asked).toHaveLength(1);
    nowMs = 48_000;
    answers = [{ credential: credential({ version: 2 }) }];
    expect(client.held(want)?.version).toBe(1);
    client.held(want);
    await settled();
    expect(asked).toHaveLength(2);
    expect(client.held(want)?.version).toBe(2);
    nowMs = 60_001;
    expect(client.held(want)).toBeDefined();
  });

  it('without the scopes of a tool is asked for again, with them', async () => {
    answers = [{ credential: credential({ scopes: ['read'] }) }, refused('missing_scopes')];
    await client.obtain(want);
    const wide = { ...want, scopes: [['write'], ['admin']] };
    expect(client.held(wide)).toBeUndefined();
    expect(await client.obtain(wide)).toMatchObject({ refusal: { code: 'missing_scopes' } });
    expect(asked[1]?.scopes).toEqual([['write'], ['admin']]);
    expect(client.held(want)).toBeDefined();
    expect(client.held({ ...want, scopes: [['write'], ['read']] })).toBeDefined();
  });

  it('shows a mask in logs and JSON', async () => {
    await client.obtain(want);
    const held = client.held(want);
    expect(JSON.stringify({ held })).toBe('{"held":"[credential]"}');
    expect(inspect({ held }, { depth: 9 })).not.toContain('secret-token');
    expect(held?.places[0]?.value).toBe('Bearer secret-token');
  });

  it('costs less than 0.2 ms of processor time when it is in memory', async () => {
    await client.obtain(want);
    const scopes = [['a', 'b'], ['c']];
    for (let n = 0; n < 2_000; n += 1) client.held({ ...want, scopes });
    const before = process.cpuUsage();
    for (let n = 0; n < 5_000; n += 1) client.held({ ...want, scopes });
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 5_000).toBeLessThan(200);
  });

  it('is kept for a bounded number of users (LS2)', async () => {
    for (const userId of ['a', 'b', 'c']) await client.obtain({ ...want, userId });
    client.held({ ...want, userId: 'a' });
    await client.obtain({ ...want, userId: 'd' });
    expect(['a', 'b', 'c', 'd'].map((userId) => client.held({ ...want, userId }) !== undefined)).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });
});

describe('a refusal', () => {
  it('answers further calls for a second', async () => {
    answers = [refused('no_connection')];
    await client.obtain(want);
    nowMs = 999;
    expect(await client.obtain(want)).toEqual(refused('no_connection'));
    expect(asked).toHaveLength(1);
    nowMs = 1_000;
    expect(await client.obtain(want)).toEqual({ credential: credential() });
  });

  it('ends at once when its user connects', async () => {
    answers = [refused('no_connection')];
    await client.obtain(want);
    client.changed(event({ change: 'created', state: 'active' }));
    expect(await client.obtain(want)).toEqual({ credential: credential() });
  });

  it('stands in for an answer that does not come in time, and the late answer serves the next call', async () => {
    let answer: (given: LeaseAnswer) => void = () => undefined;
    answers = [new Promise<LeaseAnswer>((resolve) => (answer = resolve))];
    expect(await client.obtain(want)).toMatchObject({
      refusal: { code: 'unavailable', retry_after_ms: 1_000 },
    });
    answer({ credential: credential() });
    await settled();
    expect(client.held(want)).toBeDefined();
    expect(asked).toHaveLength(1);
  });

  it('of a renewal keeps the lease while the broker is down, and ends it when the user has to act', async () => {
    await client.obtain(want);
    nowMs = 50_000;
    answers = [refused('unavailable')];
    client.held(want);
    await settled();
    expect(client.held(want)).toBeDefined();
    await settled();
    expect(asked).toHaveLength(2);
    nowMs = 53_000;
    answers = [refused('no_connection')];
    expect(client.held(want)).toBeDefined();
    await settled();
    expect(client.held(want)).toBeUndefined();
  });
});

describe('a change of a connection', () => {
  it.each(['revoked', 'needs_reauth', 'made_default', 'created', 'recovered'] as const)(
    '%s ends the leases of its user at its integration (LC3)',
    async (change) => {
      const named = { ...want, connectionId };
      await client.obtain(want);
      await client.obtain(named);
      await client.obtain({ ...want, userId: 'bob' });
      client.changed(event({ change }));
      expect([client.held(want), client.held(named)]).toEqual([undefined, undefined]);
      expect(client.held({ ...want, userId: 'bob' })).toBeDefined();
    },
  );

  it('by a refresh ends older versions alone', async () => {
    answers = [{ credential: credential({ version: 4 }) }];
    await client.obtain(want);
    client.changed(event({ change: 'refreshed', version: 4 }));
    client.changed(event({ change: 'refresh_failed', version: 5 }));
    expect(client.held(want)).toBeDefined();
    client.changed(event({ change: 'refreshed', version: 5 }));
    expect(client.held(want)).toBeUndefined();
  });

  it('during a request makes the client ask again (LC3)', async () => {
    let answer: (given: LeaseAnswer) => void = () => undefined;
    answers = [new Promise<LeaseAnswer>((resolve) => (answer = resolve)), refused('no_connection')];
    const obtained = client.obtain(want);
    await settled();
    client.changed(event());
    answer({ credential: credential() });
    expect(await obtained).toEqual(refused('no_connection'));
    expect(client.held(want)).toBeUndefined();
  });

  it('of an integration ends the leases of all its users, and of no other tenant (LC3)', async () => {
    await client.obtain(want);
    await client.obtain({ ...want, userId: 'bob' });
    await client.obtain({ ...want, tenantId: 'globex' });
    client.integrationChanged('acme', 'github');
    const isHeld = (changes: object): boolean => client.held({ ...want, ...changes }) !== undefined;
    expect([isHeld({}), isHeld({ userId: 'bob' }), isHeld({ tenantId: 'globex' })]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('that may have been missed ends all leases', async () => {
    await client.obtain(want);
    client.forget();
    expect(client.held(want)).toBeUndefined();
  });
});

describe('a credential that the provider refused', () => {
  it('is replaced by a newer version alone', async () => {
    await client.obtain(want);
    answers = [{ credential: credential({ version: 2 }) }];
    expect(await client.renew(want, credential())).toEqual({ credential: credential({ version: 2 }) });
    expect(asked[1]).toMatchObject({ not_version: 1 });
    expect(client.held(want)?.version).toBe(2);
  });

  it('is never used again, by later calls either', async () => {
    await client.obtain(want);
    answers = [{ credential: credential() }, { credential: credential() }, refused('unavailable')];
    expect(await client.renew(want, credential())).toMatchObject({ refusal: { code: 'rejected' } });
    expect(client.held(want)).toBeUndefined();
    nowMs = 2_000;
    await client.obtain(want);
    expect(asked.at(-1)).toMatchObject({ not_version: 1 });
  });

  it('is asked for once by calls that were refused side by side', async () => {
    await client.obtain(want);
    answers = [{ credential: credential({ version: 2 }) }];
    const all = await Promise.all([
      client.renew(want, credential()),
      client.renew(want, credential()),
      client.renew(want, credential()),
    ]);
    expect(all.every((answer) => 'credential' in answer && answer.credential.version === 2)).toBe(true);
    expect(await client.renew(want, credential())).toMatchObject({ credential: { version: 2 } });
    expect(asked).toHaveLength(2);
  });
});

it('in every order of calls and changes, each call gets its own credential (LC1)', async () => {
  const names = fc.constantFrom('a', 'b', 'a","b', '');
  const step = fc.record({
    kind: fc.constantFrom('obtain', 'held', 'renew', 'change', 'time'),
    tenantId: names,
    userId: names,
    integration: fc.constantFrom('x', 'y'),
    connection: fc.constantFrom(undefined, '1', '2'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const version = { last: 0 };
      const own = new LeaseClient({
        clock,
        mostSubjects: 4,
        exchange: {
          ask: ({ tenant_id, user_id, integration, connection_id }) =>
            Promise.resolve({
              credential: credential({
                version: (version.last += 1),
                places: [
                  {
                    in: 'header',
                    name: 'x',
                    value: JSON.stringify([tenant_id, user_id, integration, connection_id ?? null]),
                  },
                ],
              }),
            }),
        },
      });
      const check = (wanted: CredentialWant, given: LeasedCredential | undefined): void => {
        if (given === undefined) return;
        const { tenantId, userId, integration, connectionId: id } = wanted;
        expect(given.places[0]?.value).toBe(JSON.stringify([tenantId, userId, integration, id ?? null]));
      };
      const running = steps.map(async ({ kind, connection, ...names_ }) => {
        const wanted: CredentialWant = { ...want, ...names_, connectionId: connection };
        if (kind === 'time') nowMs += 13_000;
        else if (kind === 'change')
          own.changed(
            event({ tenant_id: names_.tenantId, user_id: names_.userId, integration: names_.integration }),
          );
        else if (kind === 'held') check(wanted, own.held(wanted));
        else {
          const answer = await (kind === 'obtain' ? own.obtain(wanted) : own.renew(wanted, credential()));
          if ('credential' in answer) check(wanted, answer.credential);
        }
      });
      await Promise.all(running);
    }),
    { numRuns: 200 },
  );
});
