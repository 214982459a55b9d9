import type { Tool } from '@action-mesh/contracts/catalog';
import { sampleTool } from '@action-mesh/testing';
import fc from 'fast-check';

import { planPublication, type PublicationPlan, type Refusal } from './publication-plan.js';
import { toolKey } from './tool-key.js';

const production = { mayReplace: false, mayWithdraw: () => true };

function tool(slug: string, version = '1.0.0', changes: Partial<Tool> = {}): Tool {
  return sampleTool({
    slug,
    version,
    provider: { slug: 'acme', base_url: 'https://api.acme.test' },
    http: { method: 'POST', path: `/${slug}`, parameters: [], headers: {} },
    ...changes,
  });
}

const byKey = (tools: readonly Tool[]): ReadonlyMap<string, Tool> =>
  new Map(tools.map((each) => [toolKey(each), each]));

function plan(
  defined: readonly Tool[],
  published: readonly Tool[],
  refused: readonly Refusal[] = [],
  rules = production,
  withdrawn: readonly Tool[] = [],
): PublicationPlan {
  return planPublication(
    defined.map((each, index) => ({ source: `${index}.js#tool`, tool: each })),
    refused,
    { inUse: byKey(published), withdrawn: byKey(withdrawn) },
    rules,
  );
}

describe('planPublication', () => {
  it('publishes new tools only', () => {
    const [a, b] = [tool('a'), tool('b')];
    expect(plan([a, b], [a])).toEqual({
      ...{ publish: [b], replace: [], restore: [], withdraw: [] },
      ...{ unchanged: 1, held: [], unconfirmed: [], refused: [] },
    });
  });

  it('does not count another order of members as a change', () => {
    const reordered = Object.fromEntries(Object.entries(tool('a')).reverse()) as Tool;
    expect(plan([tool('a')], [reordered])).toMatchObject({ publish: [], unchanged: 1 });
  });

  it('refuses other content under a published version, and names the differences (P1)', () => {
    const changed = tool('a', '1.0.0', { description: 'Does more.', timeout_ms: 2_000 });
    expect(plan([changed], [tool('a')])).toEqual({
      publish: [],
      replace: [],
      restore: [],
      withdraw: [],
      unchanged: 0,
      held: [],
      unconfirmed: [],
      refused: [
        {
          source: '0.js#tool',
          slug: 'a',
          version: '1.0.0',
          problems: [
            {
              pointer: '/version',
              message:
                'differs from the recorded 1.0.0 in: description, timeout_ms. The recorded definition stays; give the new one another version',
            },
          ],
        },
      ],
    });
  });

  it('replaces it in development mode (P1)', () => {
    const changed = tool('a', '1.0.0', { description: 'Does more.' });
    expect(plan([changed], [tool('a')], [], { ...production, mayReplace: true })).toMatchObject({
      publish: [],
      replace: [changed],
      refused: [],
    });
  });

  it('restores a withdrawn version that is defined again, but only with the same content (P1)', () => {
    expect(plan([tool('a')], [], [], production, [tool('a')])).toMatchObject({
      publish: [],
      restore: ['a@1.0.0'],
    });
    const changed = tool('a', '1.0.0', { title: 'Another' });
    expect(plan([changed], [], [], production, [tool('a')])).toMatchObject({
      restore: [],
      refused: [{ slug: 'a' }],
    });
    expect(plan([changed], [], [], { ...production, mayReplace: true }, [tool('a')])).toMatchObject({
      replace: [changed],
      restore: ['a@1.0.0'],
    });
  });

  it('refuses both of two definitions that claim the same version (P2)', () => {
    const other = tool('a', '1.0.0', { title: 'Another' });
    const result = plan([tool('a'), other, tool('b')], []);
    expect(result.publish.map(toolKey)).toEqual(['b@1.0.0']);
    expect(result.refused.map(({ source, problems }) => `${source} ${problems[0]?.message}`)).toEqual([
      '0.js#tool is also defined, with other content, in 1.js#tool',
      '1.js#tool is also defined, with other content, in 0.js#tool',
    ]);
  });

  it('counts the same tool in two places as one (P2)', () => {
    expect(plan([tool('a'), tool('a')], [])).toMatchObject({ publish: [tool('a')], refused: [] });
  });

  it('withdraws tools without a definition (P3)', () => {
    expect(plan([tool('a')], [tool('a'), tool('b'), tool('b', '2.0.0')]).withdraw).toEqual([
      'b@1.0.0',
      'b@2.0.0',
    ]);
  });

  it('keeps the older versions of a tool (P3)', () => {
    expect(plan([tool('a', '1.10.0')], [tool('a', '1.9.0')])).toMatchObject({ withdraw: [] });
  });

  it('withdraws versions newer than every defined one: a rollback takes effect (P3)', () => {
    const result = plan([tool('a', '1.2.0')], [tool('a', '1.2.0'), tool('a', '1.3.0'), tool('a', '1.1.0')]);
    expect(result.withdraw).toEqual(['a@1.3.0']);
  });

  it('withdraws nothing of a tool whose definition is refused (P4)', () => {
    const refused = [{ source: 'a.js#tool', slug: 'a', problems: [] }];
    expect(plan([], [tool('a'), tool('b')], refused)).toMatchObject({
      held: ['a@1.0.0'],
      withdraw: ['b@1.0.0'],
    });
  });

  it('withdraws nothing while a file cannot be read, because its definitions are unknown (P4)', () => {
    const refused = [{ source: 'a.js', problems: [] }];
    expect(plan([], [tool('a'), tool('b')], refused)).toMatchObject({
      held: ['a@1.0.0', 'b@1.0.0'],
      withdraw: [],
    });
  });

  it('keeps the published tool when two definitions claim its version (P2, P4)', () => {
    const result = plan([tool('a'), tool('a', '1.0.0', { title: 'Another' })], [tool('a')]);
    expect(result).toMatchObject({ publish: [], withdraw: [], held: ['a@1.0.0'] });
  });

  it('plans nothing more after its plan is carried out', () => {
    const anyTool = fc
      .record({
        slug: fc.constantFrom('a', 'b', 'c'),
        version: fc.constantFrom('1.0.0', '1.1.0', '2.0.0-rc.1'),
        title: fc.constantFrom('x', 'y'),
      })
      .map(({ slug, version, title }) => tool(slug, version, { title }));
    fc.assert(
      fc.property(fc.array(anyTool), fc.array(anyTool), fc.boolean(), (defined, before, mayReplace) => {
        const rules = { ...production, mayReplace };
        const inUse = new Map(before.map((each) => [toolKey(each), each]));
        const withdrawn = new Map<string, Tool>();
        const planned = () => plan(defined, [...inUse.values()], [], rules, [...withdrawn.values()]);
        const first = planned();
        for (const each of [...first.publish, ...first.replace]) inUse.set(toolKey(each), each);
        for (const key of first.withdraw) {
          withdrawn.set(key, inUse.get(key) ?? tool('gone'));
          inUse.delete(key);
        }
        const second = planned();
        expect([second.publish, second.replace, second.restore, second.withdraw]).toEqual([[], [], [], []]);
        expect(second.refused).toEqual(first.refused);
      }),
    );
  });
});
