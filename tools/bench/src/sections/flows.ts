import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import { waitFor } from '@action-mesh/testing';

import type { BenchMesh, BenchSetting } from '../bench-setting.js';
import { closedLoop } from '../closed-loop.js';
import { runOnMesh, settleIn } from '../mesh-run.js';
import { hasProc, noProc, residentMb } from '../process-usage/process-usage.js';
import { atMost, type ResultRow } from '../result-row.js';
import { median, rounded } from '../statistics.js';

const folder = fileURLToPath(new URL('../flows', import.meta.url));
const section = 'flows, four processes';
const steps = 200;
const rounds = 3;
const sleepers = 10_000;

/**
 * Measures what a flow adds to its calls: a run makes them one after the other, and a Kafka caller does the same. Then many
 * runs sleep.
 */
export async function flows(setting: BenchSetting): Promise<ResultRow[]> {
  await setting.delayProvider(0);
  return setting.with(async (open) => {
    const mesh = await setting.mesh('four processes', open);
    await mesh.processes.start('flows', { FLOWS: folder });
    await mesh.processes.startAll();
    await settleIn(setting, mesh);
    const direct: number[] = [];
    const inFlow: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      direct.push(await directMs(setting, mesh));
      inFlow.push(await flowMs(mesh));
      setting.say(
        `  flows, round ${round}: ${rounded(direct.at(-1) ?? 0)} and ${rounded(inFlow.at(-1) ?? 0)} ms for a call`,
      );
    }
    return [
      {
        section,
        name: 'a call straight through Kafka, one at a time',
        figure: rounded(median(direct)),
        unit: 'ms',
      },
      {
        section,
        name: 'added by a step of a flow',
        figure: rounded(median(inFlow) - median(direct)),
        unit: 'ms',
        target: atMost(1),
      },
      ...(await sleeping(setting, mesh)),
    ];
  });
}

async function directMs(setting: BenchSetting, mesh: BenchMesh): Promise<number> {
  const { perSecond } = await runOnMesh(setting, mesh, 'Kafka', (perform) =>
    closedLoop(1, steps, perform, setting.signal),
  );
  // One submission in twenty is a duplicate, which makes no request.
  return 1_000 / (perSecond * 0.95);
}

async function flowMs(mesh: BenchMesh): Promise<number> {
  const startedAtMs = performance.now();
  const id = await started(mesh, 'bench-steps', { text: randomUUID(), steps });
  await waitFor(async () => (await asked(mesh, 'GET', `/v1/flow-runs/${id}`))['state'] === 'succeeded', {
    what: 'the end of a run',
    timeoutMs: 120_000,
    intervalMs: 50,
  });
  return (performance.now() - startedAtMs) / steps;
}

async function sleeping(setting: BenchSetting, mesh: BenchMesh): Promise<ResultRow[]> {
  const name = 'memory of 10,000 runs that sleep';
  if (!hasProc) return [{ section, name, unit: 'MB', note: noProc }];
  const pid = mesh.processes.pidOf('flows');
  const before = residentMb(pid);
  const count = setting.calls(sleepers, 10);
  await closedLoop(32, count, () => started(mesh, 'bench-sleep', {}).then(() => undefined), setting.signal);
  await waitFor(async () => (await awake(mesh)) === 0, {
    what: 'all runs to sleep',
    timeoutMs: 120_000,
    intervalMs: 500,
  });
  return [{ section, name, figure: rounded(residentMb(pid) - before), unit: 'MB', target: atMost(50) }];
}

/** The newest runs that have not begun to sleep. */
async function awake(mesh: BenchMesh): Promise<number> {
  const { runs } = (await asked(mesh, 'GET', '/v1/flow-runs?flow=bench-sleep&limit=200')) as {
    runs: { wakes_at?: string }[];
  };
  const soon = new Date(Date.now() + 86_400_000).toISOString();
  return runs.filter(({ wakes_at: at = '' }) => at < soon).length;
}

async function started(mesh: BenchMesh, flow: string, input: object): Promise<string> {
  return String((await asked(mesh, 'POST', `/v1/flows/${flow}/runs`, { key: randomUUID(), input }))['id']);
}

async function asked(
  { processes }: BenchMesh,
  method: string,
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const answer = await fetch(`${processes.gatewayUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${processes.apiKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}
