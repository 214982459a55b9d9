import { OpenResources } from '@action-mesh/platform';

import { BenchSetting, type BenchMesh, type BenchOptions, type MeshForm } from './bench-setting.js';
import { settleIn } from './mesh-run.js';
import type { SectionName } from './options.js';
import { atMost, type ResultRow } from './result-row.js';
import { approvals } from './sections/approvals.js';
import { audit } from './sections/audit.js';
import { coldStart } from './sections/cold-start.js';
import { credentials } from './sections/credentials.js';
import { doors } from './sections/doors.js';
import { floorRuns } from './sections/floor-runs.js';
import { flows } from './sections/flows.js';
import { growth } from './sections/growth.js';
import { idleMesh, idleRows, idleServers, type IdleSample } from './sections/idle.js';
import { largeCatalog } from './sections/large-catalog.js';
import { lowLoad } from './sections/low-load.js';
import { streams } from './sections/streams.js';
import { takeover } from './sections/takeover.js';
import { telemetry } from './sections/telemetry.js';
import { throughput } from './sections/throughput.js';

interface BenchReport {
  readonly rows: readonly ResultRow[];
  readonly lost: number;
  readonly duplicated: number;
}

/** The chosen sections and their size. */
interface BenchPlan {
  readonly sections: ReadonlySet<SectionName>;
  /** The number of calls in the ledger after growth. */
  readonly growthRows: number;
}

const sectionsOf: Readonly<Record<MeshForm, readonly SectionName[]>> = {
  'four processes': [
    'cold-start',
    'low-load',
    'throughput',
    'credentials',
    'streams',
    'doors',
    'approvals',
    'idle',
    'growth',
    'large-catalog',
  ],
  'one process': ['cold-start', 'low-load', 'throughput', 'idle'],
};

/** Measures floors and mesh in one run, on the same machine in the same state. Leaves nothing running. */
export async function runBench(options: BenchOptions, plan: BenchPlan): Promise<BenchReport> {
  const open = new OpenResources();
  try {
    return await new Bench(await BenchSetting.start(options, open), plan).run();
  } finally {
    await open.close();
  }
}

class Bench {
  readonly #rows: ResultRow[] = [];
  readonly #idle: IdleSample[] = [];

  readonly #setting: BenchSetting;
  readonly #plan: BenchPlan;

  constructor(setting: BenchSetting, plan: BenchPlan) {
    this.#setting = setting;
    this.#plan = plan;
  }

  async run(): Promise<BenchReport> {
    const setting = this.#setting;
    await this.#section('floors', () => floorRuns(setting));
    await this.#mesh('four processes');
    const alone = this.#plan.sections.has('idle') ? await idleServers(setting) : undefined;
    await this.#mesh('one process');
    if (alone !== undefined) this.#rows.push(...idleRows(this.#idle, alone));
    await this.#section('takeover', () => takeover(setting));
    await this.#section('telemetry', () => telemetry(setting));
    await this.#section('audit', () => audit(setting));
    await this.#section('flows', () => flows(setting));
    const { lost, duplicated } = setting.effects;
    const effects = [
      ['lost', lost],
      ['duplicated', duplicated],
    ] as const;
    for (const [name, figure] of effects)
      this.#rows.push({ section: 'effects', name, figure, unit: '', target: atMost(0) });
    return { rows: this.#rows, lost, duplicated };
  }

  async #section(name: SectionName, measure: () => Promise<ResultRow[]>): Promise<void> {
    if (!this.#plan.sections.has(name)) return;
    this.#setting.signal.throwIfAborted();
    this.#rows.push(...(await measure()));
  }

  /** Starts a mesh, and runs the chosen sections on it: new processes first, 2,000 tools last. */
  async #mesh(form: MeshForm): Promise<void> {
    const setting = this.#setting;
    const chosen = sectionsOf[form].filter((name) => this.#plan.sections.has(name));
    if (chosen.length === 0) return;
    await setting.with(async (open) => {
      const mesh = await setting.mesh(form, open);
      await startMesh(mesh);
      await this.#section('cold-start', () => coldStart(setting, mesh));
      if (chosen.every((name) => name === 'cold-start')) return;
      await settleIn(setting, mesh);
      await this.#section('low-load', () => lowLoad(setting, mesh));
      await this.#section('throughput', () => throughput(setting, mesh));
      if (form === 'four processes') {
        await this.#section('credentials', () => credentials(setting, mesh));
        await this.#section('streams', () => streams(setting, mesh));
        await this.#section('doors', () => doors(setting, mesh));
        await this.#section('approvals', () => approvals(setting, mesh));
      }
      if (this.#plan.sections.has('idle')) this.#idle.push(await idleMesh(setting, mesh));
      if (form === 'one process') return;
      await this.#section('growth', () => growth(setting, mesh, this.#plan.growthRows));
      await this.#section('large-catalog', () => largeCatalog(setting, mesh));
    });
  }
}

async function startMesh({ form, processes }: BenchMesh): Promise<void> {
  await (form === 'one process' ? processes.start('all') : processes.startAll());
}
