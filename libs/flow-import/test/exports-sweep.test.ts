import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { importFlow, type FlowImport } from '../src/index.js';
import { goldenCatalogue } from './catalogue.js';
import { exportsFolder, sampleExports } from './sample-exports.js';

const folder = exportsFolder();
const files = sampleExports();

/** How many nodes the export has, counted without the importer. */
function nodesIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + nodesIn(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  const record = value as Record<string, unknown>;
  if (Array.isArray(record['nodes'])) return record['nodes'].length;
  if (Array.isArray(record['zaps'])) {
    return record['zaps'].reduce<number>(
      (sum, zap) => sum + Object.keys((zap as { nodes: object }).nodes).length,
      0,
    );
  }
  const own = typeof record['module'] === 'string' ? 1 : 0;
  return (['flow', 'routes', 'branches', 'onerror'] as const).reduce(
    (sum, name) => sum + nodesIn(record[name]),
    own,
  );
}

if (folder === undefined) {
  console.warn('the sweep over sample exports did not run: set FLOW_EXPORTS to their folder');
  it('has no sample exports on this machine', () => {
    expect(files).toEqual([]);
  });
} else {
  const text = (name: string) => readFileSync(join(folder, name), 'utf8');
  const imports = new Map<string, FlowImport>(
    files.map((name) => [name, importFlow({ text: text(name), name, catalogue: goldenCatalogue })]),
  );

  describe('the sample exports', () => {
    it('all have states that add up to their nodes', () => {
      for (const [name, { report }] of imports) {
        const { translated, check, manual, dropped } = report.counts;
        expect([name, translated + check + manual + dropped]).toEqual([
          name,
          nodesIn(JSON.parse(text(name))),
        ]);
      }
    });

    it('give the same bytes again', () => {
      for (const [name, first] of imports) {
        expect(importFlow({ text: text(name), name, catalogue: goldenCatalogue })).toEqual(first);
      }
    });

    it('are counted', () => {
      const reports = [...imports.values()].map(({ report }) => report);
      const workflows = reports.flatMap((report) => report.workflows);
      const sum = (state: 'translated' | 'check' | 'manual' | 'dropped') =>
        reports.reduce((total, { counts }) => total + counts[state], 0);
      console.log(
        [
          `${reports.length} files, ${workflows.length} workflows`,
          `nodes: ${sum('translated')} translated, ${sum('check')} check, ${sum('manual')} manual, ${sum('dropped')} dropped`,
          `whole workflows: ${workflows.filter(({ counts }) => counts.manual === 0).length} of ${workflows.length}`,
        ].join('\n'),
      );
      expect(workflows.length).toBeGreaterThan(20);
    });
  });
}
