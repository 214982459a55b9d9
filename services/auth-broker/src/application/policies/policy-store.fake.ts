import type { PolicyContent, PolicyRule } from '@action-mesh/contracts/auth-broker';

import type { ChangedBy } from '../api-key-store.port.js';
import type { PublishedRecord, ReadRecord } from '../published-record.port.js';
import type { PolicyName, PolicyStore } from './policy-store.port.js';

/** Policies in memory, and the record of them. Every tenant exists, except `nobody`. */
export class FakePolicyStore implements PolicyStore, PublishedRecord<PolicyRule> {
  readonly policies = new Map<string, PolicyRule>();
  readonly revisions = new Map<string, number>();
  mostPolicies = 1_000;

  list(tenantId: string): Promise<readonly PolicyRule[]> {
    return Promise.resolve(this.#of(tenantId));
  }

  find({ tenantId, id }: PolicyName): Promise<PolicyRule | undefined> {
    return Promise.resolve(this.policies.get(`${tenantId}/${id}`));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- an error of `decide` has to reject
  async put(
    { tenantId, id }: PolicyName,
    decide: (before: PolicyRule | undefined) => PolicyContent | 'unchanged',
    { holder, atMs }: ChangedBy,
  ): Promise<PolicyRule | 'no_tenant' | 'too_many'> {
    if (tenantId === 'nobody') return 'no_tenant';
    const key = `${tenantId}/${id}`;
    const before = this.policies.get(key);
    const content = decide(before);
    if (content === 'unchanged') return before ?? 'too_many';
    if (before === undefined && this.#of(tenantId).length >= this.mostPolicies) return 'too_many';
    const revision = (this.revisions.get(key) ?? 0) + 1;
    const at = new Date(atMs).toISOString();
    const rule = { ...content, id, tenant_id: tenantId, revision, created_by: holder, at };
    this.revisions.set(key, revision);
    this.policies.set(key, rule);
    return rule;
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- an error of `decide` has to reject
  async remove({ tenantId, id }: PolicyName, decide: (before: PolicyRule) => void): Promise<boolean> {
    const before = this.policies.get(`${tenantId}/${id}`);
    if (before !== undefined) decide(before);
    return this.policies.delete(`${tenantId}/${id}`);
  }

  exclusively<Result>(work: (read: ReadRecord<PolicyRule>) => Promise<Result>): Promise<Result> {
    return work(() => Promise.resolve([...this.policies.values()]));
  }

  #of(tenantId: string): PolicyRule[] {
    return [...this.policies.values()].filter(({ tenant_id: owner }) => owner === tenantId);
  }
}
