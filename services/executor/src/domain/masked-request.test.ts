import { maskedRequest } from './masked-request.js';

const request = { method: 'POST', url: 'https://api.example.com/v1/things', headers: {} };

describe('a masked request', () => {
  it.each([
    ['Authorization', 'Bearer abc'],
    ['X-Api-Key', 'k'],
    ['cookie', 'sid=1'],
    ['x-amz-security-token', 't'],
    ['X-Auth', 'a'],
    ['DD-API-KEY', 'k'],
  ])('hides the header %s', (name, value) => {
    expect(maskedRequest({ ...request, headers: { [name]: value } }).headers).toEqual({ [name]: '[masked]' });
  });

  it('shows only the number of bytes of files, and no part beside them', () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const body = Buffer.from('--b\r\ncontent-disposition: form-data; name="password"\r\n\r\nx');
    expect(maskedRequest({ ...request, headers, body }).body).toBe(`[${body.length} bytes]`);
  });

  it('shows headers that describe the request', () => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'k1', accept: '*/*' };
    expect(maskedRequest({ ...request, headers }).headers).toEqual(headers);
  });

  it('hides the user part of the URL and secret parameters, at every occurrence', () => {
    const url =
      'https://ada:pw@api.example.com/a?key=1&page=2&api_key=3&access_token=4&access_token=5&pageToken=6';
    const shown = maskedRequest({ ...request, url }).url ?? '';
    expect(shown).not.toMatch(/ada|pw|=[1345]/);
    expect(shown).toContain('page=2');
    expect(shown).toContain('pageToken=6');
  });

  it('hides secret members of a JSON body at any depth and leaves every other text unchanged', () => {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const body =
      '{"id":7615917337495251231,"note":"\\"token\\":\\"x\\"","auth":{"clientSecret" : "s\\"1","pin":{"password":1234}},"list":[{"api_key":"k"}],"project":{"key":"ABC"},"max_tokens":5}';
    expect(maskedRequest({ ...request, headers, body }).body).toBe(
      '{"id":7615917337495251231,"note":"\\"token\\":\\"x\\"","auth":{"clientSecret" : "[masked]","pin":{"password":"[masked]"}},"list":[{"api_key":"[masked]"}],"project":{"key":"ABC"},"max_tokens":5}',
    );
  });

  it.each([
    ['a list', '{"a":1,"cookies":["s",{"b":2}],"c":3}', '{"a":1,"cookies":"[masked]","c":3}'],
    ['an object', '{"credentials":{"user":"ada","pin":1}}', '{"credentials":"[masked]"}'],
    ['a name with escapes', '{"pass\\u0077ord":"s"}', '{"pass\\u0077ord":"[masked]"}'],
    ['a name without a border of words', '{"accesstoken":"s"}', '{"accesstoken":"[masked]"}'],
    ['a value that does not end', '{"a":1,"secret":["s"', '{"a":1,"secret":"[masked]"'],
  ])('hides a secret member of a JSON body that has %s', (_, body, shown) => {
    const headers = { 'content-type': 'application/json' };
    expect(maskedRequest({ ...request, headers, body }).body).toBe(shown);
  });

  it('hides secret members of a form', () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const shown = maskedRequest({ ...request, headers, body: 'grant=x&client_secret=s3&b=2' }).body;
    expect(shown).toBe('grant=x&client_secret=%5Bmasked%5D&b=2');
  });

  it('shows the beginning of a long body, and takes time in proportion to a hostile one', () => {
    const headers = { 'content-type': 'application/json' };
    const body = `{"a":"${'\\"'.repeat(200_000)}","b":${'['.repeat(200_000)}`;
    const before = process.cpuUsage();
    expect(maskedRequest({ ...request, headers, body })).toMatchObject({ body_cut: true });
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000);
  });
});
