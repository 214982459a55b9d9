import { sampleTool } from '@action-mesh/testing';
import { ToolShelf } from './tool-shelf.js';

function shelfWith(...versions: string[]): ToolShelf {
  const shelf = new ToolShelf();
  for (const version of versions) shelf.put(sampleTool({ version }));
  return shelf;
}

const slug = 'crm_update_contact';

describe('ToolShelf', () => {
  it('gives the newest stable version to who pins none (T1)', () => {
    const shelf = shelfWith('1.9.0', '1.10.0', '2.0.0-rc.1');
    expect(shelf.find(slug).tool.version).toBe('1.10.0');
    expect(shelf.find(slug, '2.0.0-rc.1').majorVersion).toBe(2);
    expect(shelf.versions(slug)).toEqual(['2.0.0-rc.1', '1.10.0', '1.9.0']);
  });

  it('falls back when the newest is withdrawn, and forgets a tool without versions', () => {
    const shelf = shelfWith('1.0.0', '1.1.0');
    shelf.remove(`${slug}@1.1.0`);
    expect(shelf.find(slug).tool.version).toBe('1.0.0');
    shelf.remove(`${slug}@1.0.0`);
    shelf.remove(`${slug}@1.0.0`);
    expect(() => shelf.find(slug)).toThrow(expect.objectContaining({ refusal: 'tool_not_found' }) as Error);
    expect(shelf.versions(slug)).toEqual([]);
  });

  it('finds a tool by a former name, as the tool that it is now (T2)', () => {
    const shelf = shelfWith('1.0.0');
    shelf.put(sampleTool({ version: '1.1.0', aliases: ['crm_edit_contact'] }));
    expect(shelf.find('crm_edit_contact').tool).toMatchObject({ slug, version: '1.1.0' });
    expect(shelf.find('crm_edit_contact', '1.0.0').tool).toMatchObject({ slug, version: '1.0.0' });
    shelf.remove(`${slug}@1.1.0`);
    expect(() => shelf.find('crm_edit_contact')).toThrow();
  });

  it('takes no former name that is a name now, or that two tools claim (T2)', () => {
    const shelf = new ToolShelf();
    shelf.put(sampleTool({ slug: 'a', aliases: ['b', 'c'] }));
    expect(shelf.find('b').tool.slug).toBe('a');
    shelf.put(sampleTool({ slug: 'b' }));
    expect(shelf.find('b').tool.slug).toBe('b');
    shelf.put(sampleTool({ slug: 'd', aliases: ['c'] }));
    expect(() => shelf.find('c')).toThrow();
    shelf.remove('d@1.2.0');
    expect(shelf.find('c').tool.slug).toBe('a');
  });

  it('takes a new definition of the same version', () => {
    const shelf = shelfWith('1.0.0');
    shelf.put(sampleTool({ version: '1.0.0', title: 'Another title' }));
    expect(shelf.find(slug).tool.title).toBe('Another title');
    expect(shelf.find(slug, '1.0.0').tool.title).toBe('Another title');
  });

  it('refuses versions that are not there, pre-releases for who names none, and versions that cannot be counted', () => {
    const shelf = shelfWith('1.0.0-rc.1', '01.0.0');
    const absent = expect.objectContaining({ refusal: 'tool_version_not_found' }) as Error;
    expect(() => shelf.find(slug)).toThrow(absent);
    expect(() => shelf.find(slug, '3.0.0')).toThrow(absent);
    expect(() => shelf.find(slug, '01.0.0')).toThrow(absent);
    expect(shelf.stableOfEach()).toEqual([]);
  });

  it('says what to pin of a tool that has only pre-releases', () => {
    const shelf = shelfWith('2.0.0-rc.1', '2.0.0-rc.2');
    const fixed = expect.objectContaining({ fix: 'Pin 2.0.0-rc.2.' }) as Error;
    expect(() => shelf.find(slug)).toThrow(fixed);
    expect(() => shelf.find(slug, '3.0.0')).toThrow(fixed);
  });

  it('tells no more versions than anybody reads', () => {
    const shelf = shelfWith(...Array.from({ length: 100 }, (_, minor) => `1.${minor}.0`));
    const last = ['1.99.0', '1.98.0', '1.97.0', '1.96.0', '1.95.0', '1.94.0', '1.93.0', '1.92.0', '1.91.0'];
    expect(() => shelf.find(slug, '3.0.0')).toThrow(
      expect.objectContaining({
        problems: [expect.objectContaining({ expected: `one of ${[...last, '1.90.0'].join(', ')}` })],
      }) as Error,
    );
  });

  it('asks who misspells a name whether they meant the nearest that can be called', () => {
    const shelf = shelfWith('1.0.0');
    shelf.put(sampleTool({ slug: 'crm_update_contacts', version: '1.0.0-rc.1' }));
    const asked = expect.objectContaining({
      refusal: 'tool_not_found',
      fix: 'Did you mean "crm_update_contact"? GET /v1/tools lists all names.',
    }) as Error;
    expect(() => shelf.find('crm_updat_contacts')).toThrow(asked);
    expect(() => shelf.find('crm_updat_contact', '1.0.0')).toThrow(asked);
    expect(() => shelf.find('slack_send_message')).toThrow(
      expect.objectContaining({ fix: 'Look for the name in GET /v1/tools.' }) as Error,
    );
  });

  it('is not fooled by names that every object has', () => {
    expect(() => new ToolShelf().find('constructor')).toThrow(
      expect.objectContaining({ refusal: 'tool_not_found' }) as Error,
    );
  });

  it('lists the newest of each tool by name', () => {
    const shelf = shelfWith('1.0.0', '2.0.0');
    shelf.put(sampleTool({ slug: 'a_tool' }));
    expect(shelf.stableOfEach().map(({ slug: name, version }) => `${name}@${version}`)).toEqual([
      'a_tool@1.2.0',
      `${slug}@2.0.0`,
    ]);
  });
});
