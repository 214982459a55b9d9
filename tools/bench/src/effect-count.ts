import type { ProviderSimulator } from '@action-mesh/testing';

import type { Load } from './mesh-load.js';

/** Compares the effects of each run of a mesh at the provider with the outcomes that its callers got. */
export class EffectCount {
  #lost = 0;
  #duplicated = 0;

  /** Calls without their effect or without a success. */
  get lost(): number {
    return this.#lost;
  }

  /** Effects beyond one a call. */
  get duplicated(): number {
    return this.#duplicated;
  }

  async around<Result>(
    provider: ProviderSimulator,
    load: Load,
    say: (line: string) => void,
    run: () => Promise<Result>,
  ): Promise<Result> {
    const before = await provider.effects({ limit: 1 });
    const result = await run();
    const after = await provider.effects({ limit: 1 });
    const { count, example } = load.failures();
    if (example !== undefined) say(`  ${count} calls did not succeed, for example ${example}`);
    this.#lost += Math.max(0, load.distinct() - (after.keys - before.keys)) + count;
    this.#duplicated += after.effects - before.effects - (after.keys - before.keys);
    return result;
  }
}
