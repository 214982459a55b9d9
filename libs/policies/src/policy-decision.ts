import type { PolicyEffect, PolicyRule } from '@action-mesh/contracts/auth-broker';

/** The properties of a call that policies select by. */
export interface PolicyFacts {
  readonly tenantId: string;
  /** The key that submitted the call. Absent for a user token. */
  readonly keyId?: string | undefined;
  readonly userId: string;
  readonly agentId?: string | undefined;
  /** The slug. */
  readonly tool: string;
  readonly effectClass: string;
  /** The arguments after validation, as JSON. */
  readonly arguments: unknown;
}

/** The decision of the policies of a tenant about one call. */
export interface PolicyDecision {
  readonly decision: PolicyEffect;
  /** The rule that decided. Absent: no rule selected the call, or the arguments were too large to compare. */
  readonly rule?: { readonly id: string; readonly revision: number; readonly reason: string };
  /** One sentence for people and models. It holds no value from the arguments. */
  readonly explained: string;
  /** How long an approval may be given, in milliseconds. Only with `ask`. */
  readonly expiresAfterMs?: number;
}

const defaultExpiry = 3_600;

/** The decision when no rule selects the call. */
export const allowedByDefault: PolicyDecision = {
  decision: 'allow',
  explained: 'No policy of the tenant matches the call, so it is allowed.',
};

/** The decision when the conditions would cost too much for these arguments. */
export const deniedByCost: PolicyDecision = {
  decision: 'deny',
  explained:
    'The call is denied: its arguments are too large to compare with all policies of the tenant. Send fewer items, or have an administrator reduce the argument conditions.',
};

/** The decision while a policy of the tenant cannot be read. */
export const deniedUnread: PolicyDecision = {
  decision: 'deny',
  explained:
    'The call is denied: a policy of the tenant cannot be read. Have an administrator set the policies of the tenant again.',
};

/** The decision of the most specific rule that selects the call. */
export function decisionOf(rule: PolicyRule): PolicyDecision {
  const { id, revision, reason, decision } = rule;
  return {
    decision,
    rule: { id, revision, reason },
    explained: `${consequences[decision]} Policy ${id} (revision ${revision}) matches ${selection(rule)}.`,
    ...(decision === 'ask' ? { expiresAfterMs: (rule.expires_after_seconds ?? defaultExpiry) * 1_000 } : {}),
  };
}

const consequences = {
  allow: 'The call is allowed.',
  ask: 'A person has to approve the call.',
  deny: 'The call is denied.',
} as const satisfies Record<PolicyEffect, string>;

/** The members of a rule that select, by name. Values of conditions stay out, since a model reads the sentence. */
function selection({ match }: PolicyRule): string {
  const pointers = [...new Set((match.arguments ?? []).map(({ pointer }) => pointer))];
  const parts = [
    ...(pointers.length === 0
      ? []
      : [`${pointers.length > 1 ? 'arguments' : 'argument'} ${pointers.join(', ')}`]),
    ...(match.tool === undefined ? [] : [`tool ${match.tool}`]),
    ...(match.key_id === undefined ? [] : ['its key']),
    ...(match.user_id === undefined ? [] : ['its user']),
    ...(match.agent_id === undefined ? [] : ['its agent']),
    ...(match.effect_class === undefined ? [] : [`effect class ${match.effect_class}`]),
  ];
  return parts.length === 0 ? 'every call of the tenant' : `by ${parts.join(', ')}`;
}
