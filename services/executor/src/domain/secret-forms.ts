/**
 * The forms of a secret: unchanged, without its scheme, in a URL, and in JSON with and without escaped slashes. For
 * basic, also the password.
 */
export function secretForms(value: string): string[] {
  // The scheme before a token is a word (RFC 9110, section 11.4): `Bearer`, `Zoho-oauthtoken`, `Token`.
  const bare = value.replace(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100} /, '');
  const whole = value.startsWith('Bearer ') ? [] : [value];
  const texts = value.startsWith('Basic ') ? [bare, passwordOf(bare)] : [bare, ...whole];
  const forms = texts.flatMap((text) => {
    const json = JSON.stringify(text).slice(1, -1);
    return [text, encodeURIComponent(text), json, json.replaceAll('/', '\\/')];
  });
  // A shorter text occurs in answers by chance.
  return [...new Set(forms)].filter(({ length }) => length >= 6).sort((a, b) => b.length - a.length);
}

/** The password of a basic credential. Some providers take a key as the user, with an empty password. */
function passwordOf(basic: string): string {
  const pair = Buffer.from(basic, 'base64').toString();
  const colon = pair.indexOf(':');
  return pair.slice(colon + 1) || pair.slice(0, colon);
}
