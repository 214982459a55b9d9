import { defineProvider } from '../provider.js';
import { slackAccess, slackSources } from './slack-access.js';

/** The bot of a Slack app. Its token is at the top of the answer. */
export const slack = defineProvider({
  id: 'slack',
  name: 'Slack (bot)',
  auth: {
    ...slackAccess,
    tokenAnswer: { success: { at: '/ok', equals: true } },
    // Only apps with rotation have refresh tokens.
    refresh: { rotates: 'always' },
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
  // One app has one bot in a workspace.
  identity: { from: 'token', id: '/team/id', name: '/team/name' },
  sources: slackSources,
});
