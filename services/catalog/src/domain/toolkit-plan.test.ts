import type { Tool } from '@action-mesh/contracts/catalog';
import { defined } from '@action-mesh/kernel';
import { sampleTool } from '@action-mesh/testing';

import { overrideBaseOf } from './override-merge.js';
import { nextDate } from './release-plan.js';
import { planToolkit, type ApprovedOverride, type ToolkitBefore } from './toolkit-plan.js';
import type { UnversionedTool } from './tool-change.js';

const today = '2026-11-25';
const nothing: ToolkitBefore = { tools: [], releases: [], dates: [] };

function tool(slug: string, parts: Partial<Tool> = {}): UnversionedTool {
  const { version: _version, ...rest } = sampleTool({
    slug,
    http: { method: 'POST', path: `/${slug}`, parameters: [], headers: {} },
    effect: { class: 'opaque' },
    ...parts,
  });
  return rest;
}

/** The toolkit after one import, then another, and so on. */
function after(...imports: readonly (readonly UnversionedTool[])[]): ToolkitBefore {
  let before = nothing;
  for (const tools of imports) {
    const plan = planToolkit(tools, [], before, today);
    before = {
      tools: [...before.tools, ...plan.newTools],
      releases: plan.release === undefined ? before.releases : [plan.release, ...before.releases],
      dates: plan.release === undefined ? before.dates : [...before.dates, plan.release.version],
      ...defined({ stable: plan.stable }),
    };
  }
  return before;
}

const needsMore: Partial<Tool> = {
  input: { type: 'object', properties: { email: { type: 'string' } }, required: ['email', 'company'] },
};

describe('planToolkit', () => {
  it('begins with 1.0.0, the date, and stable', () => {
    const plan = planToolkit([tool('a'), tool('b')], [], nothing, today);
    expect(plan.newTools.map(({ slug, version }) => `${slug}@${version}`)).toEqual(['a@1.0.0', 'b@1.0.0']);
    expect(plan).toMatchObject({
      release: { version: today, tools: { a: '1.0.0', b: '1.0.0' } },
      stable: today,
      differences: [],
    });
  });

  it('changes nothing for a second equal import', () => {
    const plan = planToolkit([tool('a')], [], after([tool('a')]), today);
    expect(plan).toMatchObject({ newTools: [], differences: [], stable: today });
    expect(plan.release).toBeUndefined();
  });

  it('gives changed tools a version by the kind of change, and keeps the others', () => {
    const before = after([tool('a'), tool('b'), tool('c')]);
    const plan = planToolkit(
      [tool('a', { title: 'New words' }), tool('b', { timeout_ms: 9 }), tool('c'), tool('d')],
      [],
      before,
      today,
    );
    expect(plan.release).toEqual({
      version: '2026-11-25.2',
      tools: { a: '1.0.1', b: '1.1.0', c: '1.0.0', d: '1.0.0' },
    });
    expect(plan.differences.map(({ slug, kind }) => `${slug} ${kind}`)).toEqual([
      'a text',
      'b compatible',
      'd compatible',
    ]);
    expect(plan.stable).toBe('2026-11-25.2');
  });

  it('leaves stable in place after a breaking change, and gives the reason', () => {
    const plan = planToolkit([tool('a', needsMore)], [], after([tool('a')]), today);
    expect(plan).toMatchObject({ release: { tools: { a: '2.0.0' } }, stable: today });
    expect(plan.held).toContain('breaks callers');
  });

  it('leaves stable in place over several imports, until a person moves it', () => {
    const before = after([tool('a')], [tool('a', needsMore)]);
    const plan = planToolkit([tool('a', { ...needsMore, title: 'Words' })], [], before, today);
    expect(plan).toMatchObject({ release: { tools: { a: '2.0.1' } }, stable: today });
  });

  it('counts a removed tool as breaking', () => {
    const plan = planToolkit([tool('a')], [], after([tool('a'), tool('b')]), today);
    expect(plan.differences).toEqual([
      {
        slug: 'b',
        was: '1.0.0',
        kind: 'breaking',
        changes: [{ kind: 'breaking', pointer: '', message: 'is gone' }],
      },
    ]);
    expect(plan.stable).toBe(today);
  });

  it('never uses a version twice, also for a tool that returns with other content', () => {
    const before = after([tool('a'), tool('b')], [tool('b')], [tool('a', { title: 'Another' }), tool('b')]);
    expect(before.releases[0]?.tools).toEqual({ a: '1.0.1', b: '1.0.0' });
  });
});

