import { policyKey, type PolicyRule } from '@action-mesh/contracts/auth-broker';

import { compareRules, CompiledRule } from './compiled-rule.js';
import { allowedByDefault, decisionOf, deniedByCost, deniedUnread } from './policy-decision.js';
import type { PolicyDecision, PolicyFacts } from './policy-decision.js';
import { WorkBudget } from './work-budget.js';

/** The most tools for which a tenant's rules are kept in order. A caller can name any number of tools. */
const keptTools = 500;

interface TenantRules {
  readonly byId: Map<string, CompiledRule>;
  /** The rules that can select each tool, in their order. Made when the tool is first asked for. */
  readonly byTool: Map<string, readonly CompiledRule[]>;
}

/**
 * The policies of all tenants, in memory. It follows the topic of policies.
 *
 * - PO1: only rules of the call's own tenant count.
 * - PO2: the most specific rule that selects the call decides. The order is total: argument conditions by number, exact
 *   tool, longer prefix, key, user, agent, effect class; then deny, ask, allow; then the id.
 * - PO3: without such a rule, the call is allowed.
 * - PO4: equal rules and facts give equal decisions, in every process and in every order of arrival.
 * - PO5: the work of a decision is bounded. Beyond the bound, the call is denied.
 * - PO6: while a policy of the tenant cannot be read, its calls are denied. The policy could be a denial.
 */
export class PolicySet {
  readonly #byTenant = new Map<string, TenantRules>();
  /** The ids of unreadable policies, by tenant. */
  readonly #unreadable = new Map<string, Set<string>>();
  #isComplete = false;

  /** Whether the set has read its topic up to the end once. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  complete(): void {
    this.#isComplete = true;
  }

  /** Notes that the newest record of a key cannot be read, until another record of the key replaces it (PO6). */
  cannotRead(key: string): void {
    const slash = key.indexOf('/');
    if (slash === -1) return;
    const tenantId = key.slice(0, slash);
    const ids = this.#unreadable.get(tenantId) ?? new Set();
    this.#unreadable.set(tenantId, ids.add(key.slice(slash + 1)));
  }

  put(rule: PolicyRule): void {
    this.#readable(rule.tenant_id, rule.id);
    const rules = this.#byTenant.get(rule.tenant_id) ?? { byId: new Map(), byTool: new Map() };
    rules.byId.set(rule.id, new CompiledRule(rule));
    rules.byTool.clear();
    this.#byTenant.set(rule.tenant_id, rules);
  }

  /** Forgets a rule, by its key on the topic. */
  remove(key: string): void {
    const slash = key.indexOf('/');
    const tenantId = key.slice(0, slash);
    this.#readable(tenantId, key.slice(slash + 1));
    const rules = this.#byTenant.get(tenantId);
    if (rules === undefined) return;
    rules.byId.delete(key.slice(slash + 1));
    rules.byTool.clear();
    if (rules.byId.size === 0) this.#byTenant.delete(tenantId);
  }

  /** Whether the tenant has any rule. The way of a call asks this first. */
  areAny(tenantId: string): boolean {
    return this.#byTenant.has(tenantId) || this.#unreadable.has(tenantId);
  }

  /** The rules of a tenant, in the order in which they are tried. */
  list(tenantId: string): readonly PolicyRule[] {
    return ordered(this.#byTenant.get(tenantId)?.byId.values() ?? []).map(({ rule }) => rule);
  }

  /** The keys of all rules on the topic. */
  keys(): readonly string[] {
    return [...this.#byTenant.values()].flatMap(({ byId }) =>
      [...byId.values()].map(({ rule }) => policyKey(rule)),
    );
  }

  decide(facts: PolicyFacts): PolicyDecision {
    if (this.#unreadable.has(facts.tenantId)) return deniedUnread;
    const budget = new WorkBudget();
    const first = this.#candidates(facts).find((each) => each.selects(facts, budget));
    if (budget.isExceeded) return deniedByCost;
    return first === undefined ? allowedByDefault : decisionOf(first.rule);
  }

  /** Every rule that selects the call. The first one decides. Undefined: the arguments cost too much to compare. */
  matching(facts: PolicyFacts): readonly PolicyRule[] | undefined {
    const budget = new WorkBudget();
    const found = this.#candidates(facts).filter((each) => each.selects(facts, budget));
    return budget.isExceeded ? undefined : found.map(({ rule }) => rule);
  }

  #readable(tenantId: string, id: string): void {
    const ids = this.#unreadable.get(tenantId);
    if (ids?.delete(id) === true && ids.size === 0) this.#unreadable.delete(tenantId);
  }

  #candidates({ tenantId, tool }: PolicyFacts): readonly CompiledRule[] {
    const rules = this.#byTenant.get(tenantId);
    if (rules === undefined) return [];
    const known = rules.byTool.get(tool);
    if (known !== undefined) return known;
    const made = ordered([...rules.byId.values()].filter((each) => each.selectsTool(tool)));
    if (rules.byTool.size >= keptTools) rules.byTool.clear();
    rules.byTool.set(tool, made);
    return made;
  }
}

function ordered(rules: Iterable<CompiledRule>): CompiledRule[] {
  return [...rules].sort(compareRules);
}
