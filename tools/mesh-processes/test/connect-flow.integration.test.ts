import {
  startAuthorizationServer,
  startQuirkServer,
  type AuthorizationServer,
  type QuirkServer,
} from '@action-mesh/testing';

import { appOrigin, ConnectMesh } from './connect-mesh.js';
import { PageBrowser } from './page-browser.js';

let mesh: ConnectMesh;
let server: AuthorizationServer;
let quirk: QuirkServer;
let attacker: QuirkServer;

beforeAll(async () => {
  // The client has one redirect address; the port of a loopback address is free.
  server = await startAuthorizationServer({
    clients: [
      { id: 'mesh', redirectUris: ['http://127.0.0.1/connect/callback/default/strict'], auth: 'none' },
    ],
  });
  quirk = await startQuirkServer({ idToken: true }, { 'quirk-client': '' });
  attacker = await startQuirkServer({ idToken: true }, { 'quirk-client': '' });
  mesh = await ConnectMesh.start([server.host, quirk.host, attacker.host]);
  await mesh.addIntegration('strict', server, 'mesh');
  await mesh.addIntegration('quirk', quirk, 'quirk-client');
  await mesh.addIntegration('attacker', attacker, 'quirk-client');
  await mesh.addFieldsIntegration('crm');
});

afterAll(async () => {
  await mesh[Symbol.asyncDispose]();
  await Promise.all([server, quirk, attacker].map((each) => each[Symbol.asyncDispose]()));
});

beforeEach(() => quirk.behave({ idToken: true }));

const connections = (user: string) =>
  mesh.query('SELECT id, account_id, state, scopes, credential FROM connection WHERE user_id = $1', [user]);
const exchanges = (of: QuirkServer) =>
  of.record.requests.filter(({ endpoint }) => endpoint === 'token').length;

/** Presses the button of the page and follows the quirk server back. Returns the address of the callback. */
async function consent(browser: PageBrowser, path: string): Promise<string> {
  const { forward } = await browser.press(path, 'start');
  return (await browser.get(forward)).location;
}

describe('a session with a real authorization server', () => {
  it('connects the account that the person confirms, with PKCE and the issuer', async () => {
    const [browser, { id, path }] = [
      new PageBrowser(mesh.url),
      await mesh.session({ user_id: 'ada', integration: 'strict' }),
    ];
    const { forward } = await browser.press(path, 'start');
    expect(new URL(forward).searchParams.get('code_challenge_method')).toBe('S256');
    const waiting = mesh.ask('GET', `/v1/connect-sessions/${id}?wait=60`);
    const back = await server.consent(forward, { login: 'ada-at-provider' });
    expect(new URL(back).searchParams.get('iss')).toBe(server.url);
    expect((await browser.get(back)).location).toBe(`${mesh.url}${path}`);
    expect((await waiting).body['status']).toBe('returned');
    const confirm = await browser.get(path);
    expect(confirm.heading).toBe('Is this the right account?');
    expect(confirm.html).toContain('ada-at-provider');
    expect(await connections('ada')).toEqual([]);
    expect((await browser.press(path, 'confirm')).status).toBe(303);
    expect((await browser.get(path)).heading).toBe('strict is connected');
    const [connection] = await connections('ada');
    expect(connection).toMatchObject({ account_id: `${server.url}/ada-at-provider`, state: 'active' });
    const { body } = await mesh.ask('GET', `/v1/connect-sessions/${id}`);
    expect(body).toMatchObject({ status: 'completed', connection_id: connection?.['id'] });
  });

  it('says so when the person denies the consent, and takes another attempt', async () => {
    const [browser, { path }] = [
      new PageBrowser(mesh.url),
      await mesh.session({ user_id: 'denied', integration: 'strict' }),
    ];
    const { forward } = await browser.press(path, 'start');
    const refused = await browser.get(await server.consent(forward, { login: 'x', deny: true }));
    expect([refused.status, refused.heading]).toEqual([403, 'You did not allow the access']);
    const again = await browser.press(path, 'start');
    expect((await browser.get(await server.consent(again.forward, { login: 'x' }))).status).toBe(303);
  });
});

