import { redactJson } from './redact-json.js';

describe('redactJson', () => {
  it.each([
    ['a text', '{"password":"hush"}', '{"password":"[redacted]"}'],
    ['a text behind spaces', '{ "password" : "hush" }', '{"password":"[redacted]"}'],
    ['a number', '{"password":123456,"api_key":-7e3}', '{"password":"[redacted]","api_key":"[redacted]"}'],
    ['a list', '{"api_keys":["hush","hush2"]}', '{"api_keys":"[redacted]"}'],
    ['an object', '{"credentials":{"user":"ada","pin":7}}', '{"credentials":"[redacted]"}'],
    ['a member in a list', '[[{"client_secret":"hush"}]]', '[[{"client_secret":"[redacted]"}]]'],
    [
      'a member with an escaped name',
      String.raw`{"pass\u0077ord":"hush"}`,
      String.raw`{"pass\u0077ord":"[redacted]"}`,
    ],
    [
      'a member of a JSON text in a string',
      JSON.stringify({ body: JSON.stringify({ at: 1, inner: JSON.stringify({ token: 'hush' }) }) }),
      JSON.stringify({ body: JSON.stringify({ at: 1, inner: JSON.stringify({ token: '[redacted]' }) }) }),
    ],
    [
      'a credential in escaped letters',
      String.raw`{"note":"sk_l\u0069ve_0123456789"}`,
      '{"note":"[redacted]"}',
    ],
    ['a credential by its form', '{"note":"Bearer abcdefghijk"}', '{"note":"[redacted]"}'],
  ])('removes %s', (_what, text, expected) => {
    expect(redactJson(text)).toBe(expected);
  });

  it('keeps digits, counts, truths and texts as they are', () => {
    const text = String.raw`{"id":12345678901234567890,"total_tokens":42,"token_count":7,"has_password":true,"secret":null,"a\/b":"\u00e9 \"{\" 1.10"}`;
    expect(redactJson(text)).toBe(text);
    expect(redactJson('{"id": 1.10, "rows": [ ]}')).toBe('{"id": 1.10, "rows": [ ]}');
  });

  it('replaces JSON texts within strings beyond a bound', () => {
    let text = JSON.stringify({ token: 'hush' });
    for (let depth = 0; depth < 10; depth += 1) text = JSON.stringify({ body: text });
    expect(redactJson(text)).not.toContain('hush');
  });

  it('gives nothing for a text that may hold any secret', () => {
    expect(redactJson('{"token":"hush"')).toBeUndefined();
    expect(redactJson(`${'['.repeat(600)}{"token":"hush"}${']'.repeat(600)}`)).toBeUndefined();
  });
});
