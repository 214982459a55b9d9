import { sampleTool } from '@action-mesh/testing';
import { ToolRegistry } from './tool-registry.js';

function registryWith(...versions: string[]): ToolRegistry {
  const registry = new ToolRegistry();
  for (const version of versions) registry.put(sampleTool({ version }));
  return registry;
}

const slug = 'crm_update_contact';

describe('ToolRegistry', () => {
  it('gives the newest stable version to a caller without a pinned version (T1)', () => {
    const registry = registryWith('1.9.0', '1.10.0', '2.0.0-rc.1');
    expect(registry.find(slug).tool.version).toBe('1.10.0');
    expect(registry.find(slug, '2.0.0-rc.1').majorVersion).toBe(2);
    expect(registry.versions(slug)).toEqual(['2.0.0-rc.1', '1.10.0', '1.9.0']);
  });

  it('falls back after the newest version is withdrawn, and forgets a tool without versions', () => {
    const registry = registryWith('1.0.0', '1.1.0');
    registry.remove(`${slug}@1.1.0`);
    expect(registry.find(slug).tool.version).toBe('1.0.0');
    registry.remove(`${slug}@1.0.0`);
    registry.remove(`${slug}@1.0.0`);
    expect(() => registry.find(slug)).toThrow(
      expect.objectContaining({ refusal: 'tool_not_found' }) as Error,
    );
    expect(registry.versions(slug)).toEqual([]);
  });

  it('finds a tool under its present name by a former name (T2)', () => {
    const registry = registryWith('1.0.0');
    registry.put(sampleTool({ version: '1.1.0', aliases: ['crm_edit_contact'] }));
    expect(registry.find('crm_edit_contact').tool).toMatchObject({ slug, version: '1.1.0' });
    expect(registry.find('crm_edit_contact', '1.0.0').tool).toMatchObject({ slug, version: '1.0.0' });
    registry.remove(`${slug}@1.1.0`);
    expect(() => registry.find('crm_edit_contact')).toThrow();
  });

  it('ignores a former name that is in use, or that two tools claim (T2)', () => {
    const registry = new ToolRegistry();
    registry.put(sampleTool({ slug: 'a', aliases: ['b', 'c'] }));
    expect(registry.find('b').tool.slug).toBe('a');
    registry.put(sampleTool({ slug: 'b' }));
    expect(registry.find('b').tool.slug).toBe('b');
    registry.put(sampleTool({ slug: 'd', aliases: ['c'] }));
    expect(() => registry.find('c')).toThrow();
    registry.remove('d@1.2.0');
    expect(registry.find('c').tool.slug).toBe('a');
  });

  it('takes a new definition of the same version', () => {
    const registry = registryWith('1.0.0');
    registry.put(sampleTool({ version: '1.0.0', title: 'Another title' }));
    expect(registry.find(slug).tool.title).toBe('Another title');
    expect(registry.find(slug, '1.0.0').tool.title).toBe('Another title');
  });

  it('refuses unknown versions, unpinned pre-releases, and versions that cannot be parsed', () => {
    const registry = registryWith('1.0.0-rc.1', '01.0.0');
    const absent = expect.objectContaining({ refusal: 'tool_version_not_found' }) as Error;
    expect(() => registry.find(slug)).toThrow(absent);
    expect(() => registry.find(slug, '3.0.0')).toThrow(absent);
    expect(() => registry.find(slug, '01.0.0')).toThrow(absent);
    expect(registry.stableOfEach()).toEqual([]);
  });

  it('lists the versions to pin of a tool with only pre-releases', () => {
    const registry = registryWith('2.0.0-rc.1', '2.0.0-rc.2');
    const fixed = expect.objectContaining({ fix: 'Pin 2.0.0-rc.2.' }) as Error;
    expect(() => registry.find(slug)).toThrow(fixed);
    expect(() => registry.find(slug, '3.0.0')).toThrow(fixed);
  });

  it('lists at most ten versions', () => {
    const registry = registryWith(...Array.from({ length: 100 }, (_, minor) => `1.${minor}.0`));
    const last = ['1.99.0', '1.98.0', '1.97.0', '1.96.0', '1.95.0', '1.94.0', '1.93.0', '1.92.0', '1.91.0'];
    expect(() => registry.find(slug, '3.0.0')).toThrow(
      expect.objectContaining({
        problems: [expect.objectContaining({ expected: `one of ${[...last, '1.90.0'].join(', ')}` })],
      }) as Error,
    );
  });

  it('suggests the nearest callable name for a misspelt one', () => {
    const registry = registryWith('1.0.0');
    registry.put(sampleTool({ slug: 'crm_update_contacts', version: '1.0.0-rc.1' }));
    const asked = expect.objectContaining({
      refusal: 'tool_not_found',
      fix: 'Did you mean "crm_update_contact"? GET /v1/tools lists all names.',
    }) as Error;
    expect(() => registry.find('crm_updat_contacts')).toThrow(asked);
    expect(() => registry.find('crm_updat_contact', '1.0.0')).toThrow(asked);
    expect(() => registry.find('slack_send_message')).toThrow(
      expect.objectContaining({ fix: 'Look for the name in GET /v1/tools.' }) as Error,
    );
  });

  it('does not find the inherited properties of objects', () => {
    expect(() => new ToolRegistry().find('constructor')).toThrow(
      expect.objectContaining({ refusal: 'tool_not_found' }) as Error,
    );
  });

  it('lists the newest version of each tool, ordered by name', () => {
    const registry = registryWith('1.0.0', '2.0.0');
    registry.put(sampleTool({ slug: 'a_tool' }));
    expect(registry.stableOfEach().map(({ slug: name, version }) => `${name}@${version}`)).toEqual([
      'a_tool@1.2.0',
      `${slug}@2.0.0`,
    ]);
  });
});
