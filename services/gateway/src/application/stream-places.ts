import { MeshUnavailableError, StreamLimitError } from '../domain/gateway.errors.js';

/** The most open streams. */
export interface StreamPlaceLimits {
  readonly maxStreams: number;
  readonly maxStreamsOfTenant: number;
}

/** Counts the open streams of this gateway and of each tenant. */
export class StreamPlaces {
  readonly #limits: StreamPlaceLimits;
  readonly #ofTenant = new Map<string, number>();
  #count = 0;

  constructor(limits: StreamPlaceLimits) {
    this.#limits = limits;
  }

  /** Throws `StreamLimitError` when the tenant has too many streams, and `MeshUnavailableError` when the gateway has. */
  take(tenantId: string): void {
    const { maxStreams, maxStreamsOfTenant } = this.#limits;
    const own = this.#ofTenant.get(tenantId) ?? 0;
    if (own >= maxStreamsOfTenant) throw new StreamLimitError(maxStreamsOfTenant);
    if (this.#count >= maxStreams) {
      throw new MeshUnavailableError(`This gateway has ${maxStreams} open streams, the most that it takes.`, {
        fix: 'Connect again later, or to another gateway. A cursor continues there without a gap.',
      });
    }
    this.#ofTenant.set(tenantId, own + 1);
    this.#count += 1;
  }

  free(tenantId: string): void {
    const own = (this.#ofTenant.get(tenantId) ?? 0) - 1;
    if (own <= 0) this.#ofTenant.delete(tenantId);
    else this.#ofTenant.set(tenantId, own);
    this.#count -= 1;
  }
}
