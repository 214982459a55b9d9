import type { InternalCaller } from '@action-mesh/contracts';
import { roleScopes } from '@action-mesh/contracts/auth-broker';

import type { ConnectAnswer, ConnectPage } from './connect-answer.js';
import { ConnectStage, stagedIntegration } from './connect-flow.fake.js';

const caller: InternalCaller = { tenantId: 'acme', holder: 'app', scopes: new Set(roleScopes.owner) };
const [cookieOfAda, cookieOfBob] = ['A'.repeat(43), 'B'.repeat(43)];
const repaired = {
  connectionId: '00000000-0000-4000-8000-000000000009',
  userId: 'ada',
  integration: 'github',
  state: 'needs_reauth',
  accountId: '42',
  accountName: 'ada-l',
  scopes: ['gist'],
} as const;

function pageOf<Kind extends ConnectPage['kind']>(
  answer: ConnectAnswer,
  kind: Kind,
): Extract<ConnectPage, { kind: Kind }> {
  if (answer.kind !== 'page' || answer.page.kind !== kind)
    throw new Error(`expected a page of the kind ${kind}: ${JSON.stringify(answer)}`);
  return answer.page as Extract<ConnectPage, { kind: Kind }>;
}

const noticeOf = (answer: ConnectAnswer): string => pageOf(answer, 'notice').notice;
const locationOf = (answer: ConnectAnswer): string => (answer.kind === 'redirect' ? answer.location : '');

/** A person with a browser at the pages of one session. */
async function person(
  request: Readonly<Record<string, unknown>> = {},
  stage = new ConnectStage(),
  cookie = cookieOfAda,
) {
  const view = await stage.create.run(caller, { user_id: 'ada', integration: 'github', ...request });
  const token = (view.url ?? '').split('/').pop() ?? '';
  const browser = { cookie };
  const look = () => stage.open.run(token, browser);
  const start = async () => {
    const { formToken } = pageOf(await look(), 'ask');
    return new URL(pageOf(await stage.start.run(token, browser, formToken), 'forward').url);
  };
  const returning = async (more = 'code=c1') =>
    `${more}&state=${(await start()).searchParams.get('state') ?? ''}`;
  const callback = (
    query: string,
    others: { cookie?: string; tenantId?: string; integration?: string } = {},
  ) => stage.finish.run({ tenantId: 'acme', integration: 'github', query, cookie, ...others });
  const show = async () => (await stage.sessions.find({ tenantId: 'acme', publicId: view.id }))?.session;
  return { stage, view, token, browser, look, start, returning, callback, show };
}

describe('a new session', () => {
  it('has an address that only its creator learns, and lives for 15 minutes', async () => {
    const { stage, view, token, look } = await person();
    expect(view).toMatchObject({ status: 'open', user_id: 'ada', scopes: ['repo', 'read:user'] });
    expect(JSON.stringify([...stage.sessions.rows.values()])).not.toContain(token);
    stage.clock.advance(15 * 60_000);
    expect(noticeOf(await look())).toBe('expired');
  });

  it.each([
    [{ integration: 'gitlab' }, '/integration'],
    [{ return_url: 'https://evil.example/' }, '/return_url'],
    [{ return_url: 'https://app.example@evil.example/' }, '/return_url'],
    [{ connection_id: '00000000-0000-4000-8000-000000000008' }, '/connection_id'],
    [{ allow_other_account: true }, '/allow_other_account'],
    [{ user_id: 'ada\u0000' }, '/user_id'],
    [{ user_id: undefined }, '/user_id'],
  ])('is refused for %j', async (request, pointer) => {
    const stage = new ConnectStage();
    const asked = stage.create.run(caller, { user_id: 'ada', integration: 'github', ...request });
    await expect(asked).rejects.toMatchObject({ problems: [{ pointer }] });
  });

  it('never repairs the connection of another user', async () => {
    const stage = new ConnectStage();
    stage.known.push({ ...repaired, userId: 'bob' });
    const asked = { user_id: 'ada', integration: 'github', connection_id: repaired.connectionId };
    await expect(stage.create.run(caller, asked)).rejects.toMatchObject({
      problems: [{ pointer: '/connection_id' }],
    });
  });

  it('needs the right to write connections', async () => {
    const reader = { ...caller, scopes: new Set(roleScopes.viewer) };
    await expect(new ConnectStage().create.run(reader, {})).rejects.toMatchObject({
      code: 'AUTH_BROKER_MISSING_RIGHT',
    });
  });
});

