import { ToolAllowList } from './tool-allow-list.js';

describe('an allow-list of tools', () => {
  it.each<[string, string, string | undefined, boolean]>([
    ['crm_update', 'crm_update', undefined, true],
    ['crm_update', 'crm_update_all', undefined, false],
    ['crm_*', 'crm_update', 'crm', true],
    ['crm_*', 'acrm_update', undefined, false],
    ['*_list', 'issues_list', undefined, true],
    ['*', 'anything', undefined, true],
    ['a*b*c', 'a_b_b_c', undefined, true],
    ['a*b*c', 'a_c_b', undefined, false],
    ['github/*', 'issues_list', 'github', true],
    ['github/*', 'issues_list', 'gitlab', false],
    ['github/*', 'issues_list', undefined, false],
    ['git*/issues_*', 'issues_list', 'gitlab', true],
    ['git*/issues_*', 'pulls_list', 'gitlab', false],
  ])('with %s, for the tool %s of the toolkit %s: %s', (pattern, slug, toolkit, allowed) => {
    expect(new ToolAllowList([pattern]).allows({ slug, toolkit })).toBe(allowed);
  });

  it('allows what one of its patterns allows, and nothing without a pattern', () => {
    expect(new ToolAllowList(['a', 'b']).allows({ slug: 'b' })).toBe(true);
    expect(new ToolAllowList([]).allows({ slug: 'b' })).toBe(false);
  });

  it('decides on hostile patterns in bounded work', () => {
    const list = new ToolAllowList(Array.from({ length: 100 }, () => `${'*a'.repeat(31)}*b`));
    const before = process.cpuUsage();
    for (let round = 0; round < 100; round += 1) list.allows({ slug: 'a'.repeat(64) });
    const { user, system } = process.cpuUsage(before);
    // 10,000 matches.
    expect((user + system) / 1e6).toBeLessThan(4);
  });
});
