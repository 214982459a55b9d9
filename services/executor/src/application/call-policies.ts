import type { PolicyVerdict } from '@action-mesh/contracts/executor';
import type { Tool } from '@action-mesh/contracts/catalog';
import { proxyTool, type AcceptedCall } from '@action-mesh/contracts/gateway';
import type { PolicyDecision, PolicySet } from '@action-mesh/policies';

/** The policies that a call is compared with. */
export type DecidingPolicies = Pick<PolicySet, 'areAny' | 'decide'>;

/** The decision about a call. Undefined: its tenant has no policy; that costs one look. */
export function decisionAbout(
  policies: DecidingPolicies,
  call: AcceptedCall,
  tool: Tool,
): PolicyDecision | undefined {
  if (!policies.areAny(call.tenant_id)) return undefined;
  return policies.decide({
    tenantId: call.tenant_id,
    keyId: call.key_id,
    userId: call.user_id,
    agentId: call.agent?.id,
    tool: call.tool.slug,
    effectClass: trustedEffectOf(call, tool),
    arguments: call.arguments,
  });
}

/**
 * The effect class that policies see. The caller of a proxied request declares its effect, and only `read` is checked: by
 * the method. Any other one counts as `opaque`, so no declaration leads past a rule.
 */
function trustedEffectOf({ tool: { slug } }: AcceptedCall, { effect }: Tool): string {
  return slug === proxyTool.slug && effect.class !== 'read' ? 'opaque' : effect.class;
}

/** The decision in the form of outcomes. */
export function shownDecision({ decision, rule, explained }: PolicyDecision): PolicyVerdict {
  return { decision, ...(rule === undefined ? {} : { rule: { ...rule } }), explained };
}
