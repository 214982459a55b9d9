import { OtlpReceiver } from '@action-mesh/testing';

import type { BenchMesh, BenchSetting } from '../bench-setting.js';
import { closedLoop } from '../closed-loop.js';
import { runOnMesh, settleIn } from '../mesh-run.js';
import { cpuDuring, hasProc, isServer, noProc, serviceProcesses } from '../process-usage/process-usage.js';
import { atMost, type ResultRow } from '../result-row.js';
import { median, ratio, rounded } from '../statistics.js';

const concurrency = 256;
const callsOfRound = 4_000;
const rounds = 3;
const section = 'telemetry, 256 at once, four processes';

type Way = 'off' | 'on';

/**
 * Measures the CPU of the services for one call without telemetry, and with all spans sent to a receiver on this machine. The
 * two meshes take turns, so both see the same state of the machine.
 */
export async function telemetry(setting: BenchSetting): Promise<ResultRow[]> {
  if (!hasProc) return [{ section, name: 'CPU of services for a call', unit: 'ms', note: noProc }];
  await setting.delayProvider(0);
  return setting.with(async (open) => {
    const receiver = open.use(await OtlpReceiver.open());
    receiver.keeps = false;
    const meshes: Readonly<Record<Way, BenchMesh>> = {
      off: await setting.mesh('four processes', open),
      on: await setting.mesh('four processes', open, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }),
    };
    for (const mesh of Object.values(meshes)) {
      await mesh.processes.startAll();
      await settleIn(setting, mesh);
    }
    const cpuMs: Record<Way, number[]> = { off: [], on: [] };
    for (let round = 1; round <= rounds; round += 1)
      for (const way of ['off', 'on'] as const) {
        const ms = await cpuOfCall(setting, meshes[way]);
        cpuMs[way].push(ms);
        setting.say(`  telemetry ${way}, round ${round}: ${rounded(ms)} ms of CPU for a call`);
      }
    const [off, on] = [median(cpuMs.off), median(cpuMs.on)];
    return [
      { section, name: 'CPU of services for a call, off', figure: rounded(off), unit: 'ms' },
      { section, name: 'CPU of services for a call, on', figure: rounded(on), unit: 'ms' },
      { section, name: 'on over off', figure: ratio(on, off), unit: '×', target: atMost(1.1) },
      { section, name: 'requests to the receiver', figure: receiver.received, unit: '' },
    ];
  });
}

async function cpuOfCall(setting: BenchSetting, mesh: BenchMesh): Promise<number> {
  const calls = setting.calls(callsOfRound, concurrency);
  const { used } = await cpuDuring(serviceProcesses(mesh), () =>
    runOnMesh(setting, mesh, 'HTTP', (perform) => closedLoop(concurrency, calls, perform, setting.signal)),
  );
  return [...used].reduce((sum, [name, ms]) => (isServer(name) ? sum : sum + ms), 0) / calls;
}
