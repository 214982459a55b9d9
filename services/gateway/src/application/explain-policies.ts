import type { PolicyExplanation, PolicyQuestion } from '@action-mesh/contracts/auth-broker';
import type { Principal } from '@action-mesh/identity';
import { defined } from '@action-mesh/kernel';
import type { PolicyFacts, PolicySet } from '@action-mesh/policies';

import type { KnownTools } from './known-tools.js';

/** Explains the decision of a tenant's policies about a call that nobody makes. */
export class ExplainPolicies {
  readonly #policies: Pick<PolicySet, 'decide' | 'matching'>;
  readonly #tools: KnownTools;

  constructor(policies: Pick<PolicySet, 'decide' | 'matching'>, tools: KnownTools) {
    this.#policies = policies;
    this.#tools = tools;
  }

  /** Throws `CallRefusedError` for an unknown tool without an effect class, and `MeshUnavailableError` at the start. */
  run(caller: Principal, question: PolicyQuestion): PolicyExplanation {
    const facts = this.#facts(caller, question);
    const { decision, explained, expiresAfterMs } = this.#policies.decide(facts);
    const matching = this.#policies
      .matching(facts)
      ?.map(({ id, revision, decision: own, reason, match }) => ({
        id,
        revision,
        decision: own,
        reason,
        match,
      }));
    return {
      decision,
      explained,
      ...defined({
        expires_after_seconds: expiresAfterMs === undefined ? undefined : expiresAfterMs / 1_000,
        matching,
      }),
    };
  }

  #facts(caller: Principal, question: PolicyQuestion): PolicyFacts {
    const registry = this.#tools.registry();
    const { tool, effect_class: effectClass, arguments: args = {} } = question;
    // The effect class makes a decision about a tool possible before its publication.
    const found = effectClass === undefined ? registry.find(tool) : registry.findIfAny(tool);
    return {
      tenantId: caller.tenantId,
      keyId: question.key_id ?? caller.keyId,
      userId: question.user_id,
      agentId: question.agent_id,
      tool: found?.tool.slug ?? tool,
      effectClass: effectClass ?? found?.tool.effect.class ?? '',
      arguments: args,
    };
  }
}
