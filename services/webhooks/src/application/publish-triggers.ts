import { triggerKey, type DeclaredTrigger } from '@action-mesh/contracts/webhooks';
import { dataKeyIdOf } from '@action-mesh/crypto';
import { defined } from '@action-mesh/kernel';
import type { SealedTriggerSecrets } from '@action-mesh/triggers';

import type { StoredTrigger } from '../domain/stored-trigger.js';
import type { Declarations, TriggerRecord } from './declarations.port.js';

const answerWithinMs = 2_500;

/**
 * Makes the topic of declarations equal to the record. A run that finds both equal publishes nothing.
 *
 * - PT1: the topic has no trigger that the record does not have, so a removed trigger opens no door.
 * - PT2: secrets are on the topic sealed, with the service key of this start.
 */
export class PublishTriggers {
  readonly #record: TriggerRecord;
  readonly #topic: Declarations;
  readonly #sealed: Pick<SealedTriggerSecrets, 'keyId' | 'seal'>;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    record: TriggerRecord,
    topic: Declarations,
    sealed: Pick<SealedTriggerSecrets, 'keyId' | 'seal'>,
  ) {
    this.#record = record;
    this.#topic = topic;
    this.#sealed = sealed;
  }

  /** Resolves with the number of changes, after a run that began after this call. */
  run(): Promise<number> {
    const next = this.#last.then(() => this.#publish());
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** Publishes a change. It never rejects: the regular run repeats a failed publication. */
  async soon(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, answerWithinMs);
    });
    await Promise.race([
      this.run().then(
        () => undefined,
        () => undefined,
      ),
      late,
    ]);
    clearTimeout(timer);
  }

  /** Whether the topic has the trigger as it is. */
  isPublished({ tenantId, name, revision }: Pick<StoredTrigger, 'tenantId' | 'name' | 'revision'>): boolean {
    const key = triggerKey({ tenant_id: tenantId, trigger: name });
    return this.#isCurrent(this.#topic.get(key), revision);
  }

  #isCurrent(declared: DeclaredTrigger | undefined, revision: string): boolean {
    if (declared?.revision !== revision) return false;
    const { sealed_secrets: sealed } = declared;
    return sealed === undefined || isSealedWith(sealed, this.#sealed.keyId);
  }

  #publish(): Promise<number> {
    return this.#record.exclusively(async (read) => {
      const published = await this.#topic.refreshed();
      const revisions = await read.revisions();
      const keyOf = ({ tenantId, name }: { readonly tenantId: string; readonly name: string }): string =>
        triggerKey({ tenant_id: tenantId, trigger: name });
      const wanted = new Set(revisions.map(keyOf));
      const stale = revisions.filter((each) => !this.#isCurrent(published.get(keyOf(each)), each.revision));
      const retract = [...published.keys()].filter((key) => !wanted.has(key));
      if (stale.length + retract.length === 0) return 0;
      const publish = (await read.triggers(stale)).map((stored) => this.#declared(stored));
      await this.#topic.apply({ publish, retract });
      return publish.length + retract.length;
    });
  }

  #declared({ tenantId, name, settings, secrets, revision }: StoredTrigger): DeclaredTrigger {
    const place = { tenant_id: tenantId, trigger: name, revision };
    const { scheme, tolerance_seconds, hmac, headers } = settings;
    return {
      ...place,
      scheme,
      ...defined({ tolerance_seconds, hmac, headers }),
      ...(secrets.length === 0 ? {} : { sealed_secrets: this.#sealed.seal(place, secrets) }),
    };
  }
}

function isSealedWith(sealed: string, keyId: string): boolean {
  try {
    return dataKeyIdOf(Buffer.from(sealed, 'base64')) === keyId;
  } catch {
    return false;
  }
}
