import { defined } from '@action-mesh/kernel';
import pg from 'pg';

import type { BenchMesh, BenchSetting } from '../bench-setting.js';
import { closedLoop, type Sample } from '../closed-loop.js';
import { twoCommits } from '../floors.js';
import { entryPaths, runOnMesh, type EntryPath, type Perform } from '../mesh-run.js';
import {
  cpuDuring,
  hasProc,
  noProc,
  serverProcesses,
  serviceProcesses,
  type CpuUsage,
} from '../process-usage/process-usage.js';
import { atLeast, atMost, type ResultRow, type Target } from '../result-row.js';
import { median, ratio, rounded } from '../statistics.js';

type Path = 'two commits' | EntryPath;

/** A run and its cost. */
export interface CostedSample extends Sample {
  readonly cpu: CpuUsage;
  readonly walBytes: number;
}

export type SamplesByPath = ReadonlyMap<Path, readonly CostedSample[]>;

/** A provider without delay shows the mesh. A provider with delay shows that a waiting call costs the mesh nothing. */
const delays = [
  { providerMs: 0, rounds: 3 },
  { providerMs: 20, rounds: 1 },
] as const;
const callsAt = { 64: 1_500, 256: 4_000 } as const;
type Concurrency = keyof typeof callsAt;
const concurrencies: readonly Concurrency[] = [64, 256];

/** Measures floor and mesh in closed loops, in rounds. */
export async function throughput(setting: BenchSetting, mesh: BenchMesh): Promise<ResultRow[]> {
  return setting.with(async (open) => {
    const floor = await twoCommits(setting.floorContext(open));
    const wal = open.add(new pg.Client({ connectionString: mesh.databaseUrl }), (used) => used.end());
    await wal.connect();
    const rows: ResultRow[] = [];
    for (const { providerMs, rounds } of delays) {
      await setting.delayProvider(providerMs);
      for (const concurrency of concurrencies) {
        const samples = await inRounds(setting, mesh, { floor, wal, concurrency, providerMs, rounds });
        rows.push(...speedRows(mesh.form, providerMs, concurrency, samples));
        if (providerMs === 0 && concurrency === 256) rows.push(...costRows(mesh.form, samples));
      }
    }
    return rows;
  });
}

interface Rounds {
  readonly floor: Perform;
  readonly wal: pg.Client;
  readonly concurrency: Concurrency;
  readonly providerMs: number;
  readonly rounds: number;
}

async function inRounds(
  setting: BenchSetting,
  mesh: BenchMesh,
  { floor, wal, concurrency, providerMs, rounds }: Rounds,
): Promise<SamplesByPath> {
  const processes = new Map([...serviceProcesses(mesh), ...serverProcesses(setting)]);
  const samples = new Map<Path, CostedSample[]>();
  const calls = setting.calls(callsAt[concurrency], concurrency);
  const measure = async (perform: Perform): Promise<CostedSample> => {
    let cost: Pick<CostedSample, 'cpu' | 'walBytes'> | undefined;
    const sample = await closedLoop(concurrency, calls, perform, setting.signal, async (run) => {
      const walBefore = await walPosition(wal);
      const { used } = await cpuDuring(processes, run);
      cost = { cpu: used, walBytes: (await walPosition(wal)) - walBefore };
    });
    return { ...sample, cpu: cost?.cpu ?? new Map<string, number>(), walBytes: cost?.walBytes ?? NaN };
  };
  for (let round = 1; round <= rounds; round += 1) {
    for (const path of ['two commits', ...entryPaths] as const) {
      const sample = await (path === 'two commits'
        ? measure(floor)
        : runOnMesh(setting, mesh, path, measure));
      samples.set(path, [...(samples.get(path) ?? []), sample]);
      setting.say(
        `  ${mesh.form}, ${concurrency} at once, provider ${providerMs} ms, round ${round}: ` +
          `${path.padEnd(11)} ${sample.perSecond}/s, p50 ${sample.p50Ms} ms, p99 ${sample.p99Ms} ms`,
      );
    }
  }
  return samples;
}

/** Calls a second as ratios to the floor; medians over the rounds. */
export function speedRows(
  form: string,
  providerMs: number,
  concurrency: Concurrency,
  samples: SamplesByPath,
): ResultRow[] {
  const section = `${concurrency} at once, provider ${providerMs} ms, ${form}`;
  const perSecond = (path: Path): number => median((samples.get(path) ?? []).map((each) => each.perSecond));
  const floor = perSecond('two commits');
  return [
    { section, name: 'two commits', figure: floor, unit: 'calls/s' },
    ...entryPaths.map((entry): ResultRow => {
      const target = providerMs === 0 ? targetOf(form, entry, concurrency) : undefined;
      return {
        section,
        name: `${entry} over the two commits`,
        figure: ratio(perSecond(entry), floor),
        unit: '×',
        ...defined({ target }),
        note: `${perSecond(entry)} calls/s`,
      };
    }),
  ];
}

function targetOf(form: string, entry: EntryPath, concurrency: Concurrency): Target {
  if (concurrency === 64) return atLeast(0.8);
  if (entry === 'Kafka') return atLeast(1.3);
  return atLeast(form === 'one process' ? 1 : 1.2);
}

/** CPU and write-ahead log of one call; medians over the rounds. */
export function costRows(form: string, samples: SamplesByPath): ResultRow[] {
  const section = `one call of 256 at once, ${form}`;
  const aCall = (path: Path, read: (sample: CostedSample) => number): number =>
    rounded(median((samples.get(path) ?? []).map((sample) => read(sample) / sample.calls)));
  const cpuRows = entryPaths.map((entry): ResultRow => {
    const name = `${entry}, CPU of services and servers`;
    const target = atMost(entry === 'HTTP' ? 1.05 : 0.9);
    if (!hasProc) return { section, name, unit: 'ms', target, note: noProc };
    const names = [...(samples.get(entry)?.[0]?.cpu.keys() ?? [])];
    const note = names
      .map((process) => `${process} ${aCall(entry, ({ cpu }) => cpu.get(process) ?? NaN)}`)
      .join(', ');
    const figure = aCall(entry, ({ cpu }) => [...cpu.values()].reduce((sum, ms) => sum + ms, 0));
    return { section, name, figure, unit: 'ms', target, note };
  });
  const kb = (path: Path): number => aCall(path, ({ walBytes }) => walBytes / 1_000);
  return [
    ...cpuRows,
    { section, name: 'two commits, write-ahead log', figure: kb('two commits'), unit: 'kB' },
    ...entryPaths.map(
      (entry): ResultRow => ({
        section,
        name: `${entry}, write-ahead log`,
        figure: kb(entry),
        unit: 'kB',
        target: atMost(2.6),
      }),
    ),
  ];
}

async function walPosition(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ bytes: string }>(
    `SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn AS bytes`,
  );
  return Number(rows[0]?.bytes);
}