describe('a session on its page', () => {
  it('connects the account that the person confirms', async () => {
    const { stage, token, browser, returning, callback, look, show } = await person({ label: 'work' });
    expect(locationOf(await callback(await returning()))).toBe(`https://mesh.example/connect/${token}`);
    expect(stage.oauth.calls[0]).toMatch(
      /^exchange c1 https:\/\/mesh\.example\/connect\/callback\/acme\/github 43$/,
    );
    expect(stage.saved).toEqual([]);
    const confirm = pageOf(await look(), 'confirm');
    expect(confirm).toMatchObject({ account: { name: 'ada-l' }, missingScopes: [] });
    await stage.confirm.run(token, browser, confirm.formToken);
    expect(stage.saved).toMatchObject([
      {
        tenantId: 'acme',
        userId: 'ada',
        integration: 'github',
        account: { id: '42', name: 'ada-l' },
        label: 'work',
        credential: { kind: 'oauth2', accessToken: 'access-1', refreshToken: 'refresh-1' },
      },
    ]);
    expect(await show()).toMatchObject({ status: 'completed' });
    expect(pageOf(await look(), 'connected').account?.name).toBe('ada-l');
  });

  it('gives the query of the callback to the provider client, since some providers name the account there', async () => {
    const { stage, returning, callback } = await person();
    await callback(await returning('code=c1&realmId=company-7'));
    expect(stage.oauth.callback).toMatchObject({ realmId: 'company-7' });
  });

  it('makes one connection when two windows confirm at once (CF3)', async () => {
    const { stage, token, browser, returning, callback, look } = await person();
    await callback(await returning());
    const { formToken } = pageOf(await look(), 'confirm');
    await Promise.all([1, 2, 3].map(() => stage.confirm.run(token, browser, formToken)));
    expect(stage.saved).toHaveLength(1);
  });

  it('belongs to the browser of its first form, and a look binds nothing (CF1)', async () => {
    const { stage, token, start, look } = await person();
    const other = { cookie: cookieOfBob };
    expect(pageOf(await stage.open.run(token, other), 'ask').facts.userId).toBe('ada');
    await start();
    expect(noticeOf(await stage.open.run(token, other))).toBe('other_browser');
    expect(noticeOf(await stage.start.run(token, other, 'x'))).toBe('other_browser');
    expect(noticeOf(await stage.open.run(token, {}))).toBe('other_browser');
    expect(pageOf(await look(), 'ask').facts.userId).toBe('ada');
  });

  it('takes no form without its token, or with that of another browser or session (CF2)', async () => {
    const { stage, token, browser, look } = await person();
    const { token: second, look: lookAtSecond } = await person({}, stage);
    const foreign = pageOf(await stage.open.run(token, { cookie: cookieOfBob }), 'ask').formToken;
    const ofSecond = pageOf(await lookAtSecond(), 'ask').formToken;
    for (const formToken of [undefined, '', foreign, ofSecond])
      expect(noticeOf(await stage.start.run(token, browser, formToken))).toBe('stale_form');
    const { formToken } = pageOf(await look(), 'ask');
    expect(noticeOf(await stage.start.run(token, {}, formToken))).toBe('stale_form');
    expect(noticeOf(await stage.start.run(second, browser, formToken))).toBe('stale_form');
  });

  it('has nothing at an invented address, in any step', async () => {
    const { stage, browser } = await person();
    for (const token of ['', 'x'.repeat(54), '../../etc'])
      expect(noticeOf(await stage.open.run(token, browser))).toBe('unknown');
  });
});

