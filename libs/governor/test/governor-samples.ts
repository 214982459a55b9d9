import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

import type { Counter } from '../src/rate/limit-store.port.js';
import type { Subject } from '../src/index.js';

/** A request, with the changes of the test. */
export function sampleSubject(changes: Partial<Subject> = {}): Subject {
  return {
    tenantId: 'acme',
    userId: 'ada',
    credential: 'acme/ada/slack',
    provider: 'slack',
    tool: 'slack_post_message',
    endpoint: 'POST slack.example/messages',
    ...changes,
  };
}

/** A policy on all requests to one provider, with the changes of the test. */
export function policyOf(changes: Partial<LimitPolicy> = {}): LimitPolicy {
  return {
    id: 'slack-per-second',
    match: { provider: 'slack' },
    per: 'provider',
    limit: 10,
    window: '1s',
    burst: 1,
    ...changes,
  };
}

export function counterOf(limit: number, burst: number, windowUs = 1e6, key = 'a'): Counter {
  const rate = { limit, burst, windowUs, intervalUs: Math.ceil(windowUs / limit) };
  return { key, rate, scope: `test:${key}` };
}
