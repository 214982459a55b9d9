import { waitFor } from '@action-mesh/testing';

import type { BenchMesh, BenchSetting } from '../bench-setting.js';
import { closedLoop, type Sample } from '../closed-loop.js';
import { httpLoad } from '../mesh-load.js';
import { cpuDuring, hasProc } from '../process-usage/process-usage.js';
import { atLeast, atMost, type ResultRow } from '../result-row.js';
import { StreamReaders } from '../stream-readers.js';
import { median, ratio, rounded } from '../statistics.js';

const readerCount = 1_000;
const concurrency = 64;
const callsOfRound = 3_000;
const rounds = 5;
/** The calls of one user, each told to a thousand readers. */
const callsToAll = 100;

/** The readers of one run. */
type Readers = 'none' | 'own user' | 'nobody';

/** A run with the CPU time that one call costs the gateway. */
interface CountedSample extends Sample {
  readonly gatewayMs: number;
}

/**
 * Measures calls with a thousand readers of outcomes at the gateway: each reads its own user, so every outcome has one
 * reader. The readers share the machine with the mesh.
 */
export async function streams(setting: BenchSetting, mesh: BenchMesh): Promise<ResultRow[]> {
  await setting.delayProvider(0);
  const samples: Record<Readers, CountedSample[]> = { none: [], nobody: [], 'own user': [] };
  let missing = 0;
  for (let round = 0; round < rounds; round += 1) {
    // The order turns, so that a machine that slows down harms no kind.
    const kinds: readonly Readers[] = ['none', 'own user', 'nobody'];
    for (let turn = 0; turn < kinds.length; turn += 1) {
      const kind = kinds[(round + turn) % kinds.length] ?? 'none';
      const { sample, lost } = await run(setting, mesh, kind);
      samples[kind].push(sample);
      missing += lost;
      setting.say(
        `  ${concurrency} at once, readers: ${kind.padEnd(8)} ${sample.perSecond}/s, p50 ${sample.p50Ms} ms, gateway ${sample.gatewayMs.toFixed(2)} ms a call`,
      );
    }
  }
  const toAll = await broadcast(setting, mesh);
  const section = `${readerCount.toLocaleString('en')} readers of outcomes, four processes`;
  const perSecond = (kind: Readers): number => median(samples[kind].map((each) => each.perSecond));
  return [
    { section, name: 'calls without readers', figure: perSecond('none'), unit: 'calls/s' },
    {
      section,
      name: 'each outcome has one reader, over none',
      figure: ratio(perSecond('own user'), perSecond('none')),
      unit: '×',
      target: atLeast(0.9),
      note: `${perSecond('own user')} calls/s`,
    },
    {
      section,
      name: 'no outcome has a reader, over none',
      figure: ratio(perSecond('nobody'), perSecond('none')),
      unit: '×',
      target: atLeast(0.9),
      note: `${perSecond('nobody')} calls/s`,
    },
    ...(hasProc ? cpuRows(section, samples) : []),
    { section, name: 'missing outcomes', figure: missing, unit: '', target: atMost(0) },
    { section, name: 'one outcome for all of them', figure: toAll, unit: 'events/s' },
  ];
}

/** The load of other programs changes the calls a second, and hardly the CPU time of a call. */
function cpuRows(section: string, samples: Record<Readers, readonly CountedSample[]>): ResultRow[] {
  const kinds: readonly Readers[] = ['none', 'nobody', 'own user'];
  return kinds.map((kind) => ({
    section,
    name: `CPU of the gateway for a call, readers: ${kind}`,
    figure: rounded(median(samples[kind].map(({ gatewayMs }) => gatewayMs))),
    unit: 'ms',
  }));
}

async function run(
  setting: BenchSetting,
  { processes }: BenchMesh,
  kind: Readers,
): Promise<{ readonly sample: CountedSample; readonly lost: number }> {
  return setting.with(async (open) => {
    const readers = open.use(new StreamReaders());
    const user = (index: number): string => `?user_id=${kind === 'own user' ? 'user' : 'nobody'}-${index}`;
    const queries = Array.from({ length: kind === 'none' ? 0 : readerCount }, (_, index) => user(index));
    await readers.open(processes.gatewayUrl, processes.apiKey, queries);
    const load = httpLoad(processes, open, readerCount);
    let performed = 0;
    const perform = (index: number): Promise<void> => {
      performed += 1;
      return load.perform(index);
    };
    const calls = setting.calls(callsOfRound, concurrency);
    let gatewayMs = NaN;
    const loop = await setting.effects.around(setting.provider, load, setting.say, () =>
      closedLoop(concurrency, calls, perform, setting.signal, async (measured) => {
        const gateway = new Map([['gateway', processes.pidOf('gateway')]]);
        const { used } = await cpuDuring(gateway, measured);
        gatewayMs = (used.get('gateway') ?? NaN) / calls;
      }),
    );
    const sample: CountedSample = { ...loop, gatewayMs };
    const expected = kind === 'own user' ? performed : 0;
    await waitFor(() => readers.outcomes >= expected, { what: 'the outcomes', timeoutMs: 10_000 }).catch(
      () => undefined,
    );
    return { sample, lost: expected - readers.outcomes + readers.ended };
  });
}

/** Events a second when each outcome goes to all readers. */
async function broadcast(setting: BenchSetting, { processes }: BenchMesh): Promise<number> {
  return setting.with(async (open) => {
    const readers = open.use(new StreamReaders());
    await readers.open(
      processes.gatewayUrl,
      processes.apiKey,
      Array.from({ length: readerCount }, () => ''),
    );
    const load = httpLoad(processes, open, 1);
    const calls = setting.calls(callsToAll, 10);
    const startedAtMs = performance.now();
    let performed = 0;
    await setting.effects.around(setting.provider, load, setting.say, () =>
      closedLoop(8, calls, (index) => ((performed += 1), load.perform(index)), setting.signal),
    );
    await waitFor(() => readers.outcomes >= performed * readerCount || readers.ended > 0, {
      what: 'all events',
      timeoutMs: 60_000,
    });
    return Math.round((readers.outcomes * 1_000) / (performance.now() - startedAtMs));
  });
}
