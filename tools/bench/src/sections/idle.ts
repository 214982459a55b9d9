import { setTimeout as delay } from 'node:timers/promises';

import type { BenchMesh, BenchSetting } from '../bench-setting.js';
import {
  cpuDuring,
  hasProc,
  isServer,
  noProc,
  residentMb,
  serverProcesses,
  serviceProcesses,
  type CpuUsage,
  type Processes,
} from '../process-usage/process-usage.js';
import { atMost, type ResultRow } from '../result-row.js';
import { rounded } from '../statistics.js';

const settleMs = 5_000;
const watchMs = 10_000;

/** The work of processes without calls. */
export interface IdleSample {
  readonly form: string;
  /** Percent of a core by process. */
  readonly cpu: CpuUsage;
  readonly residentMb: ReadonlyMap<string, number>;
}

export async function idleMesh(setting: BenchSetting, mesh: BenchMesh): Promise<IdleSample> {
  return idle(setting, mesh.form, new Map([...serviceProcesses(mesh), ...serverProcesses(setting)]));
}

/** Measures the servers without a mesh. Their own background work does not count for the mesh. */
export async function idleServers(setting: BenchSetting): Promise<IdleSample> {
  return idle(setting, 'servers alone', serverProcesses(setting));
}

async function idle(setting: BenchSetting, form: string, processes: Processes): Promise<IdleSample> {
  const { scale } = setting.options;
  const wait = (ms: number): Promise<void> =>
    delay(Math.max(1_000, ms * Math.min(1, scale)), undefined, { signal: setting.signal });
  setting.say(`  ${form}: idle`);
  await wait(settleMs);
  const startedAtMs = performance.now();
  const { used } = await cpuDuring(processes, () => wait(watchMs));
  const tookMs = performance.now() - startedAtMs;
  const percent = (ms: number): number => rounded((100 * ms) / tookMs);
  return {
    form,
    cpu: new Map([...used].map(([name, ms]) => [name, percent(ms)])),
    residentMb: new Map(hasProc ? [...processes].map(([name, pid]) => [name, residentMb(pid)]) : []),
  };
}

/** Rows with the CPU of the services and their share of PostgreSQL and Kafka, and with the memory of the services. */
export function idleRows(samples: readonly IdleSample[], alone: IdleSample): ResultRow[] {
  return samples.flatMap((sample): ResultRow[] => {
    const section = `idle, ${sample.form}`;
    const cpuName = 'services, and their share of PostgreSQL and Kafka';
    const cpuTarget = atMost(3);
    const memoryTarget = sample.form === 'one process' ? { target: atMost(300) } : {};
    const memoryName = 'memory of the services';
    if (sample.cpu.size === 0)
      return [
        { section, name: cpuName, unit: '% of a core', target: cpuTarget, note: noProc },
        { section, name: memoryName, unit: 'MB', ...memoryTarget, note: noProc },
      ];
    const added = [...sample.cpu].map(([name, percent]) => percent - (alone.cpu.get(name) ?? 0));
    const memory = [...sample.residentMb].filter(([name]) => !isServer(name));
    const before = [...alone.cpu].map(([name, percent]) => `${name} alone ${percent}`);
    return [
      {
        section,
        name: cpuName,
        figure: rounded(sum(added)),
        unit: '% of a core',
        target: cpuTarget,
        note: [...listed(sample.cpu), ...before].join(', '),
      },
      {
        section,
        name: memoryName,
        figure: sum(memory.map(([, mb]) => mb)),
        unit: 'MB',
        ...memoryTarget,
        note: listed(sample.residentMb).join(', '),
      },
    ];
  });
}

function listed(values: ReadonlyMap<string, number>): string[] {
  return [...values].map(([name, value]) => `${name} ${value}`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