describe('a session with a return address', () => {
  const request = { return_url: 'https://app.example/back?to=1' };

  it('connects nothing before the program shows the completion (CF4)', async () => {
    const { stage, view, returning, callback, look } = await person(request);
    const back = new URL(locationOf(await callback(await returning())));
    expect([back.origin, back.searchParams.get('connect_session')]).toEqual(['https://app.example', view.id]);
    expect(noticeOf(await look())).toBe('returned');
    expect(stage.saved).toEqual([]);
    const completion = back.searchParams.get('completion') ?? '';
    const wrong = stage.complete.run(caller, view.id, { completion: 'x'.repeat(43) });
    await expect(wrong).rejects.toMatchObject({ problems: [{ pointer: '/completion' }] });
    const foreign = stage.complete.run({ ...caller, tenantId: 'globex' }, view.id, { completion });
    await expect(foreign).rejects.toMatchObject({ code: 'AUTH_BROKER_UNKNOWN_CONNECT_SESSION' });
    expect(stage.saved).toEqual([]);
    const completed = await stage.complete.run(caller, view.id, { completion });
    expect(completed).toMatchObject({ status: 'completed', account: { id: '42' } });
    expect(await stage.complete.run(caller, view.id, { completion })).toEqual(completed);
    expect(stage.saved).toHaveLength(1);
  });

  it('is not completed by a person on its page', async () => {
    const { stage, token, browser, look, returning, callback } = await person(request);
    const { formToken } = pageOf(await look(), 'ask');
    await callback(await returning());
    await stage.confirm.run(token, browser, formToken);
    expect(stage.saved).toEqual([]);
  });

  it('is not completed before its consent, or after its time', async () => {
    const { stage, view, returning, callback } = await person(request);
    const early = stage.complete.run(caller, view.id, { completion: 'x' });
    await expect(early).rejects.toMatchObject({ code: 'AUTH_BROKER_CONNECT_SESSION_CONFLICT' });
    const back = new URL(locationOf(await callback(await returning())));
    stage.clock.advance(15 * 60_000);
    const late = stage.complete.run(caller, view.id, { completion: back.searchParams.get('completion') });
    await expect(late).rejects.toMatchObject({ code: 'AUTH_BROKER_CONNECT_SESSION_CONFLICT' });
    expect(stage.saved).toEqual([]);
  });

  it('gives a refused session of another account back to the program', async () => {
    const stage = new ConnectStage();
    stage.known.push(repaired);
    stage.saving = { kind: 'other_account' };
    const { view, returning, callback, show } = await person(
      { ...request, connection_id: repaired.connectionId },
      stage,
    );
    const back = new URL(locationOf(await callback(await returning())));
    const completion = back.searchParams.get('completion');
    await expect(stage.complete.run(caller, view.id, { completion })).rejects.toThrow('another account');
    expect(await show()).toMatchObject({ status: 'failed', error: 'other_account' });
  });
});

