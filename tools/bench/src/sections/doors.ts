import { createHmac, randomBytes, randomUUID } from 'node:crypto';

import { waitFor } from '@action-mesh/testing';
import { Pool } from 'undici';

import type { BenchMesh, BenchSetting } from '../bench-setting.js';
import { closedLoop, type Sample } from '../closed-loop.js';
import { entryPaths, runOnMesh, type EntryPath, type Perform } from '../mesh-run.js';
import { cpuDuring, hasProc, noProc } from '../process-usage/process-usage.js';
import { atLeast, atMost, type ResultRow } from '../result-row.js';
import { median, rounded } from '../statistics.js';

const rounds = 3;
const singleCalls = 200;
const atOnce = 64;
const loadCalls = 4_000;
const webhooksAtOnce = 32;
const webhooks = 1_000;

/** The figures of the gateway's doors. */
export interface DoorFigures {
  /** The p50 of calls one after another, milliseconds. */
  readonly singleMs: Readonly<Record<EntryPath, number>>;
  /** CPU time of the gateway for one call. Absent where processes do not report it. */
  readonly callCpuMs?: number;
  /** CPU time of the gateway for one request that it answers by itself. */
  readonly readCpuMs?: number;
  /** From a signed request to its 202, milliseconds at p50: one after another, and many at once. */
  readonly webhookMs: { readonly single: number; readonly loaded: number };
}

/**
 * Measures the gateway's own share. A call over Kafka is the same call without the gateway, so the difference is what
 * the gateway adds.
 */
export async function doors(setting: BenchSetting, mesh: BenchMesh): Promise<ResultRow[]> {
  await setting.delayProvider(0);
  const { signal } = setting;
  const singles: Record<EntryPath, number[]> = { HTTP: [], Kafka: [] };
  for (let round = 0; round < rounds; round += 1)
    for (const entry of entryPaths) {
      const { p50Ms } = await runOnMesh(setting, mesh, entry, (perform) =>
        closedLoop(1, setting.calls(singleCalls, 20), perform, signal),
      );
      singles[entry].push(p50Ms);
    }
  const cpuMs: number[] = [];
  for (let round = 0; round < rounds; round += 1)
    await runOnMesh(setting, mesh, 'HTTP', async (perform) => {
      cpuMs.push((await withCpu(setting, mesh, loadCalls, perform)).cpuMs);
    });
  const readCpuMs = await readCost(setting, mesh);
  const webhookMs = await webhookTimes(setting, mesh);
  return doorRows(mesh.form, {
    singleMs: { HTTP: median(singles.HTTP), Kafka: median(singles.Kafka) },
    ...(hasProc ? { callCpuMs: median(cpuMs), readCpuMs } : {}),
    webhookMs,
  });
}

/** A closed loop with the CPU time of the gateway for each round of `perform`. */
async function withCpu(
  setting: BenchSetting,
  { processes }: BenchMesh,
  count: number,
  perform: Perform,
): Promise<{ readonly sample: Sample; readonly cpuMs: number }> {
  const calls = setting.calls(count, atOnce);
  let cpuMs = NaN;
  const sample = await closedLoop(atOnce, calls, perform, setting.signal, async (measured) => {
    const { used } = await cpuDuring(new Map([['gateway', processes.pidOf('gateway')]]), measured);
    cpuMs = (used.get('gateway') ?? NaN) / calls;
  });
  return { sample, cpuMs };
}

/** Requests that the gateway answers from memory. */
async function readCost(setting: BenchSetting, mesh: BenchMesh): Promise<number> {
  return setting.with(async (open) => {
    const { gatewayUrl, apiKey } = mesh.processes;
    const pool = open.add(new Pool(gatewayUrl, { connections: atOnce, pipelining: 1 }), (used) =>
      used.close(),
    );
    const headers = { authorization: `Bearer ${apiKey}` };
    const { cpuMs } = await withCpu(setting, mesh, loadCalls, async () => {
      const answer = await pool.request({ method: 'GET', path: '/v1/tools/bench_echo', headers });
      await answer.body.dump();
      if (answer.statusCode !== 200) throw new Error(`a tool was answered ${answer.statusCode}`);
    });
    return cpuMs;
  });
}

async function webhookTimes(
  setting: BenchSetting,
  { processes }: BenchMesh,
): Promise<DoorFigures['webhookMs']> {
  return setting.with(async (open) => {
    const { gatewayUrl, apiKey } = processes;
    const secret = randomBytes(24).toString('hex');
    const trigger = `bench_${randomUUID().slice(0, 8)}`;
    const declared = await fetch(`${gatewayUrl}/v1/triggers/${trigger}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        scheme: 'hmac',
        secrets: [secret],
        hmac: { header: 'x-signature', id_header: 'x-delivery' },
      }),
    });
    if (!declared.ok)
      throw new Error(`the trigger was answered ${declared.status}: ${await declared.text()}`);
    const pool = open.add(new Pool(gatewayUrl, { connections: webhooksAtOnce, pipelining: 1 }), (used) =>
      used.close(),
    );
    const deliver = async (): Promise<number> => {
      const body = JSON.stringify({ id: randomUUID(), lead: { name: 'Ada', company: 'Example' } });
      const answer = await pool.request({
        method: 'POST',
        path: `/hooks/default/${trigger}`,
        headers: {
          'content-type': 'application/json',
          'x-delivery': randomUUID(),
          'x-signature': createHmac('sha256', secret).update(body).digest('hex'),
        },
        body,
      });
      await answer.body.dump();
      return answer.statusCode;
    };
    await waitFor(async () => (await deliver()) === 202, { what: 'the new trigger', timeoutMs: 10_000 });
    const accepted = async (): Promise<void> => {
      const status = await deliver();
      if (status !== 202) throw new Error(`a webhook was answered ${status}`);
    };
    const single = await closedLoop(1, setting.calls(singleCalls, 20), accepted, setting.signal);
    const loaded = await closedLoop(
      webhooksAtOnce,
      setting.calls(webhooks, webhooksAtOnce),
      accepted,
      setting.signal,
    );
    return { single: single.p50Ms, loaded: loaded.p50Ms };
  });
}

/** The rows of the section. */
export function doorRows(
  form: string,
  { singleMs, callCpuMs, readCpuMs, webhookMs }: DoorFigures,
): ResultRow[] {
  const section = `doors, ${form}`;
  const perCore = (name: string, cpuMs: number | undefined): ResultRow => {
    const row = { section, name, unit: 'requests/s', target: atLeast(2_000) };
    if (cpuMs === undefined) return { ...row, note: noProc };
    return { ...row, figure: Math.round(1_000 / cpuMs), note: `${rounded(cpuMs)} ms of CPU each` };
  };
  return [
    {
      section,
      name: 'one call at a time, p50 over HTTP minus over Kafka',
      figure: rounded(singleMs.HTTP - singleMs.Kafka),
      unit: 'ms',
      target: atMost(2),
      note: `${rounded(singleMs.HTTP)} and ${rounded(singleMs.Kafka)} ms`,
    },
    perCore('calls that one core of the gateway carries', callCpuMs),
    perCore('reads of a tool that one core of the gateway carries', readCpuMs),
    {
      section,
      name: 'a signed webhook, one at a time, p50 to the 202',
      figure: rounded(webhookMs.single),
      unit: 'ms',
      target: atMost(50),
    },
    {
      section,
      name: `signed webhooks, ${webhooksAtOnce} at once, p50 to the 202`,
      figure: rounded(webhookMs.loaded),
      unit: 'ms',
      target: atMost(50),
    },
  ];
}