describe('planToolkit with overrides', () => {
  function override(over: UnversionedTool, patch: ApprovedOverride['patch']): ApprovedOverride {
    return { slug: over.slug, revision: 1, patch, base: overrideBaseOf(over, patch) };
  }

  it("publishes the import with the team's changes as a new version", () => {
    const before = after([tool('a')]);
    const plan = planToolkit([tool('a')], [override(tool('a'), { description: 'Ours.' })], before, today);
    expect(plan.newTools).toMatchObject([{ slug: 'a', version: '1.0.1', description: 'Ours.' }]);
  });

  it('keeps the former name of a renamed tool, so no caller breaks', () => {
    const before = after([tool('a')]);
    const plan = planToolkit([tool('a')], [override(tool('a'), { rename: 'b' })], before, today);
    expect(plan.newTools).toMatchObject([{ slug: 'b', version: '1.0.0', aliases: ['a'] }]);
    expect(plan).toMatchObject({ release: { tools: { b: '1.0.0' } }, stable: '2026-11-25.2' });
  });

  it('lists a conflict and leaves stable in place', () => {
    const before = after([tool('a')]);
    const ours = override(tool('a'), { description: 'Ours.' });
    const plan = planToolkit(
      [tool('a', { description: 'Theirs, and new.', timeout_ms: 9 })],
      [ours],
      before,
      today,
    );
    expect(plan.conflicts).toMatchObject([
      { slug: 'a', revision: 1, conflicts: [{ pointer: '/description' }] },
    ]);
    expect(plan).toMatchObject({ stable: today, held: 'overrides conflict with the imported tools' });
  });

  it('keeps the version of a tool whose override no longer fits', () => {
    const before = after([tool('a')]);
    const hidden = override(tool('a'), { arguments: { company: { hidden: {} } } });
    const plan = planToolkit(
      [tool('a', { input: { type: 'object', properties: { company: {} }, required: ['company'] } })],
      [hidden],
      before,
      today,
    );
    expect(plan.newTools).toEqual([]);
    expect(plan.conflicts).toMatchObject([
      { slug: 'a', problems: [{ pointer: '/arguments/company/hidden' }] },
    ]);
  });

  it('keeps the present name of a tool if a renaming patch no longer fits', () => {
    const needing = { type: 'object', properties: { company: {} }, required: ['company'] };
    const before = after([tool('a', { input: needing })]);
    const patch = { rename: 'z', arguments: { company: { hidden: {} } } };
    const overrides = [override(tool('a', { input: needing }), patch)];
    const plan = planToolkit([tool('a', { input: needing })], overrides, before, today);
    expect(plan.release).toBeUndefined();
    expect(plan.conflicts).toMatchObject([{ slug: 'a' }]);
  });
});

describe('nextDate', () => {
  it('is the day, with the next number if the day is in use', () => {
    expect(nextDate(today, ['2026-11-24', '2026-11-24.9'])).toBe(today);
    expect(nextDate(today, [today])).toBe('2026-11-25.2');
    expect(nextDate(today, [today, '2026-11-25.9', '2026-11-25.10'])).toBe('2026-11-25.11');
  });
});

describe('a name from an override (rename)', () => {
  const rename: ApprovedOverride = { slug: 'a', revision: 1, patch: { rename: 'b' }, base: {} };

  it('stays with its tool if the document has another tool of that name, which is listed', () => {
    const before = planToolkit([tool('a')], [rename], nothing, today);
    const plan = planToolkit(
      [tool('a'), tool('b'), tool('c')],
      [rename],
      {
        tools: before.newTools,
        releases: before.release === undefined ? [] : [before.release],
        dates: [today],
        stable: today,
      },
      today,
    );
    expect(plan.release?.tools).toEqual({ b: '1.0.0', c: '1.0.0' });
    expect(plan.stable).toBe(today);
    expect(plan.conflicts).toMatchObject([
      { slug: 'a', conflicts: [{ pointer: '/rename', message: expect.stringContaining('"b"') as unknown }] },
    ]);
  });
});
