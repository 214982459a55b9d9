import { triggerKey, type DeclaredTrigger } from '@action-mesh/contracts/webhooks';

import type { SealedTriggerSecrets, TriggerSecret } from './trigger-secrets.js';

/** A declaration with its secrets opened. */
export interface KnownTrigger extends DeclaredTrigger {
  readonly secrets: readonly TriggerSecret[];
}

/** The declared triggers of all tenants, in memory. It follows the topic of declarations. */
export class TriggerDirectory {
  readonly #sealed: Pick<SealedTriggerSecrets, 'open'>;
  readonly #known = new Map<string, KnownTrigger>();
  #isComplete = false;

  constructor(sealed: Pick<SealedTriggerSecrets, 'open'>) {
    this.#sealed = sealed;
  }

  /** Whether the directory has read its topic up to the end once. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  complete(): void {
    this.#isComplete = true;
  }

  /** Throws `UnreadableSecretError` for secrets of another service key. The trigger is closed then. */
  put(declared: DeclaredTrigger): void {
    const key = triggerKey(declared);
    this.#known.set(key, { ...declared, secrets: [] });
    const { sealed_secrets: sealed } = declared;
    if (sealed !== undefined)
      this.#known.set(key, { ...declared, secrets: this.#sealed.open(declared, sealed) });
  }

  /** Forgets a trigger, by its key on the topic. */
  remove(key: string): void {
    this.#known.delete(key);
  }

  find(tenantId: string, trigger: string): KnownTrigger | undefined {
    return this.#known.get(triggerKey({ tenant_id: tenantId, trigger }));
  }
}
