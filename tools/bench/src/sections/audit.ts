import { Client } from 'pg';
import { waitFor } from '@action-mesh/testing';

import type { BenchMesh, BenchSetting } from '../bench-setting.js';
import { closedLoop } from '../closed-loop.js';
import { runOnMesh, settleIn } from '../mesh-run.js';
import { cpuDuring, hasProc, noProc } from '../process-usage/process-usage.js';
import { atLeast, type ResultRow } from '../result-row.js';
import { median, ratio, rounded } from '../statistics.js';

const section = 'audit, 256 at once, four processes';
const concurrency = 256;
const callsOfRound = 4_000;
const rounds = 3;

/**
 * Measures the calls whose history audit writes in a second of CPU, while it catches up, and what calls lose when audit is down
 * and has to catch up later.
 */
export async function audit(setting: BenchSetting): Promise<ResultRow[]> {
  if (!hasProc) return [{ section, name: 'calls for a second of CPU of audit', unit: '/s', note: noProc }];
  await setting.delayProvider(0);
  return setting.with(async (open) => {
    const mesh = await setting.mesh('four processes', open);
    await mesh.processes.startAll();
    await settleIn(setting, mesh);
    const never = await rate(setting, mesh, 'never started');
    await mesh.processes.start('audit');
    await caughtUp(mesh);
    const [perCpuSecond, down]: [number[], number[]] = [[], []];
    for (let round = 1; round <= rounds; round += 1) {
      await mesh.processes.stop('audit');
      down.push(await rate(setting, mesh, 'down'));
      await mesh.processes.start('audit');
      const { used } = await cpuDuring(new Map([['audit', mesh.processes.pidOf('audit')]]), () =>
        caughtUp(mesh),
      );
      // With the calls that warm the loop up.
      const calls = 1.1 * setting.calls(callsOfRound, concurrency);
      perCpuSecond.push((calls * 1_000) / (used.get('audit') ?? Number.NaN));
      setting.say(
        `  audit, round ${round}: ${rounded(perCpuSecond.at(-1) ?? 0)} calls for a second of its CPU`,
      );
    }
    return [
      {
        section,
        name: 'calls for a second of CPU of audit, while it catches up',
        figure: rounded(median(perCpuSecond)),
        unit: '/s',
        target: atLeast(3_000),
      },
      {
        section,
        name: 'calls a second with audit down, over those before its first start',
        figure: ratio(median(down), never),
        unit: '×',
        target: atLeast(0.9),
      },
    ];
  });
}

async function rate(setting: BenchSetting, mesh: BenchMesh, state: string): Promise<number> {
  const calls = setting.calls(callsOfRound, concurrency);
  const { perSecond } = await runOnMesh(setting, mesh, 'HTTP', (perform) =>
    closedLoop(concurrency, calls, perform, setting.signal),
  );
  setting.say(`  audit ${state}: ${rounded(perSecond)} calls a second`);
  return perSecond;
}

/** Resolves when the history has not grown for two seconds. */
async function caughtUp({ databaseUrl }: BenchMesh): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    let [last, sinceMs] = [-1, performance.now()];
    await waitFor(
      async () => {
        const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM audit.entry');
        const count = Number(rows[0]?.count ?? 0);
        if (count !== last) [last, sinceMs] = [count, performance.now()];
        return count > 0 && performance.now() - sinceMs > 2_000;
      },
      { what: 'audit to catch up', timeoutMs: 180_000, intervalMs: 200 },
    );
  } finally {
    await client.end();
  }
}
