import { awaitingAuth, type AuthNeed, type AuthWaiter } from './auth-wait.js';

const need: AuthNeed = {
  integration: 'github',
  provider: 'github',
  connectUrl: 'https://mesh.example.com/connect/link/x',
  missingScopes: ['repo'],
};
const waiter: AuthWaiter = { ageMs: 0, untilDeadlineMs: Infinity, isUnsure: false };
const shown = {
  reason: 'awaiting_auth',
  scope: 'integration:github',
  connect_url: 'https://mesh.example.com/connect/link/x',
  missing_scopes: ['repo'],
};

it('tells the caller where the user connects, and no time', () => {
  const { park, ending } = awaitingAuth(need, waiter);
  expect(ending).toEqual({ status: 'waiting', waiting: shown });
  expect(park).toMatchObject({ reason: 'awaiting_auth', scope: 'integration:github', delayMs: 2_000 });
});

it('looks again after its age, between 2 s and 15 min, and never after its deadline', () => {
  const delayMs = (ageMs: number, untilDeadlineMs = Infinity): number =>
    awaitingAuth(need, { ...waiter, ageMs, untilDeadlineMs }).park.delayMs;
  expect([0, 500, 2_000, 60_000, 900_000, 9e9].map((ageMs) => delayMs(ageMs))).toEqual([
    2_000, 2_000, 2_000, 60_000, 900_000, 900_000,
  ]);
  expect([delayMs(60_000, 5_000), delayMs(60_000, -1)]).toEqual([5_000, 0]);
});

it('of a call of unknown effect keeps its state and ignores its deadline', () => {
  const { park, ending } = awaitingAuth(need, {
    ageMs: 60_000,
    untilDeadlineMs: 1,
    isUnsure: true,
  });
  expect(ending?.status).toBe('indeterminate');
  expect(park.delayMs).toBe(60_000);
});

it('is told once, and again when its reason has changed', () => {
  const told = {
    ...shown,
    reason: 'awaiting_auth',
    connect_url: 'https://mesh.example.com/connect/link/y',
  } as const;
  expect(awaitingAuth(need, { ...waiter, told }).ending).toBeUndefined();
  const { missingScopes: _scopes, ...whole } = need;
  expect(awaitingAuth(whole, { ...waiter, told }).ending).toBeDefined();
  const before = { reason: 'awaiting_auth', scope: 'no_integration:github' } as const;
  expect(awaitingAuth(need, { ...waiter, told: before }).ending).toBeDefined();
});

it('of a tenant without an integration names the provider', () => {
  expect(awaitingAuth({ integration: undefined, provider: 'slack' }, waiter).ending?.waiting).toEqual({
    reason: 'awaiting_auth',
    scope: 'no_integration:slack',
  });
});
