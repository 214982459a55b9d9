import { PolicySet } from '@action-mesh/policies';

import type { KnownApproval } from './approvals.port.js';
import { PolicyGate, type PolicyGateParts } from './policy-gate.js';

/** A gate without policies and approvals, unless a test gives some. */
export function fakeGate(
  clock: PolicyGateParts['clock'],
  policies = new PolicySet(),
  approvals: (callId: string, redrives: number) => KnownApproval | undefined = () => undefined,
): PolicyGate {
  const ofCall: PolicyGateParts['approvals']['ofCall'] = ({ call_id: callId }, redrives) =>
    Promise.resolve(approvals(callId, redrives));
  return new PolicyGate({ clock, policies, approvals: { ofCall } });
}
