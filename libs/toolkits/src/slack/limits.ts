import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/** One message a second and channel, with short bursts, and for most methods some fifty calls a minute (docs.slack.dev/apis/web-api/rate-limits). A
 * channel is no unit of the governor, so the first holds for a connection. */
export const limits: readonly LimitPolicy[] = [
  {
    id: 'slack-messages',
    match: { provider: 'slack', tool: 'slack_send_message' },
    per: 'credential',
    limit: 1,
    window: '1s',
    burst: 3,
  },
  {
    id: 'slack-web-api',
    match: { provider: 'slack' },
    per: 'credential',
    limit: 50,
    window: '1m',
    burst: 20,
  },
];
