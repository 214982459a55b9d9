import { setTimeout as delay } from 'node:timers/promises';
import { errorMessage } from '@action-mesh/kernel';
import { ComponentStartError } from '../devstack.errors.js';
import { logTail } from '../run/run.js';
import type { RunProcess } from '../run/run.js';
import { freePorts, isFree } from './free-ports.js';

const portAttempts = 5;

/** Probes until the server answers, its process ends, or the time is over. */
export async function untilReady(
  component: string,
  server: RunProcess,
  probe: () => Promise<void>,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    if (server.hasExited()) {
      throw new ComponentStartError(component, 'its process ended', await logTail(server.logFile));
    }
    try {
      // After the end of the process, an answer at its port comes from another server.
      await Promise.race([probe(), server.exited.then(() => Promise.reject(new Error('its process ended')))]);
      if (!server.hasExited()) return;
    } catch (error) {
      if (performance.now() > deadline) {
        const reason = `no answer within ${timeoutMs / 1000} s (${errorMessage(error)})`;
        throw new ComponentStartError(component, reason, await logTail(server.logFile), { cause: error });
      }
    }
    await Promise.race([delay(50, undefined, { ref: true }), server.exited]);
  }
}

/**
 * Starts a server on the preferred ports if they are free, else on others. Tries again when another process took a port
 * first.
 */
export async function onFreePorts<Server>(
  count: number,
  start: (ports: number[]) => Promise<Server>,
  preferred: readonly number[] = [],
): Promise<Server> {
  const arePreferredFree =
    preferred.length === count && (await Promise.all(preferred.map(isFree))).every(Boolean);
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(arePreferredFree && attempt === 1 ? [...preferred] : await freePorts(count));
    } catch (error) {
      const taken =
        error instanceof ComponentStartError && /address (is )?already in use/i.test(error.message);
      if (!taken || attempt === portAttempts) throw error;
    }
  }
}
