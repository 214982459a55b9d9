import { consentError, readCallback } from './callback-answer.js';
import { isRightIssuer } from './issuer-verdict.js';
import { returnTo, returnUrlProblem } from './return-url.js';

describe('the query of a callback', () => {
  it('has a state, and a code or an error', () => {
    expect(readCallback('code=c&state=s&iss=https%3A%2F%2Fas.example&scope=a')).toEqual({
      code: 'c',
      state: 's',
      iss: 'https://as.example',
    });
    expect(readCallback('error=access_denied&state=s&error_description=%3Cb%3E')).toEqual({
      error: 'access_denied',
      state: 's',
    });
  });

  it.each([
    'state=s&state=s&code=c',
    'state=s&code=c&code=d',
    'state=s&code=c&iss=a&iss=b',
    'state=s&error=a&error=a',
  ])('is refused with a doubled parameter: %s', (query) => expect(readCallback(query)).toBe('doubled'));

  it.each([
    '',
    'code=c',
    'state=s',
    'state=&code=c',
    'state=s&code=',
    'state=s&code=c&error=e',
    `state=s&code=${'c'.repeat(5_000)}`,
  ])('is incomplete: %s', (query) => expect(readCallback(query)).toBe('incomplete'));

  it.each([
    ['access_denied', 'access_denied'],
    ['invalid_scope', 'integration_refused'],
    ['temporarily_unavailable', 'provider_unavailable'],
    ['<script>', 'provider_error'],
    ['__proto__', 'provider_error'],
  ])('turns the error %s of a provider into %s of ours (CF10)', (given, ours) =>
    expect(consentError(given)).toBe(ours),
  );
});

describe('the issuer of a callback (CF9)', () => {
  const issuer = 'https://as.example';
  it.each([
    ['required', { issuer, isRequired: true }, issuer, true],
    ['required', { issuer, isRequired: true }, undefined, false],
    ['known', { issuer, isRequired: false }, issuer, true],
    ['known', { issuer, isRequired: false }, undefined, true],
    ['known', { issuer, isRequired: false }, 'https://evil.example', false],
    ['known', { issuer, isRequired: false }, `${issuer}/`, false],
    ['known', { issuer, isRequired: false }, 'https://AS.example', false],
    ['unknown', undefined, 'https://as.example', true],
    ['unknown', undefined, undefined, true],
  ])('%s, %j and named %s: %s', (_what, expected, named, isRight) =>
    expect(isRightIssuer(expected, named)).toBe(isRight),
  );
});

describe('a return address', () => {
  const allowed = ['https://app.example', 'http://127.0.0.1:3000'];

  it.each([
    'https://app.example',
    'https://app.example/',
    'https://app.example/back?to=1',
    'https://app.example?to=1',
    'http://127.0.0.1:3000/back',
  ])('may be %s', (url) => expect(returnUrlProblem(url, allowed)).toBeUndefined());

  it.each([
    'https://app.example.evil.example/',
    'https://app.example@evil.example/',
    'https://app.example:443/',
    'https://app.example:8443/',
    'https://app.example\\@evil.example/',
    'https://app.example\\.evil.example/',
    'https://APP.example/',
    'HTTPS://app.example/',
    'http://app.example/',
    'https://evil.example/https://app.example/',
    'https://evil.example?https://app.example/',
    'https://ada@app.example/',
    'https://ada:secret@app.example/',
    '//app.example/',
    'https:app.example/',
    'https:/app.example/',
    'javascript:alert(1)//https://app.example/',
    'https://app.example/#fragment',
    'https://app.example/\tback',
    'https://app.example/\nback',
    ' https://app.example/',
    'https://app.éxample/',
    'http://127.0.0.1:30001/',
    'http://127.0.0.1/',
    'https://app.example/?completion=x',
    'https://app.example/?connect_session=x',
    'https://app.example/?a=1&error=x',
  ])('is never %j', (url) => expect(returnUrlProblem(url, allowed)).toEqual(expect.any(String)));

  it('is never one of an integration without origins', () => {
    expect(returnUrlProblem('https://app.example/', [])).toEqual(expect.any(String));
  });

  it('keeps its own query', () => {
    expect(returnTo('https://app.example/b?to=1', { connect_session: 'x', completion: 'y&z' })).toBe(
      'https://app.example/b?to=1&connect_session=x&completion=y%26z',
    );
  });
});
