import { sampleTool } from '@action-mesh/testing';
import type { Toolkit } from '@action-mesh/contracts/catalog';

import { ToolShelf } from './tool-shelf.js';

const slug = 'crm_update_contact';

function toolkit(version: string, tool: string, channels: Toolkit['channels'] = []): Toolkit {
  return { toolkit: sampleTool().toolkit, version, tools: { [slug]: tool }, channels };
}

const versionOf = (shelf: ToolShelf, selector?: string): string => shelf.find(slug, selector).tool.version;
const fixed = (fix: string): Error => expect.objectContaining({ fix }) as Error;
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
    expect(() => shelf.find(slug)).toThrow(
      fixed('It is in no date of its toolkit, and stable stands at 2026-11-24: pin the version 1.0.0.'),
    );
  });

  it.each([undefined, 'stable', 'latest', '7.0.0', '2026-11-01'])(
    'say which date holds a tool that their stable version lacks, to who asks for %s',
    (selector) => {
      const shelf = shelfWith('1.0.0', '1.1.0');
      shelf.putToolkit({ ...toolkit('2026-11-28.2', '', ['stable']), tools: {} });
      shelf.putToolkit(toolkit('2026-11-28.4', '1.0.0'));
      shelf.putToolkit(toolkit('2026-11-28.5', '1.1.0'));
      // What the tool has come to be is not here yet, so that this date holds nothing of it.
      shelf.putToolkit(toolkit('2026-11-29', '1.2.0'));
      expect(() => shelf.find(slug, selector)).toThrow(
        expect.objectContaining({
          refusal: 'tool_version_not_found',
          fix: 'It is in 2026-11-28.5, and stable stands at 2026-11-28.2: pin that date, or move stable.',
          problems: [
            {
              pointer: '/tool/version',
              message: 'names no published version',
              expected: 'one of 2026-11-28.5, 2026-11-28.4, 1.1.0, 1.0.0',
            },
          ],
        }) as Error,
      );
      expect(versionOf(shelf, '2026-11-28.5')).toBe('1.1.0');
    },
  );

  it('say so of a tool by its former name', () => {
    const shelf = shelfWith();
    shelf.put(sampleTool({ version: '1.1.0', aliases: ['crm_edit_contact'] }));
    shelf.putToolkit({ ...toolkit('2026-11-28', '', ['stable']), tools: {} });
    shelf.putToolkit(toolkit('2026-11-29', '1.1.0'));
    expect(() => shelf.find('crm_edit_contact')).toThrow(
      fixed('It is in 2026-11-29, and stable stands at 2026-11-28: pin that date, or move stable.'),
    );
  });

  it('say that the version can be left out only where that helps', () => {
    const shelf = shelfWith('1.0.0');
    shelf.putToolkit(toolkit('2026-11-28', '1.0.0', ['stable']));
    const orLeaveItOut = expect.stringContaining('leave the version out') as string;
    expect(() => shelf.find(slug, '7.0.0')).toThrow(fixed(orLeaveItOut));
    expect(() => shelf.find(slug, 'latest')).toThrow(fixed(orLeaveItOut));
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

  it('lead from a former name to the tool of stable, whoever claims it in a date that is not (T2)', () => {
    const shelf = shelfWith();
    shelf.put(sampleTool({ slug: 'crm_edit', version: '1.0.0', aliases: [slug] }));
    shelf.put(sampleTool({ slug: 'crm_change', version: '1.0.0', aliases: [slug, 'crm_edit'] }));
    const dated = (version: string, name: string, channels: Toolkit['channels']): Toolkit => ({
      ...toolkit(version, ''),
      tools: { [name]: '1.0.0' },
      channels,
    });
    shelf.putToolkit(dated('2026-11-25', 'crm_edit', ['stable']));
    shelf.putToolkit(dated('2026-11-26', 'crm_change', []));
    expect(shelf.find(slug).tool.slug).toBe('crm_edit');
    shelf.putToolkit(dated('2026-11-26', 'crm_change', ['stable']));
    expect(shelf.find(slug).tool.slug).toBe('crm_change');
    expect(shelf.find('crm_edit').tool.slug).toBe('crm_change');
  });
});