describe('link phishing: a link that Alice sends to Bob', () => {
  it('connects nothing with a return address, because the program of Alice has no completion', async () => {
    const { id, path } = await mesh.session({
      user_id: 'alice',
      integration: 'quirk',
      return_url: `${appOrigin}/back`,
    });
    const bob = new PageBrowser(mesh.url);
    const back = new URL((await bob.get(await consent(bob, path))).location);
    expect([back.origin, back.searchParams.get('connect_session')]).toEqual([appOrigin, id]);
    expect(await connections('alice')).toEqual([]);
    const guessed = await mesh.ask('POST', `/v1/connect-sessions/${id}/complete`, {
      completion: 'x'.repeat(43),
    });
    expect(guessed.status).toBe(422);
    expect(await connections('alice')).toEqual([]);
    // Only the program that Bob returns to learns it, and it sees Bob instead of Alice.
    const completion = back.searchParams.get('completion');
    const completed = await mesh.ask('POST', `/v1/connect-sessions/${id}/complete`, { completion });
    expect(completed.body).toMatchObject({ status: 'completed', user_id: 'alice' });
  });

  it('names Alice on each page, and lets no second browser in', async () => {
    const { path } = await mesh.session({ user_id: 'alice@acme', integration: 'quirk' });
    const [bob, alice] = [new PageBrowser(mesh.url), new PageBrowser(mesh.url)];
    expect((await bob.get(path)).html).toContain('alice@acme');
    await bob.get(await consent(bob, path));
    expect((await bob.get(path)).html).toContain('alice@acme');
    for (const page of [await alice.get(path), await alice.press(path, 'confirm')])
      expect([page.status, page.heading]).toEqual([403, 'Another browser began this']);
    expect(await connections('alice@acme')).toEqual([]);
  });
});

describe('an attack on the callback', () => {
  it('with a replayed state and code gets nothing (CF8)', async () => {
    const { path } = await mesh.session({ user_id: 'replay', integration: 'quirk' });
    const browser = new PageBrowser(mesh.url);
    const callback = await consent(browser, path);
    const before = exchanges(quirk);
    const pages = await Promise.all([1, 2, 3, 4].map(() => browser.get(callback)));
    expect(pages.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(pages.filter(({ heading }) => heading === 'This answer was used before')).toHaveLength(3);
    expect(exchanges(quirk)).toBe(before + 1);
  });

  it('with the cookie of another browser gets nothing (CF8)', async () => {
    const { path } = await mesh.session({ user_id: 'wrong-cookie', integration: 'quirk' });
    const [browser, other] = [new PageBrowser(mesh.url), new PageBrowser(mesh.url)];
    const callback = await consent(browser, path);
    const before = exchanges(quirk);
    await other.get((await mesh.session({ user_id: 'mallory', integration: 'quirk' })).path);
    expect((await other.get(callback)).status).toBe(403);
    expect((await new PageBrowser(mesh.url).get(callback)).status).toBe(403);
    expect(exchanges(quirk)).toBe(before);
    expect((await browser.get(callback)).status).toBe(303);
  });

  it('by a mix-up of two servers sends no code to the wrong one (CF8, CF9)', async () => {
    const { path } = await mesh.session({ user_id: 'mixed-up', integration: 'quirk' });
    const browser = new PageBrowser(mesh.url);
    const callback = await consent(browser, path);
    const moved = await browser.get(callback.replace('/default/quirk', '/default/attacker'));
    expect([moved.status, moved.heading]).toEqual([400, 'The answer came from another server']);
    quirk.behave({ idToken: true, iss: 'wrong' });
    const renamed = await browser.get(await consent(browser, path));
    expect([renamed.status, renamed.heading]).toEqual([400, 'The answer came from another server']);
    quirk.behave({ idToken: true, iss: 'absent' });
    expect((await browser.get(await consent(browser, path))).status).toBe(400);
    expect([exchanges(attacker), await connections('mixed-up')]).toEqual([0, []]);
  });

  it('with texts of the provider shows none of them (CF10)', async () => {
    const { path } = await mesh.session({ user_id: 'texts', integration: 'quirk' });
    const browser = new PageBrowser(mesh.url);
    const callback = new URL(await consent(browser, path));
    callback.searchParams.delete('code');
    callback.searchParams.set('error', 'hostile<b>');
    callback.searchParams.set('error_description', 'hostile<script>');
    const page = await browser.get(callback.href);
    expect([page.status, page.html.includes('hostile')]).toEqual([502, false]);
    const rows = await mesh.query(
      `SELECT row_to_json(s) AS row FROM connect_session s WHERE user_id = 'texts'`,
    );
    expect(JSON.stringify(rows)).not.toContain('hostile');
  });
});

describe('forms and frames', () => {
  it('count only with the token of their own page (CF2)', async () => {
    const { path } = await mesh.session({ user_id: 'csrf', integration: 'quirk' });
    const [browser, attackers] = [new PageBrowser(mesh.url), new PageBrowser(mesh.url)];
    await browser.get(path);
    const foreign = (await attackers.get(path)).formToken;
    for (const form of [{ step: 'start' }, { step: 'start', form_token: foreign }]) {
      const page = await browser.post(path, form);
      expect([page.status, page.heading]).toEqual([403, 'This form is no longer valid']);
    }
    const asJson = await fetch(mesh.url + path, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json', cookie: browser.cookie },
    });
    expect(asJson.status).toBe(415);
  });

  it('stand in no frame, and no page is kept or names its address to others (CP1)', async () => {
    const { path } = await mesh.session({ user_id: 'frames', integration: 'quirk' });
    const browser = new PageBrowser(mesh.url);
    for (const page of [
      await browser.get(path),
      await browser.press(path, 'start'),
      await browser.get('/connect/x'),
    ]) {
      expect(Object.fromEntries(page.headers)).toMatchObject({
        'content-security-policy': expect.stringMatching(
          /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
        ) as string,
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        'cross-origin-opener-policy': 'same-origin',
      });
    }
  });

  it('keep their secrets out of the record', async () => {
    const { path } = await mesh.session({ user_id: 'secrets', integration: 'quirk' });
    const browser = new PageBrowser(mesh.url);
    const callback = new URL(await consent(browser, path));
    const [, cookie = ''] = browser.cookie.split('=');
    const rows = await mesh.query('SELECT s::text AS row FROM connect_session s');
    const hex = (text: string): string => Buffer.from(text).toString('hex');
    const secrets = [path.split('/').pop() ?? '', cookie, callback.searchParams.get('state') ?? ''];
    for (const secret of secrets.flatMap((each) => [each, hex(each)]))
      expect([secret.length > 20, JSON.stringify(rows).includes(secret)]).toEqual([true, false]);
  });
});

