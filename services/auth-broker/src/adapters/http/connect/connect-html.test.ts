import type { ConnectNotice, ConnectPage } from '../../../application/connect-sessions/connect-answer.js';
import { publicAddress } from '../../../domain/connect-sessions/public-address.js';
import { connectHtml } from './connect-html.js';
import { connectReply } from './connect-reply.js';
import { cookieIn, readConnectForm } from './connect-request.js';
import { markup } from './markup.js';
import { pageStyle, pageStyleSource } from './page-style.js';

const hostile = `"><script>alert(1)</script><img src=x onerror='alert(1)'>&amp;\u202Egnp.exe`;
const facts = { tenantId: hostile, userId: hostile, providerName: hostile, returnHost: hostile };
const account = { id: hostile, name: hostile };

const pages: readonly ConnectPage[] = [
  {
    kind: 'ask',
    facts,
    action: `/connect/${hostile}`,
    formToken: hostile,
    scopes: [hostile],
    fields: [
      { name: hostile, label: hostile, secret: false, optional: true, help: hostile, value: hostile },
      { name: 'b', label: hostile, secret: true, optional: false },
    ],
    problems: [hostile],
    lastError: 'access_denied',
    repairs: hostile,
  },
  {
    kind: 'confirm',
    facts,
    action: hostile,
    formToken: hostile,
    account,
    scopes: [hostile],
    missingScopes: [hostile],
  },
  { kind: 'connected', facts, account, missingScopes: [hostile] },
  { kind: 'forward', url: `https://as.example/?a=${hostile}`, name: hostile },
  { kind: 'notice', notice: 'code_refused', facts, again: hostile, back: `https://app.example/${hostile}` },
];

/** The names of the elements, in order. An injected element would be among them. */
const elements = (text: string): readonly string[] =>
  [...text.replace(/<style>[^]*<\/style>/, '').matchAll(/<([a-z][a-z0-9]*)/g)].map(([, name]) => name ?? '');

describe('a connect page', () => {
  it.each(pages.map((page) => [page.kind, page] as const))(
    '%s shows hostile names as texts',
    (_kind, page) => {
      const [bad, good] = [connectHtml(page), connectHtml(replaced(page))];
      expect(elements(bad)).toEqual(elements(good));
      expect(bad).not.toMatch(/<script|<img|\son\w+\s*=\s*["']?alert/);
      expect(bad).not.toContain('\u202E');
      expect(bad).not.toContain(hostile);
    },
  );

  it('has one heading, a title, a language, and no script', () => {
    for (const page of pages) {
      const text = connectHtml(replaced(page));
      expect(text.match(/<h1>/g)).toHaveLength(1);
      expect(text).toMatch(/<html lang="en">[^]*<title>[^<]+<\/title>/);
      expect(text).not.toMatch(/<script|javascript:/);
    }
  });

  it('has words for every notice', () => {
    const notices: readonly ConnectNotice[] = ['busy', 'doubled', 'expired', 'other_browser', 'used_state'];
    for (const notice of notices)
      expect(connectHtml({ kind: 'notice', notice })).toMatch(/<h1>\S[^<]*<\/h1>/);
  });
});

/** The page with harmless names. */
function replaced<Page extends ConnectPage>(page: Page): Page {
  return JSON.parse(JSON.stringify(page), (_name, value: unknown) =>
    typeof value === 'string' && value.includes(hostile) ? value.replaceAll(hostile, 'harmless') : value,
  ) as Page;
}

describe('the tag markup', () => {
  it('escapes texts, joins lists, and keeps its own parts', () => {
    const part = markup`<b>${'<'}</b>`;
    expect(markup`<p title="${`a"b'c&`}">${[part, 'x', undefined, false, 3]}</p>`.text).toBe(
      '<p title="a&quot;b&#39;c&amp;"><b>&lt;</b>x3</p>',
    );
  });
});

describe('the answer to a browser', () => {
  const address = publicAddress('https://mesh.example');

  it('carries a host-bound cookie over https, and a plain one on this machine', () => {
    const answer = { kind: 'redirect', location: 'https://as.example/', cookie: 'c' } as const;
    expect(connectReply(answer, address)).toEqual({
      status: 303,
      location: 'https://as.example/',
      cookies: ['__Host-mesh-connect=c; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure'],
    });
    expect(connectReply(answer, publicAddress('http://127.0.0.1:8080')).cookies).toEqual([
      'mesh-connect=c; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax',
    ]);
  });

  it('names the style of its page for the content security policy', () => {
    const reply = connectReply(
      { kind: 'page', status: 404, page: { kind: 'notice', notice: 'unknown' } },
      address,
    );
    expect(reply).toMatchObject({ status: 404, cookies: [], style_source: pageStyleSource });
    expect(reply.html).toContain(`<style>${pageStyle}</style>`);
  });

  it('reads our cookie only when the browser shows one of it', () => {
    const [one, two] = [
      { name: '__Host-mesh-connect', value: 'a' },
      { name: '__Host-mesh-connect', value: 'b' },
    ];
    expect(cookieIn({ cookies: [one, { name: 'mesh-connect', value: 'x' }] }, address)).toEqual({
      cookie: 'a',
    });
    expect(cookieIn({ cookies: [one, two] }, address)).toEqual({});
  });

  it('reads a form with each name once', () => {
    const form = readConnectForm('step=start&form_token=t&field.api-key=a%26b&field.x=1&field.x=2&other=1');
    expect(form).toMatchObject({ step: 'start', formToken: 't' });
    expect([...form.fields]).toEqual([['api-key', 'a&b']]);
    expect(readConnectForm('step=start&step=confirm').step).toBeUndefined();
  });
});
