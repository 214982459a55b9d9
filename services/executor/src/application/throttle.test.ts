import { childSpan } from '@action-mesh/kernel';
import { FakeClock } from '@action-mesh/kernel/testing';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { FakeGovernor } from '@action-mesh/governor/testing';
import { KillSwitches } from '@action-mesh/identity';

import { Throttle } from './throttle.js';
import { ThrottleSpacing } from './throttle-spacing.js';
import type { PreparedTool } from './tools.port.js';

const callBy = (user_id: string) => ({ tenant_id: 'acme', user_id }) as AcceptedCall;

async function countedAs(hasStaticCredential: boolean): Promise<readonly string[]> {
  const clock = new FakeClock(0);
  const governor = new FakeGovernor();
  const throttle = new Throttle(governor, new KillSwitches(), new ThrottleSpacing(clock), clock);
  const prepared = {
    tool: { slug: 'slack_post', provider: { slug: 'slack' } },
    endpoint: 'POST slack.com/api/chat.postMessage',
    hasStaticCredential,
  } as PreparedTool;
  for (const user of ['ada', 'bob'])
    await throttle.admit({ call: callBy(user), trace: childSpan() }, prepared);
  return governor.asked.map(({ credential }) => credential);
}

describe('limits, blocks and breakers of a credential', () => {
  it('count all users as one client when the static credential goes with their requests', async () => {
    expect(await countedAs(true)).toEqual(['acme/credential:slack', 'acme/credential:slack']);
  });

  it('count each user when no credential does', async () => {
    expect(await countedAs(false)).toEqual(['acme/ada/slack', 'acme/bob/slack']);
  });
});
