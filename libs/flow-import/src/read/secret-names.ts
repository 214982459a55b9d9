/** Last words of names whose values are secrets: `password`, `Authorization`, `X-Shopify-Access-Token`. */
const secretEnds =
  /(?:^(?:x )?signature|(?:^| )(?:authorization|cookie|api ?key|token|secret|password|passwd|passphrase|pwd|(?:auth pass|basic auth)|(?:access|auth|encryption|license|private|secret|signing|subscription|webhook) key))$/;

/** Tokens that name a place in a list and open nothing. */
const harmlessTokens = /(?:^| )(?:continuation|cursor|next|page|sync) token$/;

/** Headers with a credential that are no secret by the words of their names. */
const credentialHeaders = new Set(['access', 'api', 'auth', 'key', 'x access', 'x api', 'x auth', 'x key']);

/** The words of a name in lower case: `clientSecret`, `client-secret` and `CLIENT_SECRET` are `client secret`. */
function wordsOf(name: string): string {
  return name
    .slice(0, 200)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();
}

/** Whether the text of a member is a secret by the member's name. */
export function namesSecret(name: string): boolean {
  const words = wordsOf(name);
  return secretEnds.test(words) && !harmlessTokens.test(words);
}

/** Whether a header carries a credential by its name. */
export function isCredentialHeader(name: string): boolean {
  return namesSecret(name) || credentialHeaders.has(wordsOf(name));
}
