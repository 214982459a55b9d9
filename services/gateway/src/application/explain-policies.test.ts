import { ToolRegistry } from '@action-mesh/admission';
import { samplePrincipal } from '@action-mesh/identity/testing';
import { PolicySet } from '@action-mesh/policies';
import { samplePolicy } from '@action-mesh/policies/testing';

import { sampleTool } from '../../test/sample-tool.js';
import { ExplainPolicies } from './explain-policies.js';
import { KnownTools } from './known-tools.js';

const caller = samplePrincipal({ tenantId: 'acme' });
const question = { user_id: 'ada', tool: 'crm_update_contact', arguments: { email: 'ada@example.com' } };

function stage() {
  const policies = new PolicySet();
  const registry = new ToolRegistry();
  registry.put(sampleTool());
  const link: { missing: string | undefined } = { missing: undefined };
  return { policies, registry, link, explain: new ExplainPolicies(policies, new KnownTools(registry, link)) };
}

describe('an explanation', () => {
  it('has the decision and every rule that matches, the deciding one first', () => {
    const { policies, explain } = stage();
    policies.put(samplePolicy('closed'));
    policies.put(samplePolicy('theirs', { tenant_id: 'globex', match: { tool: 'crm_update_contact' } }));
    const match = { arguments: [{ pointer: '/email', op: 'ends_with' as const, value: '@example.com' }] };
    policies.put(samplePolicy('ask', { decision: 'ask', match, expires_after_seconds: 60 }));
    expect(explain.run(caller, question)).toEqual({
      decision: 'ask',
      explained: 'A person has to approve the call. Policy ask (revision 1) matches by argument /email.',
      expires_after_seconds: 60,
      matching: [
        { id: 'ask', revision: 1, decision: 'ask', reason: 'Not now.', match },
        { id: 'closed', revision: 1, decision: 'deny', reason: 'Not now.', match: {} },
      ],
    });
    expect(explain.run(caller, { ...question, arguments: {} }).decision).toBe('deny');
    expect(explain.run(samplePrincipal({ tenantId: 'initech' }), question)).toEqual({
      decision: 'allow',
      explained: 'No policy of the tenant matches the call, so it is allowed.',
      matching: [],
    });
  });

  it('is about the key of the caller, or about another one', () => {
    const { policies, explain } = stage();
    policies.put(samplePolicy('key', { match: { key_id: caller.keyId ?? '' } }));
    expect(explain.run(caller, question).decision).toBe('deny');
    expect(explain.run(caller, { ...question, key_id: 'fedcba9876543210' }).decision).toBe('allow');
  });

  it('has the effect class of the published tool, or the given one', () => {
    const { policies, explain, registry } = stage();
    const { class: effectClass } = sampleTool().effect;
    policies.put(samplePolicy('class', { match: { effect_class: effectClass } }));
    expect(explain.run(caller, question).decision).toBe('deny');
    const other = effectClass === 'read' ? 'opaque' : 'read';
    expect(explain.run(caller, { ...question, effect_class: other }).decision).toBe('allow');
    registry.remove(`${sampleTool().slug}@${sampleTool().version}`);
    expect(() => explain.run(caller, question)).toThrow('There is no tool of this name.');
    expect(explain.run(caller, { ...question, effect_class: effectClass }).decision).toBe('deny');
  });

  it('is not given before the policies were read', () => {
    const { explain, link } = stage();
    link.missing = 'the policies are not known';
    expect(() => explain.run(caller, question)).toThrow('the policies are not known');
  });
});
