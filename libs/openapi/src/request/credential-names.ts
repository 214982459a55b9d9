import { snakeCase } from '../operations/snake-case.js';

/** Names that mean a credential in every place outside of a body. */
const strong: ReadonlySet<string> = new Set(
  (
    'access_key access_token api_key api_secret api_token apikey apitoken app_key app_secret app_token auth_key auth_token ' +
    'authorization bearer_token client_secret id_token jwt oauth_token private_key private_token secret_key security_token session_token ' +
    'subscription_key user_token x_access_token x_api_key x_api_secret x_api_token x_app_key x_auth x_auth_key x_auth_token ' +
    'x_authorization x_client_secret x_private_token x_secret_key x_security_token x_session_token x_token ocp_apim_subscription_key'
  ).split(' '),
);

/** Names that mean a credential if a whole toolkit has them. Elsewhere they are members of a record. */
const weak: ReadonlySet<string> = new Set(
  'auth credentials jsessionid key pass passwd password secret session session_id sid sig signature token'.split(
    ' ',
  ),
);

/**
 * Whether a name alone means a credential: `api_key`, `X-Auth-Token`; not `page_token`, `sort_key` or `public_key`.
 */
export function isStrongCredential(name: string): boolean {
  return strong.has(snakeCase(name));
}

/** Whether a name means a credential if most operations have it: `token`, `key`. */
export function isWeakCredential(name: string): boolean {
  return weak.has(snakeCase(name));
}
