import { fileURLToPath } from 'node:url';

import { createDatabase, OwnTopics, startDevstack } from '@action-mesh/devstack';
import { interruptible, OpenResources } from '@action-mesh/platform';
import { startProviderSimulator, textTable } from '@action-mesh/testing';

import { MeshProcesses } from '@action-mesh/mesh-processes';
import { measureFlood, type FloodReport } from './measure-flood.js';

export interface RunFloodOptions {
  readonly calls: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Milliseconds that the provider takes. */
const providerMs = 50;
const toolsFolder = fileURLToPath(new URL('./tools', import.meta.url));

/** Starts a whole mesh, floods it for one tenant, and measures the effect on another tenant. */
export async function runFlood(options: RunFloodOptions): Promise<FloodReport> {
  const open = new OpenResources();
  try {
    return await interruptible(options.signal, run(options, open));
  } finally {
    await open.close();
  }
}

async function run({ calls, say, signal }: RunFloodOptions, open: OpenResources): Promise<FloodReport> {
  const devstack = open.use(await startDevstack({ report: say, signal, need: ['kafka', 'postgres'] }));
  const brokers = devstack.kafkaBrokers;
  const { prefix: topicPrefix } = open.use(new OwnTopics(brokers, 'flood'));
  const database = open.use(await createDatabase(devstack.databaseUrl, 'mesh_flood'));
  const provider = open.use(await startProviderSimulator({ compact: true }));
  await provider.behave({ match: {}, mode: 'delay', ms: providerMs });
  const mesh = open.use(
    new MeshProcesses({
      devstack,
      topicPrefix,
      databaseUrl: database.url,
      tools: toolsFolder,
      providerUrls: { sim_flood: provider.url },
      egressAllow: [new URL(provider.url).host],
      onUnexpectedExit: (error) => {
        throw error;
      },
    }),
  );
  await mesh.startAll();
  say(
    `one tenant submits ${calls} calls; another makes one after the other, first calm, then beside the flood`,
  );
  const client = { brokers, clientId: 'flood', topicPrefix };
  return measureFlood({ mesh, client, tool: 'flood_read', calls, signal });
}

/** Prints the report. Returns whether the quiet tenant was unharmed (I11) and no call was lost. */
export function showFlood(report: FloodReport, say: (line: string) => void): boolean {
  const { calm, flooded, calls, succeeded, refused, tookMs, rssMb } = report;
  say('');
  say(
    textTable(
      ['a quiet tenant', 'calls', 'p50 ms', 'p99 ms', 'worst ms'],
      [
        ['calm', calm.calls, calm.p50Ms, calm.p99Ms, calm.worstMs],
        ['beside the flood', flooded.calls, flooded.p50Ms, flooded.p99Ms, flooded.worstMs],
      ],
    ),
  );
  const seconds = (tookMs / 1_000).toFixed(1);
  say(
    `the flood: ${succeeded} of ${calls} succeeded in ${seconds} s, with ${refused} refusals by the gateway`,
  );
  for (const [reason, count] of Object.entries(report.parked)) say(`  ${count} of them waited: ${reason}`);
  say(`executor: ${rssMb.before} MB before, ${rssMb.most} MB at most`);
  const isUnharmed = flooded.p99Ms <= 2 * calm.p99Ms;
  if (!isUnharmed)
    say(`FAULT: p99 beside the flood is ${(flooded.p99Ms / calm.p99Ms).toFixed(1)} times calm`);
  if (succeeded < calls) say(`FAULT: ${calls - succeeded} calls of the flood did not succeed`);
  return isUnharmed && succeeded === calls;
}
