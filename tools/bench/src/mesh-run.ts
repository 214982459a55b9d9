import { closedLoop } from './closed-loop.js';
import type { BenchMesh, BenchSetting } from './bench-setting.js';
import { httpLoad, kafkaLoad } from './mesh-load.js';

export type Perform = (index: number) => Promise<void>;

/** The entrance of calls into the mesh. */
export type EntryPath = 'HTTP' | 'Kafka';
export const entryPaths: readonly EntryPath[] = ['HTTP', 'Kafka'];

/** Calls before the first measured one, before scaling. */
const settlingCalls = 8_000;

/** Runs calls of a mesh, and counts their effects at the provider. */
export function runOnMesh<Result>(
  setting: BenchSetting,
  { processes, client }: BenchMesh,
  entry: EntryPath,
  run: (perform: Perform) => Promise<Result>,
): Promise<Result> {
  return setting.with(async (open) => {
    const load =
      entry === 'HTTP' ? httpLoad(processes, open) : await kafkaLoad(client, processes.publisherToken, open);
    return setting.effects.around(setting.provider, load, setting.say, () => run(load.perform));
  });
}

/** Runs calls on a new mesh. It learns the provider's limit of parallel requests, and its code is compiled. */
export async function settleIn(setting: BenchSetting, mesh: BenchMesh): Promise<void> {
  setting.say(`  ${mesh.form}: settling in`);
  await setting.delayProvider(0);
  const calls = setting.calls(settlingCalls / entryPaths.length, 256);
  for (const entry of entryPaths) {
    await runOnMesh(setting, mesh, entry, (perform) => closedLoop(256, calls, perform, setting.signal));
  }
}
