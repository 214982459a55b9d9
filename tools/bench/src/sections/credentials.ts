import { randomUUID } from 'node:crypto';

import { connectAccount } from '@action-mesh/mesh-processes';
import { startQuirkServer } from '@action-mesh/testing';

import type { BenchMesh, BenchSetting } from '../bench-setting.js';
import { closedLoop } from '../closed-loop.js';
import { atMost, type ResultRow } from '../result-row.js';
import { median, ratio, rounded } from '../statistics.js';

const users = 40;
/** Calls one after another, for a figure without queues. */
const singleCalls = 200;
const atOnce = 256;
const loadCalls = 4_000;
const rounds = 3;
const client = { id: 'bench', secret: 'secret-of-the-bench' };
const integration = 'bench';

type Call = (userId: string) => Promise<void>;

/** The figures of one way to run calls. */
interface CallFigures {
  readonly singleMs: number;
  readonly callsPerSecond: number;
}

/**
 * Measures calls without a credential, connects an account of each user, and measures the same calls with credentials. The
 * first call of each user is cold: its executor has to ask for a token lease.
 */
export async function credentials(setting: BenchSetting, mesh: BenchMesh): Promise<ResultRow[]> {
  await setting.delayProvider(0);
  return setting.with(async (open) => {
    const { gatewayUrl, apiKey } = mesh.processes;
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
    const run = randomUUID();
    let count = 0;
    const call: Call = async (userId) => {
      count += 1;
      const response = await fetch(`${gatewayUrl}/v1/tools/bench_echo/execute`, {
        method: 'POST',
        headers: { ...headers, prefer: 'wait=60' },
        body: JSON.stringify({
          user_id: userId,
          agent: { id: 'bench', run_id: run },
          arguments: { text: `${run} ${count}` },
        }),
      });
      const { status } = (await response.json()) as { readonly status: string };
      if (status !== 'succeeded') throw new Error(`a call of ${userId} is ${status}`);
    };
    const without = await figuresOf(setting, call);

    const server = open.use(await startQuirkServer({ rotation: 'none' }, { [client.id]: client.secret }));
    const put = await fetch(`${gatewayUrl}/v1/integrations/${integration}`, {
      method: 'PUT',
      headers,
      body: JSON.stringify({
        provider: 'oauth2',
        client_id: client.id,
        client_secret: client.secret,
        scopes: ['api:read'],
        settings: { issuer: server.url },
        serves: ['sim_bench'],
        hosts: [new URL(setting.provider.url).host],
      }),
    });
    if (!put.ok) throw new Error(`the integration was answered ${put.status}: ${await put.text()}`);
    for (let user = 0; user < users; user += 1)
      await connectAccount({
        ...{ gatewayUrl, apiKey, userId: userOf(user), integration },
        consent: async (url) => (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '',
      });
    const coldMs = median(await timesOf(users, (index) => call(userOf(index))));
    const withCredentials = await figuresOf(setting, call);
    // The calls of the other sections belong to users without a connection.
    const removed = await fetch(`${gatewayUrl}/v1/integrations/${integration}?with_connections=true`, {
      method: 'DELETE',
      headers,
    });
    if (!removed.ok) throw new Error(`the integration was not removed: ${removed.status}`);
    return credentialRows(mesh.form, { without, withCredentials, coldMs });
  });
}

function userOf(index: number): string {
  return `account-${index % users}`;
}

async function figuresOf(setting: BenchSetting, call: Call): Promise<CallFigures> {
  const single: number[] = [];
  const perSecond: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    single.push(median(await timesOf(setting.calls(singleCalls, 20), (index) => call(userOf(index)))));
    const calls = setting.calls(loadCalls, atOnce);
    const sample = await closedLoop(atOnce, calls, (index) => call(userOf(index)), setting.signal);
    perSecond.push(sample.perSecond);
  }
  return { singleMs: median(single), callsPerSecond: median(perSecond) };
}

async function timesOf(count: number, call: (index: number) => Promise<void>): Promise<number[]> {
  const tookMs: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const startedAtMs = performance.now();
    await call(index);
    tookMs.push(performance.now() - startedAtMs);
  }
  return tookMs;
}

/** The rows of the section: what a warm lease and a cold one add to a call, and the throughput beside them. */
export function credentialRows(
  form: string,
  figures: {
    readonly without: CallFigures;
    readonly withCredentials: CallFigures;
    readonly coldMs: number;
  },
): ResultRow[] {
  const section = `credentials, ${form}`;
  const { without, withCredentials, coldMs } = figures;
  return [
    {
      section,
      name: 'a warm lease, added p50',
      figure: rounded(withCredentials.singleMs - without.singleMs),
      unit: 'ms',
      target: atMost(0.2),
      note: `${rounded(without.singleMs)} ms without a credential`,
    },
    {
      section,
      name: 'a cold lease, added p50',
      figure: rounded(coldMs - withCredentials.singleMs),
      unit: 'ms',
      target: atMost(40),
    },
    {
      section,
      name: `${atOnce} at once, with credentials over without`,
      figure: ratio(withCredentials.callsPerSecond, without.callsPerSecond),
      unit: '×',
      note: `${Math.round(withCredentials.callsPerSecond)} calls/s`,
    },
  ];
}