describe('a callback', () => {
  it('works once: a replay of its state and its code changes nothing (CF8)', async () => {
    const { stage, returning, callback } = await person();
    const query = await returning();
    const answers = await Promise.all([callback(query), callback(query), callback(query)]);
    expect(answers.filter(({ kind }) => kind === 'redirect')).toHaveLength(1);
    expect(noticeOf(await callback(query))).toBe('used_state');
    expect(stage.oauth.calls.filter((call) => call.startsWith('exchange'))).toHaveLength(1);
  });

  it('of another browser is refused, and the right browser goes on (CF8)', async () => {
    const { returning, callback } = await person();
    const query = await returning();
    expect(noticeOf(await callback(query, { cookie: cookieOfBob }))).toBe('other_browser');
    expect((await callback(query)).kind).toBe('redirect');
  });

  it.each([
    ['another tenant', { tenantId: 'globex' }],
    ['another integration', { integration: 'gitlab' }],
  ])('at the address of %s sends the code nowhere (CF8)', async (_what, others) => {
    const { stage, returning, callback, show } = await person();
    expect(noticeOf(await callback(await returning(), others))).toBe('issuer_mismatch');
    expect(stage.oauth.calls).toEqual([]);
    expect(await show()).toMatchObject({ status: 'failed', error: 'issuer_mismatch' });
  });

  it.each([
    ['another issuer', '&iss=https%3A%2F%2Fevil.example'],
    ['no issuer', ''],
  ])('with %s sends the code nowhere, also with an error (CF9)', async (_what, iss) => {
    for (const answer of ['code=c1', 'error=access_denied']) {
      const stage = new ConnectStage();
      stage.oauth.expected = { issuer: 'https://as.example', isRequired: true };
      const { returning, callback } = await person({}, stage);
      expect(noticeOf(await callback(await returning(`${answer}${iss}`)))).toBe('issuer_mismatch');
      expect(stage.oauth.calls).toEqual([]);
    }
  });

  it('with the expected issuer is taken', async () => {
    const stage = new ConnectStage();
    stage.oauth.expected = { issuer: 'https://as.example', isRequired: true };
    const { returning, callback } = await person({}, stage);
    const answer = await callback(await returning('code=c1&iss=https%3A%2F%2Fas.example'));
    expect(answer.kind).toBe('redirect');
  });

  it('after a change of the integration sends the code nowhere', async () => {
    const { stage, returning, callback } = await person();
    const query = await returning();
    stage.integrations.set('acme/github', stagedIntegration('github', { clientId: 'another' }));
    expect(noticeOf(await callback(query))).toBe('integration_changed');
    expect(stage.oauth.calls).toEqual([]);
  });

  it('of a former attempt is too late (CF5)', async () => {
    const { start, returning, callback } = await person();
    const former = await returning();
    await start();
    expect(noticeOf(await callback(former))).toBe('used_state');
  });

  it.each([
    ['doubled', 'code=a&code=b&state=x'],
    ['incomplete', 'code=a'],
    ['used_state', `code=a&state=${'x'.repeat(54)}`],
  ])('that is %s has a page of its own', async (notice, query) => {
    const { callback } = await person();
    expect(noticeOf(await callback(query))).toBe(notice);
  });

  it('with an error of the provider leads to a new attempt in the same session (CF10)', async () => {
    const { token, returning, callback, show, look } = await person({ return_url: 'https://app.example/b' });
    const refused = await callback(await returning('error=access_denied&error_description=<b>hostile</b>'));
    expect(refused).toMatchObject({ kind: 'page', status: 403 });
    expect(pageOf(refused, 'notice')).toMatchObject({ notice: 'access_denied', again: `/connect/${token}` });
    expect(pageOf(refused, 'notice').back).toContain('error=access_denied');
    expect(JSON.stringify([refused, await show()])).not.toContain('hostile');
    expect(pageOf(await look(), 'ask').lastError).toBe('access_denied');
    expect((await callback(await returning())).kind).toBe('redirect');
    expect(await show()).toMatchObject({ status: 'returned' });
  });

  it.each([
    ['permanent', 'code_refused'],
    ['client', 'integration_refused'],
    ['transient', 'provider_unavailable'],
    ['unknown', 'provider_error'],
  ] as const)('whose exchange fails (%s) says %s', async (kind, notice) => {
    const { stage, returning, callback, show } = await person();
    stage.oauth.tokens = { ok: false, failure: { kind, code: 'x', certainlyNotProcessed: false } };
    expect(noticeOf(await callback(await returning()))).toBe(notice);
    expect(await show()).toMatchObject({ status: 'failed', error: notice });
  });
});

describe('the granted scopes', () => {
  it('are kept as granted, and the page names the others', async () => {
    const { stage, token, browser, returning, callback, look } = await person();
    stage.oauth.tokens = {
      ok: true,
      value: { accessToken: 'a', details: {}, scopes: ['read:user'] },
    };
    await callback(await returning());
    const page = pageOf(await look(), 'confirm');
    expect([page.scopes, page.missingScopes]).toEqual([['read:user'], ['repo']]);
    await stage.confirm.run(token, browser, page.formToken);
    expect(stage.saved).toMatchObject([{ scopes: ['read:user'] }]);
  });
});

describe('the repair of a connection', () => {
  const stageWith = () => {
    const stage = new ConnectStage();
    stage.known.push(repaired);
    return stage;
  };

  it('keeps the id of the connection', async () => {
    const { stage, token, browser, returning, callback, look } = await person(
      { connection_id: repaired.connectionId },
      stageWith(),
    );
    expect(pageOf(await look(), 'ask').repairs).toBe('ada-l');
    await callback(await returning());
    await stage.confirm.run(token, browser, pageOf(await look(), 'confirm').formToken);
    expect(stage.saved).toMatchObject([{ connectionId: repaired.connectionId, allowOtherAccount: false }]);
  });

  it('refuses another account, and ends its grant', async () => {
    const { stage, returning, callback, show } = await person(
      { connection_id: repaired.connectionId },
      stageWith(),
    );
    stage.oauth.accountFound = { ok: true, value: { account: { id: '7' } } };
    expect(noticeOf(await callback(await returning()))).toBe('other_account');
    expect(await show()).toMatchObject({ status: 'failed', error: 'other_account' });
    await stage.sweep.run();
    expect(stage.oauth.revoked).toEqual(['access-1']);
    expect(stage.saved).toEqual([]);
  });

  it('takes another account where the program allows it', async () => {
    const request = { connection_id: repaired.connectionId, allow_other_account: true };
    const { stage, returning, callback } = await person(request, stageWith());
    stage.oauth.accountFound = { ok: true, value: { account: { id: '7' } } };
    expect((await callback(await returning())).kind).toBe('redirect');
  });
});

