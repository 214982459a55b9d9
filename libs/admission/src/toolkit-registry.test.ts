import { sampleTool } from '@action-mesh/testing';
import type { Toolkit } from '@action-mesh/contracts/catalog';

import { ToolRegistry } from './tool-registry.js';

const slug = 'crm_update_contact';

function toolkit(version: string, tool: string, channels: Toolkit['channels'] = []): Toolkit {
  return { toolkit: sampleTool().toolkit, version, tools: { [slug]: tool }, channels };
}

const versionOf = (registry: ToolRegistry, selector?: string): string =>
  registry.find(slug, selector).tool.version;
const fixed = (fix: string): Error => expect.objectContaining({ fix }) as Error;
const absent = expect.objectContaining({ refusal: 'tool_version_not_found' }) as Error;

describe('dated toolkits in the registry', () => {
  function registryWith(...versions: string[]): ToolRegistry {
    const registry = new ToolRegistry();
    for (const version of versions) registry.put(sampleTool({ version }));
    return registry;
  }

  it('keep calls without a pinned version at the channel stable (T1)', () => {
    const registry = registryWith('1.0.0', '2.0.0');
    expect(versionOf(registry)).toBe('2.0.0');
    registry.putToolkit(toolkit('2026-11-24', '1.0.0', ['stable']));
    registry.putToolkit(toolkit('2026-11-25', '2.0.0', ['latest']));
    expect([undefined, 'stable', 'latest'].map((selector) => versionOf(registry, selector))).toEqual([
      '1.0.0',
      '1.0.0',
      '2.0.0',
    ]);
    expect(registry.stableOfEach().map(({ version }) => version)).toEqual(['1.0.0']);
  });

  it('are pinned by their date', () => {
    const registry = registryWith('1.0.0', '2.0.0');
    registry.putToolkit(toolkit('2026-11-24', '1.0.0'));
    registry.putToolkit(toolkit('2026-11-24.2', '2.0.0'));
    expect(versionOf(registry, '2026-11-24')).toBe('1.0.0');
    expect(versionOf(registry, '2026-11-24.2')).toBe('2.0.0');
    expect(() => registry.find(slug, '2026-11-23')).toThrow(absent);
    expect(registry.toolkitVersions(sampleTool().toolkit).map(({ version }) => version)).toEqual([
      '2026-11-24.2',
      '2026-11-24',
    ]);
  });

  it('refuse latest if no toolkit has that channel', () => {
    const registry = registryWith('1.0.0');
    registry.putToolkit(toolkit('2026-11-24', '1.0.0', ['stable']));
    expect(() => registry.find(slug, 'latest')).toThrow(absent);
  });

  it('are followed after their tools have arrived, until one is withdrawn (T3)', () => {
    const registry = registryWith('1.0.0');
    registry.putToolkit(toolkit('2026-11-24', '1.0.0', ['stable']));
    registry.putToolkit(toolkit('2026-11-25', '1.1.0', ['stable']));
    expect(versionOf(registry)).toBe('1.0.0');
    registry.put(sampleTool({ version: '1.1.0' }));
    expect(versionOf(registry)).toBe('1.1.0');
    registry.remove(`${slug}@1.1.0`);
    expect(versionOf(registry)).toBe('1.0.0');
  });

  it('follow a channel back to an older date', () => {
    const registry = registryWith('1.0.0', '1.1.0');
    registry.putToolkit(toolkit('2026-11-25', '1.1.0', ['stable']));
    registry.putToolkit(toolkit('2026-11-24', '1.0.0', ['stable']));
    expect(versionOf(registry)).toBe('1.1.0');
    registry.putToolkit(toolkit('2026-11-25', '1.1.0'));
    expect(versionOf(registry)).toBe('1.0.0');
    registry.removeToolkit(`${sampleTool().toolkit}@2026-11-24`);
    expect(versionOf(registry)).toBe('1.1.0');
  });

  it('do not offer a tool that their stable version lacks', () => {
    const registry = registryWith('1.0.0');
    registry.putToolkit({ ...toolkit('2026-11-24', '1.0.0', ['stable']), tools: {} });
    expect(() => registry.find(slug)).toThrow(absent);
    expect(() => registry.find(slug)).toThrow(
      fixed('No date of its toolkit holds it, and stable stands at 2026-11-24: pin the version 1.0.0.'),
    );
  });

  it.each([undefined, 'stable', 'latest', '7.0.0', '2026-11-01'])(
    'name the date with a tool that the stable version lacks, when a call asks for %s',
    (selector) => {
      const registry = registryWith('1.0.0', '1.1.0');
      registry.putToolkit({ ...toolkit('2026-11-28.2', '', ['stable']), tools: {} });
      registry.putToolkit(toolkit('2026-11-28.4', '1.0.0'));
      registry.putToolkit(toolkit('2026-11-28.5', '1.1.0'));
      // The tool's version 1.2.0 has not arrived, so this date does not hold the tool yet.
      registry.putToolkit(toolkit('2026-11-29', '1.2.0'));
      expect(() => registry.find(slug, selector)).toThrow(
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
      expect(versionOf(registry, '2026-11-28.5')).toBe('1.1.0');
    },
  );

  it('name that date also for a former name of the tool', () => {
    const registry = registryWith();
    registry.put(sampleTool({ version: '1.1.0', aliases: ['crm_edit_contact'] }));
    registry.putToolkit({ ...toolkit('2026-11-28', '', ['stable']), tools: {} });
    registry.putToolkit(toolkit('2026-11-29', '1.1.0'));
    expect(() => registry.find('crm_edit_contact')).toThrow(
      fixed('It is in 2026-11-29, and stable stands at 2026-11-28: pin that date, or move stable.'),
    );
  });

  it('suggest leaving the version out only if that helps', () => {
    const registry = registryWith('1.0.0');
    registry.putToolkit(toolkit('2026-11-28', '1.0.0', ['stable']));
    const orLeaveItOut = expect.stringContaining('leave the version out') as string;
    expect(() => registry.find(slug, '7.0.0')).toThrow(fixed(orLeaveItOut));
    expect(() => registry.find(slug, 'latest')).toThrow(fixed(orLeaveItOut));
  });

  it('lead from a former name to the tool that the stable toolkit holds instead (T2)', () => {
    const registry = registryWith('1.0.0');
    registry.put(sampleTool({ slug: 'crm_edit_contact', version: '1.0.0', aliases: [slug] }));
    registry.putToolkit({
      ...toolkit('2026-11-25', ''),
      tools: { crm_edit_contact: '1.0.0' },
      channels: ['stable'],
    });
    expect(registry.find(slug).tool.slug).toBe('crm_edit_contact');
    expect(registry.find(slug, '1.0.0').tool.slug).toBe(slug);
  });

  it("lead from a former name to the tool in stable, although a later date's tool claims it (T2)", () => {
    const registry = registryWith();
    registry.put(sampleTool({ slug: 'crm_edit', version: '1.0.0', aliases: [slug] }));
    registry.put(sampleTool({ slug: 'crm_change', version: '1.0.0', aliases: [slug, 'crm_edit'] }));
    const dated = (version: string, name: string, channels: Toolkit['channels']): Toolkit => ({
      ...toolkit(version, ''),
      tools: { [name]: '1.0.0' },
      channels,
    });
    registry.putToolkit(dated('2026-11-25', 'crm_edit', ['stable']));
    registry.putToolkit(dated('2026-11-26', 'crm_change', []));
    expect(registry.find(slug).tool.slug).toBe('crm_edit');
    registry.putToolkit(dated('2026-11-26', 'crm_change', ['stable']));
    expect(registry.find(slug).tool.slug).toBe('crm_change');
    expect(registry.find('crm_edit').tool.slug).toBe('crm_change');
  });
});
