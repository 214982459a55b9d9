import { OpenResources } from '@action-mesh/platform';

import { BenchSetting, type BenchMesh, type BenchOptions, type MeshForm } from './bench-setting.js';
import { settleIn } from './mesh-run.js';
import type { ResultRow } from './result-row.js';
import { lowLoad } from './sections/low-load.js';

export const sectionNames = ['low-load'] as const;
export type SectionName = (typeof sectionNames)[number];

export interface SectionReport {
  readonly rows: readonly ResultRow[];
  readonly lost: number;
  readonly duplicated: number;
}

const forms: readonly MeshForm[] = ['four processes', 'one process'];

/** Measures floors and mesh in one run, on the same machine in the same state. Leaves nothing running. */
export async function runSections(options: BenchOptions): Promise<SectionReport> {
  const open = new OpenResources();
  try {
    const setting = await BenchSetting.start(options, open);
    const rows: ResultRow[] = [];
    for (const form of forms) {
      rows.push(
        ...(await setting.with(async (ownOpen) => {
          const mesh = await setting.mesh(form, ownOpen);
          await startMesh(mesh);
          await settleIn(setting, mesh);
          return lowLoad(setting, mesh);
        })),
      );
    }
    const { lost, duplicated } = setting.effects;
    return { rows, lost, duplicated };
  } finally {
    await open.close();
  }
}

async function startMesh({ form, processes }: BenchMesh): Promise<void> {
  await (form === 'one process' ? processes.start('all') : processes.startAll());
}
