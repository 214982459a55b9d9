import { days, minutes } from '../lifetimes.js';
import { defineProvider } from '../provider.js';

/** Jira Cloud. Its API has one address per site, behind one host for all. */
export const atlassian = defineProvider({
  id: 'atlassian',
  name: 'Atlassian (Jira)',
  auth: {
    kind: 'oauth2',
    authorizationUrl: 'https://auth.atlassian.com/authorize',
    tokenUrl: 'https://auth.atlassian.com/oauth/token',
    bodyFormat: 'json',
    authorizeParameters: { audience: 'api.atlassian.com', prompt: 'consent' },
    requiredScopes: ['offline_access'],
    // The error of an ended refresh token, with status 403. RFC 6749 gives this name to another error.
    errors: { permanent: ['unauthorized_client'], client: ['access_denied'] },
    refresh: {
      rotates: 'always',
      reuseLeewayMs: minutes(10),
      endsAccessToken: true,
      idleMs: days(90),
      absoluteMs: days(365),
    },
  },
  scopes: ['read:jira-work', 'write:jira-work', 'read:jira-user'],
  settings: [
    {
      name: 'site',
      label: 'Site',
      pattern: '[a-z0-9][a-z0-9-]{0,99}',
      help: 'The name before .atlassian.net. Only for accounts with access to several sites.',
      example: 'acme',
      default: '',
    },
  ],
  hosts: ['api.atlassian.com'],
  base: {
    from: 'request',
    url: 'https://api.atlassian.com/oauth/token/accessible-resources',
    at: '/id',
    choose: { at: '/url', equals: 'https://{site}.atlassian.net', setting: 'site' },
    template: 'https://api.atlassian.com/ex/jira/{id}',
    replaces: 'https://api.atlassian.com/ex/jira/your-cloud-id',
  },
  credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
  identity: {
    from: 'request',
    url: '{base}/rest/api/3/myself',
    id: '/accountId',
    name: '/displayName',
  },
  sources: [
    {
      fact: 'audience, prompt, JSON, accessible-resources',
      url: 'https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/',
      checked: '2026-11-30',
    },
    {
      fact: 'rotation with 10 minutes of leeway, 90 days without use, 365 days at most',
      url: 'https://community.developer.atlassian.com/t/updated-31-january-2022-action-required-deprecating-persistent-refresh-tokens/54172',
      checked: '2026-11-22',
    },
    {
      fact: 'status 403 for an unknown or used refresh token',
      url: 'https://developer.atlassian.com/cloud/oauth/getting-started/refresh-tokens',
      checked: '2026-11-30',
    },
  ],
});
