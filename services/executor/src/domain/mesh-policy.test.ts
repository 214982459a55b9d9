import { policyConflict, policyText, type MeshPolicy } from './mesh-policy.js';

const policy: MeshPolicy = {
  egressAllow: ['10.0.0.0/8', 'gitlab.internal:443'],
  tenantId: 'acme',
  publisherKey: 'a-secret-key',
};
const conflict = (theirs: Partial<MeshPolicy>): string =>
  policyConflict(policyText(policy), policyText({ ...policy, ...theirs })).message;

describe('a policy', () => {
  it('is the same in another order, in another case, and said twice', () => {
    const same = ['GitLab.internal:443', '10.0.0.0/8', '10.0.0.0/8'];
    expect(policyText({ ...policy, egressAllow: same })).toBe(policyText(policy));
  });

  it('holds no key', () => {
    expect(policyText(policy)).not.toContain('secret');
  });
});

describe('a refused executor', () => {
  it('is told the variable and the values that differ, both ways', () => {
    const message = conflict({ egressAllow: ['10.0.0.0/8', '127.0.0.1:8080'] });
    expect(message).toContain('EGRESS_ALLOW lacks 127.0.0.1:8080');
    expect(message).toContain('EGRESS_ALLOW has gitlab.internal:443, which theirs has not');
    expect(message).not.toContain('10.0.0.0/8');
    expect(message).not.toContain('EXECUTOR_');
  });

  it('is told of another tenant, and of another key without its value', () => {
    const message = conflict({ tenantId: 'other', publisherKey: 'their-secret' });
    expect(message).toContain('EXECUTOR_TENANT is acme, and theirs is other');
    expect(message).toContain('EXECUTOR_PUBLISHER_KEY is another key');
    expect(message).not.toContain('secret');
  });
});
