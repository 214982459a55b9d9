import { newPolicySalt, policyConflict, policySalt, policyText, type MeshPolicy } from './mesh-policy.js';

const policy: MeshPolicy = {
  egressAllow: ['10.0.0.0/8', 'gitlab.internal:443'],
  environment: 'live',
  credentials: [credential('CREDENTIAL_CRM', 'secret-1'), credential('CREDENTIAL_GITHUB', 'secret-2')],
};
function credential(variable: string, value: string): MeshPolicy['credentials'][number] {
  return { variable, origin: 'https://api.example', place: { in: 'header', name: 'authorization', value } };
}
const salt = newPolicySalt();
const conflict = (theirs: Partial<MeshPolicy>, theirSalt = salt): string =>
  policyConflict(policyText(policy, salt), policyText({ ...policy, ...theirs }, theirSalt)).message;

describe('a policy', () => {
  it('is the same in another order, in another case, and with repetitions', () => {
    const same = ['GitLab.internal:443', '10.0.0.0/8', '10.0.0.0/8'];
    expect(policyText({ ...policy, egressAllow: same }, salt)).toBe(policyText(policy, salt));
  });

  it('is the same with its credentials in another order', () => {
    expect(policyText({ ...policy, credentials: policy.credentials.toReversed() }, salt)).toBe(
      policyText(policy, salt),
    );
  });

  it('holds no credential', () => {
    expect(policyText(policy, salt)).not.toContain('secret');
  });

  it('tells its salt, so another executor can compute the same marks', () => {
    expect(policySalt(policyText(policy, salt))).toBe(salt);
  });

  it('marks a credential differently under each salt, so no table of marks helps a reader', () => {
    const marks = (salted: string): unknown =>
      (JSON.parse(policyText(policy, salted)) as { credentials: unknown }).credentials;
    expect(newPolicySalt()).not.toBe(newPolicySalt());
    expect(marks(newPolicySalt())).not.toEqual(marks(newPolicySalt()));
  });
});

describe('a refused executor', () => {
  it('learns the variable and the values that differ, both ways', () => {
    const message = conflict({ egressAllow: ['10.0.0.0/8', '127.0.0.1:8080'] });
    expect(message).toContain('EGRESS_ALLOW lacks 127.0.0.1:8080');
    expect(message).toContain('EGRESS_ALLOW has gitlab.internal:443, which theirs lacks');
    expect(message).not.toContain('10.0.0.0/8');
    expect(message).not.toContain('MESH_');
  });

  it('learns of another environment', () => {
    expect(conflict({ environment: 'test' })).toContain('MESH_ENVIRONMENT is live, and theirs is test');
  });

  it('learns each different credential by its variable alone', () => {
    const message = conflict({
      credentials: [credential('CREDENTIAL_GITHUB', 'secret-3'), credential('CREDENTIAL_SLACK', 'secret-4')],
    });
    expect(message).toContain('CREDENTIAL_CRM is set, and theirs is not');
    expect(message).toContain('CREDENTIAL_GITHUB has another value');
    expect(message).toContain('CREDENTIAL_SLACK is not set, and theirs is');
    expect(message).not.toContain('secret');
  });

  it('learns nothing of equal credentials under another salt', () => {
    expect(conflict({}, newPolicySalt())).not.toContain('CREDENTIAL_');
  });

  it.each([
    ['another origin', { origin: 'https://other.example' }],
    ['another header', { place: { in: 'header', name: 'x-key', value: 'secret-1' } }],
    ['a parameter', { place: { in: 'query', name: 'authorization', value: 'secret-1' } }],
  ] as const)('is told of %s of the same secret', (_, change) => {
    const [first, ...rest] = policy.credentials;
    if (first === undefined) throw new Error('no credential');
    expect(conflict({ credentials: [{ ...first, ...change }, ...rest] })).toContain(
      'CREDENTIAL_CRM has another value',
    );
  });
});
