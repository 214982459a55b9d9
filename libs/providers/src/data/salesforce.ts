import { days } from '../lifetimes.js';
import { defineProvider } from '../provider.js';

export const salesforce = defineProvider({
  id: 'salesforce',
  name: 'Salesforce',
  auth: {
    kind: 'oauth2',
    authorizationUrl: 'https://{login-host}/services/oauth2/authorize',
    tokenUrl: 'https://{login-host}/services/oauth2/token',
    requiredScopes: ['refresh_token'],
    // The answer has no life: the session policy of the organization decides, so only a 401 shows the end.
    errors: {
      permanent: ['inactive_user', 'inactive_org'],
      client: ['invalid_client_id', 'redirect_uri_mismatch'],
      transient: ['rate_limit_exceeded', 'unknown_error'],
    },
    refresh: { rotates: 'sometimes', idleMs: days(30) },
    revocation: { url: 'https://{login-host}/services/oauth2/revoke', tokens: ['refresh'] },
  },
  scopes: ['api'],
  impliedScopes: { full: ['api', 'web', 'id', 'profile', 'email', 'openid', 'chatter_api'] },
  settings: [
    {
      name: 'login-host',
      label: 'Login host',
      pattern: '(?:login|test|[a-z0-9-]{1,90}(?:\\.sandbox)?(?:\\.develop)?\\.my)\\.salesforce\\.com',
      help: 'test.salesforce.com for a sandbox, or the host of My Domain.',
      example: 'acme.my.salesforce.com',
      default: 'login.salesforce.com',
    },
  ],
  hosts: ['*.salesforce.com', '*.force.com'],
  base: { from: 'token', at: '/instance_url', replaces: 'https://your-domain.my.salesforce.com' },
  credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
  // It holds the organization and the user.
  identity: { from: 'token', id: '/id' },
  sources: [
    {
      fact: 'instance_url, id, and no expires_in',
      url: 'https://developer.salesforce.com/docs/atlas.en-us.chatterapi.meta/chatterapi/intro_oauth_tokens.htm',
      checked: '2026-11-22',
    },
    {
      fact: 'a refresh token can end after 30 days without use; the sixth approval of a user ends the oldest',
      url: 'https://help.salesforce.com/s/articleView?id=xcloud.connected_app_limit_idle_ttl.htm',
      checked: '2026-11-22',
    },
  ],
});
