import type { ProviderSimulator } from '@action-mesh/testing';

import type { Load } from './mesh-load.js';

/** Compares the provider's effects with the callers' outcomes, for each run of a mesh. */
export class EffectCount {
  #lost = 0;
  #duplicated = 0;

  /** Calls without their effect or without a success. */
  get lost(): number {
    return this.#lost;
  }

  /** Effects beyond one for each call. */
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
