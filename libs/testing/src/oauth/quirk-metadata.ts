import type { QuirkBehaviour } from './quirk-behaviour.js';

/** The metadata of a quirk server (RFC 8414), with the changes of its behaviour. */
export function quirkMetadata(
  issuer: string,
  endpoints: Readonly<Record<'authorization' | 'token' | 'revocation' | 'me', string>>,
  { iss, metadata }: QuirkBehaviour,
): Readonly<Record<string, unknown>> {
  const members: Readonly<Record<string, unknown>> = {
    issuer,
    authorization_endpoint: endpoints.authorization,
    token_endpoint: endpoints.token,
    revocation_endpoint: endpoints.revocation,
    userinfo_endpoint: endpoints.me,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    authorization_response_iss_parameter_supported: iss !== 'absent',
    ...metadata,
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}
