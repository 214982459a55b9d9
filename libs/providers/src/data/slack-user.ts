import { defineProvider } from '../provider.js';
import { slackAccess, slackSources } from './slack-access.js';

/**
 * A person in Slack. One answer of Slack can hold two credentials, and one connection has one. So the bot and the person
 * are two providers: an integration of this one asks for user scopes alone and reads the credential under `authed_user`.
 */
export const slackUser = defineProvider({
  id: 'slack-user',
  name: 'Slack (user)',
  alternativeTo: 'slack',
  auth: {
    ...slackAccess,
    scopeParameter: 'user_scope',
    tokenAnswer: {
      accessToken: '/authed_user/access_token',
      refreshToken: '/authed_user/refresh_token',
      expiresIn: '/authed_user/expires_in',
      scope: '/authed_user/scope',
      success: { at: '/ok', equals: true },
    },
    refresh: {
      // Only apps with rotation have refresh tokens.
      rotates: 'always',
      // A refresh answers with the one token that it renewed.
      tokenAnswer: {
        accessToken: '/access_token',
        refreshToken: '/refresh_token',
        expiresIn: '/expires_in',
        scope: '/scope',
      },
    },
  },
  scopes: [
    'channels:history',
    'channels:read',
    'channels:write.topic',
    'chat:write',
    'groups:history',
    'groups:read',
    'groups:write.topic',
    'im:history',
    'im:read',
    'im:write',
    'mpim:history',
    'mpim:read',
    'mpim:write',
    'reactions:write',
    'users:read',
    'users:read.email',
  ],
  hosts: ['slack.com', 'files.slack.com'],
  baseUrl: 'https://slack.com/api',
  credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
  identity: { from: 'token', id: ['/team/id', '/authed_user/id'], name: '/team/name' },
  sources: slackSources,
});
