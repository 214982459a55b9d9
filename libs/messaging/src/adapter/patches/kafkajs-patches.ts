import { MixedClientPatchesError } from '../../messaging.errors.js';
import { fetchInterrupt } from './fetch-interrupt.js';
import { fetchResponse } from './fetch-response.js';
import { idleTimerLoop } from './idle-timer-loop.js';
import { applyPatch, type KafkaJsPatch } from './kafkajs-patch.js';
import { produceRequest } from './produce-request.js';

/** All patches of kafkajs. Docs: `docs/adr/0042-kafkajs-patched-behind-its-port.md`. */
export const kafkaJsPatches: readonly KafkaJsPatch[] = [
  idleTimerLoop,
  produceRequest,
  fetchResponse,
  fetchInterrupt,
];

/** The choice of this process: all clients share the modules of kafkajs. */
let chosen: boolean | undefined;

/**
 * Applies all patches or none. Throws {@link MixedClientPatchesError} if another client of the process has chosen
 * differently.
 */
export function switchPatches(on: boolean): void {
  if (chosen !== undefined && chosen !== on) throw new MixedClientPatchesError(on);
  chosen = on;
  if (on) for (const patch of kafkaJsPatches) applyPatch(patch);
}
