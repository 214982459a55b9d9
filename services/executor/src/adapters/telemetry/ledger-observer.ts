import type { Move, NewCall, OwnedCall, Recorded } from '../../application/ledger.port.js';
import type { WokenCall } from '../../application/parked-calls.port.js';

/** Sees what the ledger has committed. No method may throw or wait. */
export interface LedgerObserver {
  /** A batch of submissions. `startMs`: the time of spans at which the batch began. */
  recorded(entries: readonly NewCall[], verdicts: readonly Recorded['verdict'][], startMs: number): void;
  /** A batch of moves. `isMoved`: which of them the ledger applied. */
  moved(moves: readonly Move[], isMoved: readonly boolean[]): void;
  /** Calls that continue after a wait. */
  woken(calls: readonly WokenCall[], startMs: number): void;
  /** Calls of an instance that died. */
  takenOver(calls: readonly OwnedCall[], startMs: number): void;
}

/** Passes everything on to each of the observers. */
export function observeAll(observers: readonly LedgerObserver[]): LedgerObserver {
  return {
    recorded: (...args) => observers.forEach((each) => each.recorded(...args)),
    moved: (...args) => observers.forEach((each) => each.moved(...args)),
    woken: (...args) => observers.forEach((each) => each.woken(...args)),
    takenOver: (...args) => observers.forEach((each) => each.takenOver(...args)),
  };
}
