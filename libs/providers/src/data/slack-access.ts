import type { OAuth2Auth, ProviderDefinition } from '../provider.js';

/** The part that the bot and the user of a Slack app share. */
export const slackAccess = {
  kind: 'oauth2',
  authorizationUrl: 'https://slack.com/oauth/v2/authorize',
  tokenUrl: 'https://slack.com/api/oauth.v2.access',
  clientAuth: 'basic',
  // Slack takes PKCE only from apps that switched it on, and such an app cannot use its secret.
  pkce: 'off',
  scopeSeparator: ',',
  errors: {
    permanent: [
      'invalid_refresh_token',
      'token_revoked',
      'token_expired',
      'account_inactive',
      'invalid_code',
    ],
    client: [
      'invalid_client_id',
      'bad_client_secret',
      'bad_redirect_uri',
      'invalid_team_for_non_distributed_app',
    ],
    transient: ['ratelimited', 'internal_error', 'fatal_error', 'service_unavailable', 'request_timeout'],
  },
  revocation: {
    url: 'https://slack.com/api/auth.revoke',
    auth: 'token',
    tokens: ['access'],
    success: { at: '/ok', equals: true },
  },
} as const satisfies OAuth2Auth;

export const slackSources: ProviderDefinition['sources'] = [
  {
    fact: 'tokens of bot and user, status 200 with ok: false, Basic',
    url: 'https://docs.slack.dev/reference/methods/oauth.v2.access',
    checked: '2026-11-30',
  },
  {
    fact: 'access tokens live 12 hours and refresh tokens are for one use, once rotation is on',
    url: 'https://docs.slack.dev/authentication/using-token-rotation',
    checked: '2026-11-22',
  },
  {
    fact: 'a refresh of a user token answers at the top',
    url: 'https://github.com/slackapi/python-slack-sdk/blob/main/slack_sdk/oauth/token_rotation/rotator.py',
    checked: '2026-11-30',
  },
  {
    fact: 'revocation answers ok and revoked',
    url: 'https://docs.slack.dev/reference/methods/auth.revoke',
    checked: '2026-11-30',
  },
];
