import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import type { SwitchedCall } from '@action-mesh/identity';

/** The properties of a call that a kill switch can select. */
export function switchedCall(
  { tenant_id: tenantId, key_id: keyId, user_id: userId, agent, tool }: AcceptedCall,
  provider: string | undefined,
): SwitchedCall {
  return { tenantId, keyId, userId, agentId: agent?.id, tool: tool.slug, provider };
}
