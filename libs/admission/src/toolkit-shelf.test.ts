import { sampleTool } from '@action-mesh/testing';
import type { Toolkit } from '@action-mesh/contracts/catalog';

import { ToolShelf } from './tool-shelf.js';

const slug = 'crm_update_contact';

function toolkit(version: string, tool: string, channels: Toolkit['channels'] = []): Toolkit {
  return { toolkit: sampleTool().toolkit, version, tools: { [slug]: tool }, channels };
}

const versionOf = (shelf: ToolShelf, selector?: string): string => shelf.find(slug, selector).tool.version;
const absent = expect.objectContaining({ refusal: 'tool_version_not_found' }) as Error;

describe('dated toolkits on the shelf', () => {
  function shelfWith(...versions: string[]): ToolShelf {
    const shelf = new ToolShelf();
    for (const version of versions) shelf.put(sampleTool({ version }));
    return shelf;
  }

  it('keep who pins nothing where the channel stable stands (T1)', () => {
    const shelf = shelfWith('1.0.0', '2.0.0');
    expect(versionOf(shelf)).toBe('2.0.0');
    shelf.putToolkit(toolkit('2026-11-24', '1.0.0', ['stable']));
    shelf.putToolkit(toolkit('2026-11-25', '2.0.0', ['latest']));
    expect([undefined, 'stable', 'latest'].map((selector) => versionOf(shelf, selector))).toEqual([
      '1.0.0',
      '1.0.0',
      '2.0.0',
    ]);
    expect(shelf.stableOfEach().map(({ version }) => version)).toEqual(['1.0.0']);
  });

  it('are pinned by their date', () => {
    const shelf = shelfWith('1.0.0', '2.0.0');
    shelf.putToolkit(toolkit('2026-11-24', '1.0.0'));
    shelf.putToolkit(toolkit('2026-11-24.2', '2.0.0'));
    expect(versionOf(shelf, '2026-11-24')).toBe('1.0.0');
    expect(versionOf(shelf, '2026-11-24.2')).toBe('2.0.0');
    expect(() => shelf.find(slug, '2026-11-23')).toThrow(absent);
    expect(shelf.toolkitVersions(sampleTool().toolkit).map(({ version }) => version)).toEqual([
      '2026-11-24.2',
      '2026-11-24',
    ]);
  });

  it('refuse latest where no toolkit lets it be followed', () => {
    const shelf = shelfWith('1.0.0');
    shelf.putToolkit(toolkit('2026-11-24', '1.0.0', ['stable']));
    expect(() => shelf.find(slug, 'latest')).toThrow(absent);
  });

  it('are followed once their tools are here, and no longer when one is withdrawn (T3)', () => {
    const shelf = shelfWith('1.0.0');
    shelf.putToolkit(toolkit('2026-11-24', '1.0.0', ['stable']));
    shelf.putToolkit(toolkit('2026-11-25', '1.1.0', ['stable']));
    expect(versionOf(shelf)).toBe('1.0.0');
    shelf.put(sampleTool({ version: '1.1.0' }));
    expect(versionOf(shelf)).toBe('1.1.0');
    shelf.remove(`${slug}@1.1.0`);
    expect(versionOf(shelf)).toBe('1.0.0');
  });

  it('follow a channel that is moved back', () => {
    const shelf = shelfWith('1.0.0', '1.1.0');
    shelf.putToolkit(toolkit('2026-11-25', '1.1.0', ['stable']));
    shelf.putToolkit(toolkit('2026-11-24', '1.0.0', ['stable']));
    expect(versionOf(shelf)).toBe('1.1.0');
    shelf.putToolkit(toolkit('2026-11-25', '1.1.0'));
    expect(versionOf(shelf)).toBe('1.0.0');
    shelf.removeToolkit(`${sampleTool().toolkit}@2026-11-24`);
    expect(versionOf(shelf)).toBe('1.1.0');
  });

  it('do not stand in for a tool that their stable version lacks', () => {
    const shelf = shelfWith('1.0.0');
    shelf.putToolkit({ ...toolkit('2026-11-24', '1.0.0', ['stable']), tools: {} });
    expect(() => shelf.find(slug)).toThrow(absent);
  });

  it('lead from a former name to the tool that the stable toolkit holds instead (T2)', () => {
    const shelf = shelfWith('1.0.0');
    shelf.put(sampleTool({ slug: 'crm_edit_contact', version: '1.0.0', aliases: [slug] }));
    shelf.putToolkit({
      ...toolkit('2026-11-25', ''),
      tools: { crm_edit_contact: '1.0.0' },
      channels: ['stable'],
    });
    expect(shelf.find(slug).tool.slug).toBe('crm_edit_contact');
    expect(shelf.find(slug, '1.0.0').tool.slug).toBe(slug);
  });
});
