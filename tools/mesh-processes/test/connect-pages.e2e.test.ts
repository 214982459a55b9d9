import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { startQuirkServer, type QuirkServer } from '@action-mesh/testing';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

import { chromiumPath } from './chromium.js';
import { ConnectMesh } from './connect-mesh.js';

let mesh: ConnectMesh;
let quirk: QuirkServer;
let browser: Browser;
let folder: string;
let axe: string;

/** The first run on a machine installs a browser. */
const patienceMs = 20 * 60_000;

beforeAll(async () => {
  quirk = await startQuirkServer({ idToken: true }, { 'quirk-client': '' });
  mesh = await ConnectMesh.start([quirk.host]);
  await mesh.addIntegration('crm', quirk, 'quirk-client');
  await mesh.addFieldsIntegration('billing');
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  folder = await mkdtemp(join(tmpdir(), 'mesh-pages-'));
  browser = await chromium.launch({
    executablePath: chromiumPath(process.env),
    // A container has no name spaces for the sandbox of Chromium.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}, patienceMs);

afterAll(async () => {
  await browser.close();
  await mesh[Symbol.asyncDispose]();
  await quirk[Symbol.asyncDispose]();
});

const schemes = ['light', 'dark'] as const;

function person(colorScheme: (typeof schemes)[number], width = 900): Promise<BrowserContext> {
  // Playwright runs axe by the debugger, which needs no permission of the page's policy.
  return browser.newContext({ colorScheme, viewport: { width, height: 900 } });
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** The violations of accessibility rules, by axe. Each page must hold all its text in its width too. */
async function problems(page: Page, name: string): Promise<readonly string[]> {
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { axe: judge } = globalThis as unknown as {
      readonly axe: { run: () => Promise<{ readonly violations: readonly Violation[] }> };
    };
    return (await judge.run()).violations;
  });
  const isTooWide = await page.evaluate(
    'document.documentElement.scrollWidth > document.documentElement.clientWidth',
  );
  return [
    ...violations.map(({ id, nodes }) => `${name}: ${id} at ${nodes.map(({ html }) => html).join(' ')}`),
    ...(isTooWide === true ? [`${name}: is wider than its window`] : []),
  ];
}

const longName = `${'a-very-long-name-'.repeat(10)}@acme.example`;

describe('the connect pages in Chromium', () => {
  it.each(schemes)('have no violation of accessibility rules in %s, at each step', async (scheme) => {
    const context = await person(scheme);
    const page = await context.newPage();
    const found: string[] = [];
    const check = async (name: string): Promise<void> => {
      found.push(...(await problems(page, `${name}-${scheme}`)));
    };
    const { path } = await mesh.session({ user_id: 'ada@acme.example', integration: 'crm' });
    await page.goto(mesh.url + path);
    await check('ask');
    quirk.behave({ idToken: true, deniesConsent: true });
    await page.getByRole('button', { name: 'Continue to crm' }).click();
    await page.getByRole('heading', { name: 'You did not allow the access' }).waitFor();
    await check('denied');
    await page.getByRole('link', { name: 'Try again' }).click();
    await check('ask-again');
    quirk.behave({ idToken: true, grantedScopes: ['openid'] });
    await page.getByRole('button', { name: 'Continue to crm' }).click();
    await page.getByRole('heading', { name: 'Is this the right account?' }).waitFor();
    await check('confirm');
    await page.getByRole('button', { name: 'Connect this account' }).click();
    await page.getByRole('heading', { name: 'crm is connected' }).waitFor();
    await check('connected');
    await page.goto(`${mesh.url}/connect/nothing`);
    await check('unknown');
    const fields = await mesh.session({ user_id: longName, integration: 'billing' });
    await page.setViewportSize({ width: 320, height: 700 });
    await page.goto(mesh.url + fields.path);
    await check('fields-narrow');
    await page.getByLabel('User name').fill('a:b');
    await page.getByRole('button', { name: 'Check and continue' }).click();
    await page.getByRole('alert').waitFor();
    await check('fields-refused');
    await context.close();
    expect(found).toEqual([]);
  });

  it('work with the keyboard alone, with a visible focus, in the order of the page', async () => {
    quirk.behave({ idToken: true });
    const context = await person('light');
    const page = await context.newPage();
    const { path } = await mesh.session({ user_id: 'keyboard', integration: 'billing' });
    await page.goto(mesh.url + path);
    const focused = (): Promise<string> =>
      page.evaluate('(document.activeElement?.id || document.activeElement?.value) ?? ""');
    const outline = (): Promise<string> =>
      page.evaluate(
        'getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth',
      );
    const order: string[] = [];
    for (let count = 0; count < 4; count += 1) {
      await page.keyboard.press('Tab');
      order.push(await focused());
      expect(await outline()).toBe('solid3px');
    }
    expect(order).toEqual(['field-username', 'field-password', 'fields', 'cancel']);
    for (let count = 0; count < 3; count += 1) await page.keyboard.press('Shift+Tab');
    await page.keyboard.type('ada');
    await page.keyboard.press('Tab');
    await page.keyboard.type('secret');
    // The first button of the form is its step, so Enter never cancels.
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Is this the right account?' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'billing is connected' }).waitFor();
    const [row] = await mesh.query(`SELECT state FROM connection WHERE user_id = 'keyboard'`);
    expect(row).toEqual({ state: 'active' });
    await context.close();
  });

  it('go on to the provider and back without scripts, and break no policy of their own', async () => {
    quirk.behave({ idToken: true });
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) complaints.push(message.text());
    });
    const { path } = await mesh.session({ user_id: 'no-scripts', integration: 'crm' });
    await page.goto(mesh.url + path);
    await page.getByRole('button', { name: 'Continue to crm' }).click();
    await page.getByRole('heading', { name: 'Is this the right account?' }).waitFor();
    // The code of the provider is not in the address bar any more.
    expect(new URL(page.url()).pathname).toBe(path);
    const isStyled = await page.evaluate("getComputedStyle(document.querySelector('main')).borderRadius");
    expect(isStyled).toBe('14px');
    expect(complaints).toEqual([]);
    const [cookie] = await context.cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', name: 'mesh-connect' });
    await context.close();
  });

  it('show in no frame of another site', async () => {
    const context = await person('light');
    const page = await context.newPage();
    const { path } = await mesh.session({ user_id: 'frame', integration: 'crm' });
    await page.setContent(`<iframe src="${mesh.url}${path}"></iframe>`);
    await page.waitForLoadState('load');
    const frame = page.frames()[1];
    // Chromium shows a page of its own in place of ours.
    expect(frame?.url()).toBe('chrome-error://chromewebdata/');
    expect(await frame?.getByText('crm').count()).toBe(0);
    await context.close();
  });
});

describe('the reference of the API', () => {
  it.each(['light', 'dark'] as const)(
    'shows every area in %s, and loads nothing from elsewhere',
    async (scheme) => {
      const context = await browser.newContext({ colorScheme: scheme });
      const page = await context.newPage();
      const [foreign, refused]: [string[], string[]] = [[], []];
      page.on('request', (request) => {
        if (!request.url().startsWith(mesh.url) && !request.url().startsWith('data:'))
          foreign.push(request.url());
      });
      page.on('console', (message) => {
        if (message.type() === 'error') refused.push(message.text());
      });
      await page.goto(`${mesh.url}/docs`);
      await page.locator('.opblock-summary-path').filter({ hasText: '/v1/openapi.json' }).waitFor();
      expect(await page.locator('.opblock').count()).toBeGreaterThan(80);
      const isDark = await page.evaluate("document.documentElement.classList.contains('dark-mode')");
      expect([isDark, foreign, refused]).toEqual([scheme === 'dark', [], []]);
      await context.close();
    },
  );
});
