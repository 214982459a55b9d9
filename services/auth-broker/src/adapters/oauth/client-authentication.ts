/** The id and the secret of the tenant's client. */
export interface OAuthClientSecret {
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * The value of `authorization` for a client (RFC 6749, section 2.3.1): id and secret are form-encoded first. So a colon
 * or a non-ASCII character in them is safe.
 */
export function basicAuthorization({ clientId, clientSecret }: OAuthClientSecret): string {
  return `Basic ${Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`).toString('base64')}`;
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}
