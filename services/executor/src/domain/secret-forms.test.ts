import { secretForms } from './secret-forms.js';

describe('the forms of a secret', () => {
  it.each(['Bearer', 'Zoho-oauthtoken', 'Token', 'ApiKey'])(
    'have the token without its scheme %s',
    (scheme) => {
      expect(secretForms(`${scheme} a1b2c3d4e5`)).toContain('a1b2c3d4e5');
    },
  );

  it('have the whole text of a secret with a space in it', () => {
    expect(secretForms('correct horse/battery')).toEqual(
      expect.arrayContaining([
        'correct horse/battery',
        'correct%20horse%2Fbattery',
        'correct horse\\/battery',
        'horse/battery',
      ]),
    );
  });

  it('have the password of basic', () => {
    expect(secretForms(`Basic ${Buffer.from('ada:pass-word').toString('base64')}`)).toContain('pass-word');
  });
});
