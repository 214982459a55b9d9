import { importFlow } from '../src/index.js';
import { hook, manual, workflowText, sends, type GivenNode } from './n8n-workflow.js';

const secret = 'hunter2hunter2';
const key = ['sk', 'proj', 'abcdefghijklmnopqrstu'].join('-');

const imported = (text: string) => {
  const result = importFlow({ text, name: 'x.json', catalogue: [] });
  return { written: JSON.stringify(result.files), secrets: result.report.secrets };
};

/** A request with a body that the tool of the draft gets. */
const posts = (parameters: object): GivenNode => ({
  type: 'httpRequest',
  version: 4.2,
  parameters: { method: 'POST', url: 'https://data.example.com/', sendBody: true, ...parameters },
});
const postsText = (jsonBody: string): string =>
  workflowText({ Hook: hook, Post: posts({ specifyBody: 'json', jsonBody }) }, ['Hook > Post']);
const withHeader = (name: string, value: unknown): string =>
  workflowText(
    { Hook: hook, Post: posts({ sendHeaders: true, headerParameters: { parameters: [{ name, value }] } }) },
    ['Hook > Post'],
  );

describe('secrets in JSON within JSON', () => {
  const workflow = workflowText({ Hook: hook, Send: sends(`password: "${secret}"`) }, ['Hook > Send']);

  it('are masked in a workflow that its API wraps as a text, in a list too', () => {
    for (const text of [
      JSON.stringify({ data: workflow }),
      JSON.stringify([{ data: workflow }]),
      JSON.stringify({ data: [{ workflow: JSON.stringify({ data: workflow }) }] }),
    ]) {
      const { written, secrets } = imported(text);
      expect(written).toContain('withheld');
      expect(written).not.toContain(secret);
      expect(secrets).toHaveLength(1);
    }
  });

  it.each([
    ['a member', { token: secret }],
    ['a member with spaces', { client_secret: `${secret} and more` }],
    ['a list', { a: [{ accessToken: [secret] }] }],
    ['a pair', [{ name: 'X-Shopify-Access-Token', value: secret }]],
    ['a text within', { body: JSON.stringify({ inner: JSON.stringify({ authorization: secret }) }) }],
    ['a number', { password: 123_456_789 }],
  ])('are masked by the name of %s in a text', (_name, body) => {
    for (const mark of ['', '=']) {
      const { written, secrets } = imported(postsText(mark + JSON.stringify(body)));
      expect(written).not.toMatch(/hunter2|123456789/);
      expect(secrets[0]?.where).toMatch(/^nodes\.1\.parameters\.jsonBody\./);
    }
  });

  it('are masked by their form where the text is no JSON', () => {
    const escaped = JSON.stringify(JSON.stringify({ apiKey: secret }));
    const { written } = imported(postsText(`={ "a": {{ $json.a }}, "token": "${secret}", "b": ${escaped} }`));
    expect(written).not.toContain(secret);
  });

  it('leave a text without secrets as it is', () => {
    const { written, secrets } = imported(postsText('{ "page_token": null,\n  "note":  "abcdefgh" }'));
    expect(secrets).toEqual([]);
    expect(written).toContain('page_token');
  });
});

describe('a member with the name of a secret', () => {
  it.each([
    ['a text', secret],
    ['a text that begins with an equals sign', `=${secret}`],
    ['an expression of texts', `={{ 'Bearer ' + '${secret}' }}`],
    ['a text around a reference', `=${secret}{{ $json.a }}`],
  ])('is masked when it is %s', (_name, value) => {
    for (const name of ['X-Api-Key', 'clientSecret', 'db_password', 'Proxy-Authorization']) {
      const { written, secrets } = imported(
        workflowText({ Start: manual, Send: { ...sends('x'), parameters: { [name]: value, text: 'x' } } }, [
          'Start > Send',
        ]),
      );
      expect(written).not.toContain(secret);
      expect(secrets).toEqual([{ where: `nodes.1.parameters.${name}`, kind: 'credential' }]);
    }
  });

  it('with `=Bearer` before a key is masked', () => {
    const { written, secrets } = imported(withHeader('Authorization', `=Bearer ${key}`));
    expect(written).not.toContain(key);
    expect(secrets.map(({ kind }) => kind)).toEqual(['credential']);
    expect(imported(postsText(`=Bearer ${key}`)).written).not.toContain(key);
  });

  it.each(['={{ $json.token }}', '=Bearer {{ $json.token }}', '<your key>', 'YOUR_API_KEY', '', 'abc'])(
    'keeps %j, which is no value',
    (value) => {
      expect(imported(withHeader('X-Api-Key', value)).secrets).toEqual([]);
    },
  );

  it.each(['pageToken', 'sync_token', 'emailSignature', 'keyboard', 'tokens', 'name'])(
    '%s is no such name',
    (name) => {
      const nodes = { Start: manual, Send: { ...sends('x'), parameters: { [name]: 'abcdefgh' } } };
      expect(imported(workflowText(nodes, ['Start > Send'])).secrets).toEqual([]);
    },
  );
});
