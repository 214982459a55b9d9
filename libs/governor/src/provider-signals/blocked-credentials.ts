import type { Clock } from '@action-mesh/kernel';

import type { Subject } from '../governor.port.js';
import type { Block } from '../rate/limit-store.port.js';

/** Expired blocks are removed when the number of blocks exceeds this. */
const sweepAbove = 1_000;

/** The name of a credential at its provider, which sees it as one client. */
export function blockName({ provider, tenantId, credential }: BlockSubject): string {
  return JSON.stringify([provider, tenantId, credential]);
}

/** The reverse of `blockName`. Other instances send such names too. */
export function readBlockName(block: string): BlockSubject {
  const [provider = '', tenantId = '', credential = ''] = JSON.parse(block) as string[];
  return { provider, tenantId, credential };
}

type BlockSubject = Pick<Subject, 'provider' | 'tenantId' | 'credential'>;

/** The credentials that this instance knows to be blocked by their provider. */
export class BlockedCredentials {
  readonly #clock: Clock;
  readonly #untilMs = new Map<string, number>();
  #sweepAt = sweepAbove;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The remaining milliseconds; 0: the credential is not blocked. Without any block, it costs nothing. */
  remainingMs(subject: BlockSubject): number {
    if (this.#untilMs.size === 0) return 0;
    const name = blockName(subject);
    const untilMs = this.#untilMs.get(name);
    if (untilMs === undefined) return 0;
    const leftMs = untilMs - this.#clock.monotonicMs();
    if (leftMs <= 0) this.#untilMs.delete(name);
    return Math.max(0, leftMs);
  }

  /** Adds a block, unless a longer one exists. Returns whether the block is new. */
  add({ block, forMs }: Block): boolean {
    const untilMs = this.#clock.monotonicMs() + forMs;
    if ((this.#untilMs.get(block) ?? -Infinity) >= untilMs) return false;
    this.#untilMs.set(block, untilMs);
    if (this.#untilMs.size >= this.#sweepAt) {
      this.inForce();
      this.#sweepAt = Math.max(sweepAbove, this.#untilMs.size * 2);
    }
    return true;
  }

  inForce(): Block[] {
    const nowMs = this.#clock.monotonicMs();
    const blocks: Block[] = [];
    for (const [block, untilMs] of this.#untilMs) {
      if (untilMs > nowMs) blocks.push({ block, forMs: untilMs - nowMs });
      else this.#untilMs.delete(block);
    }
    return blocks;
  }
}
