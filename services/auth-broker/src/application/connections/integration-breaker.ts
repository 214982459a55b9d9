import { systemClock, type Clock } from '@action-mesh/kernel';

import type { Integrations, KnownIntegration } from './integrations.port.js';

const firstPauseMs = 60_000;
const laterPauseMs = 5 * 60_000;
const probeMs = 30_000;

/** Pauses the refreshes of an integration while the provider refuses its client (RF10). */
export class IntegrationBreaker {
  readonly #integrations: Integrations;
  readonly #clock: Clock;
  readonly #probed = new Set<string>();

  constructor(integrations: Integrations, clock: Clock = systemClock) {
    this.#integrations = integrations;
    this.#clock = clock;
  }

  /**
   * The milliseconds until a request may leave; 0 if it may now. After the pause one caller becomes the probe. The others
   * stay paused until it has its answer. Each caller with 0 calls `leave`.
   */
  async enter({ tenantId, integration, broken }: KnownIntegration): Promise<number> {
    if (broken === undefined) return 0;
    const pausedMs = broken.retryAtMs - this.#clock.now();
    if (pausedMs > 0) return pausedMs;
    const name = nameOf({ tenantId, integration });
    if (this.#probed.has(name)) return probeMs;
    this.#probed.add(name);
    try {
      // The caller read the state a while ago. Another probe may have come and gone since.
      const now = await this.#integrations.find(tenantId, integration);
      const stillPausedMs = (now?.broken?.retryAtMs ?? 0) - this.#clock.now();
      if (stillPausedMs > 0) {
        this.#probed.delete(name);
        return stillPausedMs;
      }
      // Other brokers read the later time and stay paused.
      await this.#integrations.noteBroken(tenantId, integration, broken.code, this.#clock.now() + probeMs);
    } catch (error) {
      // Nobody became the probe, so nobody will leave.
      this.#probed.delete(name);
      throw error;
    }
    return 0;
  }

  leave(integration: KnownIntegration): void {
    if (integration.broken !== undefined) this.#probed.delete(nameOf(integration));
  }

  /** Notes that the provider refused the client, and returns the milliseconds until the next probe. */
  async refused(integration: KnownIntegration, code: string, retryAfterMs = 0): Promise<number> {
    const ownMs = integration.broken === undefined ? firstPauseMs : laterPauseMs;
    const pauseMs = Math.max(ownMs, retryAfterMs);
    await this.#integrations.noteBroken(
      integration.tenantId,
      integration.integration,
      code,
      this.#clock.now() + pauseMs,
    );
    return pauseMs;
  }

  /** Notes that the provider accepted the client. */
  async works({ tenantId, integration }: KnownIntegration): Promise<void> {
    await this.#integrations.noteWorking(tenantId, integration);
  }
}

function nameOf({ tenantId, integration }: Pick<KnownIntegration, 'tenantId' | 'integration'>): string {
  return JSON.stringify([tenantId, integration]);
}
