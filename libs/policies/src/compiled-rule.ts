import type { PolicyMatch, PolicyRule } from '@action-mesh/contracts/auth-broker';

import { compileCondition, type CompiledCondition } from './argument-condition.js';
import type { PolicyFacts } from './policy-decision.js';
import type { WorkBudget } from './work-budget.js';

/** A rule with its prepared conditions and its rank. */
export class CompiledRule {
  readonly rule: PolicyRule;
  /** Higher ranks are more specific. Compared from the first number on. */
  readonly rank: readonly number[];
  readonly #conditions: readonly CompiledCondition[];

  constructor(rule: PolicyRule) {
    this.rule = rule;
    this.rank = rankOf(rule);
    this.#conditions = (rule.match.arguments ?? []).map(compileCondition);
  }

  /** Whether the rule can select calls of the tool. */
  selectsTool(tool: string): boolean {
    const wanted = this.rule.match.tool;
    if (wanted === undefined) return true;
    return wanted.endsWith('*') ? tool.startsWith(wanted.slice(0, -1)) : tool === wanted;
  }

  /** Whether the rule selects the call. The caller has compared the tool. */
  selects(facts: PolicyFacts, budget: WorkBudget): boolean {
    const { match } = this.rule;
    return (
      (match.key_id === undefined || match.key_id === facts.keyId) &&
      (match.user_id === undefined || match.user_id === facts.userId) &&
      (match.agent_id === undefined || match.agent_id === facts.agentId) &&
      (match.effect_class === undefined || match.effect_class === facts.effectClass) &&
      this.#conditions.every((meets) => meets(facts.arguments, budget))
    );
  }
}

/** Orders rules: the most specific one first, then deny before ask before allow, then by id. */
export function compareRules(left: CompiledRule, right: CompiledRule): number {
  for (const [at, rank] of left.rank.entries()) {
    const difference = (right.rank[at] ?? 0) - rank;
    if (difference !== 0) return difference;
  }
  return left.rule.id < right.rule.id ? -1 : Number(left.rule.id > right.rule.id);
}

const strictness = { allow: 0, ask: 1, deny: 2 } as const;
const exactTool = 1_000;

function rankOf({ match, decision }: PolicyRule): readonly number[] {
  return [
    match.arguments?.length ?? 0,
    toolRank(match.tool),
    isSet(match, 'key_id'),
    isSet(match, 'user_id'),
    isSet(match, 'agent_id'),
    isSet(match, 'effect_class'),
    strictness[decision],
  ];
}

/** An exact tool comes before each prefix, and a longer prefix before a shorter one. */
function toolRank(tool: string | undefined): number {
  if (tool === undefined) return 0;
  return tool.endsWith('*') ? tool.length : exactTool;
}

function isSet(match: PolicyMatch, name: keyof PolicyMatch): number {
  return match[name] === undefined ? 0 : 1;
}
