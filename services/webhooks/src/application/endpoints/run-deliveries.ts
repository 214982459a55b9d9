import type { ClaimedDelivery, DeliveryStore } from './delivery-store.port.js';
import type { DeliverWebhook } from './deliver-webhook.js';

/** The parts that run deliveries. */
export interface RunDeliveriesParts {
  readonly store: Pick<DeliveryStore, 'claim'>;
  readonly deliver: Pick<DeliverWebhook, 'run'>;
  /** A delivery has ended, so another one may begin. */
  readonly onFree: () => void;
  /** An endpoint was disabled. */
  readonly onDisabled: () => void;
  readonly onError: (error: unknown) => void;
}

/** The most deliveries under way in one instance. */
const mostUnderWay = 512;
/** The most deliveries under way to one endpoint, in one instance. */
const perEndpoint = 8;
/** Longer than any attempt. */
const claimMs = 30_000;

/**
 * Begins deliveries that are due.
 *
 * - WH1: an endpoint has a bounded number of deliveries under way, and one while it fails. A slow endpoint delays no other.
 */
export class RunDeliveries {
  readonly #parts: RunDeliveriesParts;
  readonly #underWay = new Map<string, number>();
  readonly #running = new Set<Promise<void>>();

  constructor(parts: RunDeliveriesParts) {
    this.#parts = parts;
  }

  /** Claims what is due and has room. Does not wait for the deliveries. */
  async run(): Promise<void> {
    const room = mostUnderWay - this.#running.size;
    if (room <= 0) return;
    const bounds = { underWay: this.#underWay, perEndpoint, most: room, claimMs };
    for (const claimed of await this.#parts.store.claim(bounds)) this.#begin(claimed);
  }

  /** Resolves when no delivery is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #begin(claimed: ClaimedDelivery): void {
    const { endpointId } = claimed;
    this.#count(endpointId, 1);
    const running = this.#deliver(claimed).finally(() => {
      this.#running.delete(running);
      this.#count(endpointId, -1);
      this.#parts.onFree();
    });
    this.#running.add(running);
  }

  async #deliver(claimed: ClaimedDelivery): Promise<void> {
    try {
      if (await this.#parts.deliver.run(claimed)) this.#parts.onDisabled();
    } catch (error) {
      this.#parts.onError(error);
    }
  }

  #count(endpointId: string, by: number): void {
    const count = (this.#underWay.get(endpointId) ?? 0) + by;
    if (count === 0) this.#underWay.delete(endpointId);
    else this.#underWay.set(endpointId, count);
  }
}