describe('a return address', () => {
  it.each([
    'https://evil.example/',
    `${appOrigin}@evil.example/`,
    `${appOrigin}.evil.example/`,
    'http://127.0.0.1:99/',
    `${appOrigin}\\@evil.example/`,
    'HTTP://127.0.0.1:9/',
    'javascript:alert(1)',
  ])('beyond the origins of the integration is refused: %s', async (return_url) => {
    const { status } = await mesh.ask('POST', '/v1/connect-sessions', {
      user_id: 'ada',
      integration: 'quirk',
      return_url,
    });
    expect(status).toBe(422);
  });
});

describe('the repair of a connection', () => {
  it('keeps the connection, and refuses another account', async () => {
    const browser = new PageBrowser(mesh.url);
    const first = await mesh.session({ user_id: 'repair', integration: 'quirk' });
    await browser.get(await consent(browser, first.path));
    await browser.press(first.path, 'confirm');
    const [made] = await connections('repair');
    const request = { user_id: 'repair', integration: 'quirk', connection_id: made?.['id'] };
    quirk.behave({ idToken: true, account: 'somebody-else' });
    const second = await mesh.session(request);
    const refused = await browser.get(await consent(browser, second.path));
    expect([refused.status, refused.heading]).toEqual([409, 'This is another account']);
    quirk.behave({ idToken: true });
    await browser.get(await consent(browser, second.path));
    await browser.press(second.path, 'confirm');
    expect(await connections('repair')).toMatchObject([
      { id: made?.['id'], account_id: made?.['account_id'] },
    ]);
    const foreign = await mesh.ask('POST', '/v1/connect-sessions', { ...request, user_id: 'ada' });
    expect(foreign.status).toBe(422);
  });
});

describe('hostile names', () => {
  it('are texts on each page', async () => {
    const user_id = `"><script>alert(1)</script><img src=x onerror=alert(1)>\u202E`;
    const { path } = await mesh.session({ user_id, integration: 'crm' });
    const browser = new PageBrowser(mesh.url);
    const asked = await browser.get(path);
    const entered = await browser.press(path, 'fields', {
      'field.username': 'a"><script>',
      'field.password': 'p',
    });
    expect(entered.status).toBe(303);
    const confirm = await browser.get(path);
    for (const { html } of [asked, confirm]) {
      expect(html).not.toMatch(/<script|<img/);
      expect(html).not.toContain('\u202E');
    }
    expect(confirm.html).toContain('&lt;script&gt;');
  });
});

describe('while the auth broker is down', () => {
  it('pages and programs hear to try again', async () => {
    const { id, path } = await mesh.session({ user_id: 'ada', integration: 'quirk' });
    await mesh.closeBroker();
    const page = await new PageBrowser(mesh.url).get(path);
    expect([page.status, page.heading]).toEqual([503, 'Please try again in a minute']);
    expect((await mesh.ask('GET', `/v1/connect-sessions/${id}`)).status).toBe(503);
  });
});