describe('an abandoned credential', () => {
  it('of an expired session is ended at the provider and erased (CF11)', async () => {
    const { stage, view, returning, callback, show } = await person();
    await callback(await returning());
    stage.clock.advance(15 * 60_000);
    await stage.sweep.run();
    expect(stage.oauth.revoked).toEqual(['access-1']);
    expect(await show()).toMatchObject({ status: 'expired' });
    expect(stage.sessions.rows.get(view.id)?.pending).toBeUndefined();
    await stage.sweep.run();
    expect(stage.oauth.revoked).toHaveLength(1);
  });

  it('stays until the provider has answered, at most for a day (CF6)', async () => {
    const { stage, view, returning, callback } = await person();
    stage.oauth.revocation = {
      ok: false,
      failure: { kind: 'transient', code: 'timeout', certainlyNotProcessed: false },
    };
    await callback(await returning());
    stage.clock.advance(15 * 60_000);
    await stage.sweep.run();
    expect(stage.sessions.rows.get(view.id)?.pending).toBeDefined();
    await stage.sweep.run();
    expect(stage.oauth.revoked).toHaveLength(1);
    stage.clock.advance(24 * 3_600_000);
    await stage.sweep.run();
    expect(stage.sessions.rows.get(view.id)?.pending).toBeUndefined();
  });

  it('is only forgotten when a connection in use may share its grant (CF7)', async () => {
    const { stage, view, returning, callback } = await person();
    stage.sharesGrant = true;
    await callback(await returning());
    stage.clock.advance(15 * 60_000);
    await stage.sweep.run();
    expect(stage.oauth.revoked).toEqual([]);
    expect(stage.sessions.rows.get(view.id)?.pending).toBeUndefined();
  });

  it('of a person who does not confirm is ended at once', async () => {
    const { stage, token, browser, returning, callback, look, show } = await person();
    await callback(await returning());
    const { formToken } = pageOf(await look(), 'confirm');
    expect(noticeOf(await stage.confirm.cancel(token, browser, formToken))).toBe('cancelled');
    expect(stage.oauth.revoked).toEqual(['access-1']);
    expect(await show()).toMatchObject({ status: 'failed', error: 'cancelled' });
  });
});

describe('entered fields', () => {
  const stageWith = () => {
    const stage = new ConnectStage();
    stage.integrations.set('acme/basic', stagedIntegration('basic'));
    return stage;
  };

  it('are checked with the provider, and confirmed with their account', async () => {
    const { stage, token, browser, look, show } = await person({ integration: 'basic' }, stageWith());
    const ask = pageOf(await look(), 'ask');
    const values = new Map(ask.fields.map(({ name }) => [name, 'sk_test_0123456789abcdefghijklmn']));
    const answer = await stage.enter.run(token, browser, ask.formToken, values);
    expect(locationOf(answer)).toBe(`https://mesh.example/connect/${token}`);
    expect(stage.oauth.calls[0]).toContain('account ');
    expect(await show()).toMatchObject({ status: 'returned' });
    await stage.confirm.run(token, browser, pageOf(await look(), 'confirm').formToken);
    expect(stage.saved[0]?.credential).toEqual({ kind: 'fields', fields: Object.fromEntries(values) });
  });

  it('that the provider refuses are asked for again, and a secret is not repeated', async () => {
    const { stage, token, browser, look } = await person({ integration: 'basic' }, stageWith());
    stage.oauth.accountFound = {
      ok: false,
      failure: { kind: 'permanent', code: 'http_401', certainlyNotProcessed: true },
    };
    const ask = pageOf(await look(), 'ask');
    const values = new Map(ask.fields.map(({ name, secret }) => [name, secret ? 'sk_test_01' : 'ada']));
    const answer = await stage.enter.run(token, browser, ask.formToken, values);
    expect(pageOf(answer, 'ask').fields[0]?.value).toBe('ada');
    expect(answer).toMatchObject({ status: 422, page: { kind: 'ask', lastError: 'credential_refused' } });
    expect(JSON.stringify(answer)).not.toContain('sk_test');
  });

  it('that are missing reach no provider', async () => {
    const { stage, token, browser, look } = await person({ integration: 'basic' }, stageWith());
    const { formToken } = pageOf(await look(), 'ask');
    const answer = await stage.enter.run(token, browser, formToken, new Map());
    expect(pageOf(answer, 'ask').problems).not.toEqual([]);
    expect(stage.oauth.calls).toEqual([]);
  });
});

describe('a connect link', () => {
  const wanted = { tenantId: 'acme', userId: 'ada', integration: 'github', scopes: ['gist'] };
  const linkOf = (stage: ConnectStage) => stage.links.urlOf(wanted).split('/').pop() ?? '';

  it('shows whose account it asks for, and begins a session of this browser', async () => {
    const stage = new ConnectStage();
    const link = linkOf(stage);
    const page = pageOf(await stage.follow.show(link, { cookie: cookieOfAda }), 'ask');
    expect(page.facts).toMatchObject({ tenantId: 'acme', userId: 'ada' });
    expect(stage.sessions.rows.size).toBe(0);
    const answer = await stage.follow.start(link, { cookie: cookieOfAda }, page.formToken);
    const scope = new URL(pageOf(answer, 'forward').url).searchParams.get('scope');
    expect(scope?.split(' ')).toEqual(expect.arrayContaining(['repo', 'gist']));
    expect([...stage.sessions.rows.values()][0]?.session.cookieDigest).toBeDefined();
  });

  it('starts nothing without the token of its page (CF2)', async () => {
    const stage = new ConnectStage();
    const link = linkOf(stage);
    for (const browser of [{}, { cookie: cookieOfAda }])
      expect(noticeOf(await stage.follow.start(link, browser, 'x'))).toBe('stale_form');
    expect(stage.sessions.rows.size).toBe(0);
  });

  it('says so when nothing is left to do', async () => {
    const stage = new ConnectStage();
    const link = linkOf(stage);
    stage.known.push({ ...repaired, state: 'active', scopes: ['repo'] });
    expect(pageOf(await stage.follow.show(link, {}), 'ask').repairs).toBe('ada-l');
    stage.known[0] = { ...repaired, state: 'active', scopes: ['repo', 'gist'] };
    expect(noticeOf(await stage.follow.show(link, {}))).toBe('already_connected');
    expect(noticeOf(await stage.follow.start(link, {}, 'x'))).toBe('already_connected');
    stage.integrations.clear();
    expect(noticeOf(await stage.follow.show(link, {}))).toBe('integration_gone');
    stage.clock.advance(8 * 86_400_000);
    expect(noticeOf(await stage.follow.show(link, {}))).toBe('link_expired');
    expect(noticeOf(await stage.follow.show(`${link}x`, {}))).toBe('unknown');
  });

  it('repairs with the scopes that the connection had', async () => {
    const stage = new ConnectStage();
    stage.known.push({ ...repaired, scopes: ['workflow'] });
    const page = pageOf(await stage.follow.show(linkOf(stage), { cookie: cookieOfAda }), 'ask');
    expect(page.scopes).toEqual(expect.arrayContaining(['repo', 'workflow', 'gist']));
  });
});

describe('the watch of a session', () => {
  async function stepsOf(
    act: (at: Awaited<ReturnType<typeof person>>) => Promise<void>,
  ): Promise<readonly string[][]> {
    const steps: string[][] = [];
    const stage = new ConnectStage();
    stage.watch = {
      async step(step, { userId }, run) {
        const end = await run();
        steps.push([step, userId, end.error ?? end.kind]);
        return end;
      },
    };
    await act(await person({}, stage));
    return steps;
  }

  it('sees the consent and the stored connection', async () => {
    const steps = await stepsOf(async ({ stage, token, browser, returning, callback, look }) => {
      await callback(await returning());
      await stage.confirm.run(token, browser, pageOf(await look(), 'confirm').formToken);
    });
    expect(steps).toEqual([
      ['consent', 'ada', 'held'],
      ['save', 'ada', 'connected'],
    ]);
  });

  it('sees that the user denied the consent', async () => {
    const steps = await stepsOf(async ({ returning, callback }) => {
      await callback(await returning('error=access_denied'));
    });
    expect(steps).toEqual([['consent', 'ada', 'access_denied']]);
  });
});
