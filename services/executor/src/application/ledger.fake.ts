import type { CallView } from '@action-mesh/contracts/executor';

import { providerKeyOf } from '../domain/provider-key.js';
import type { ExecutorInstance, Ledger, Move, NewCall, OwnedCall, Recorded } from './ledger.port.js';

/** An instance that the test ends by hand. */
export class FakeInstance implements ExecutorInstance {
  readonly id = '1';
  readonly #abort = new AbortController();

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  isLive(): boolean {
    return !this.#abort.signal.aborted;
  }

  end(): void {
    this.#abort.abort();
  }
}

/** A ledger in memory: one row per hash, with fences like the real one. */
export class FakeLedger implements Ledger {
  readonly instance = new FakeInstance();
  readonly moves: Move[] = [];
  readonly recorded: NewCall[] = [];
  readonly released: OwnedCall[] = [];
  orphans: OwnedCall[] = [];
  /** The next verdict of `record` in place of `fresh`. */
  nextVerdict: Exclude<Recorded['verdict'], 'fresh'> | undefined;
  /** The error that `record` throws while it is set. */
  unavailable: Error | undefined;
  /** Called before each write. False refuses the write, as a fence would. */
  onMove: (move: Move) => boolean = () => true;

  record(entry: NewCall): Promise<Recorded> {
    if (this.unavailable !== undefined) return Promise.reject(this.unavailable);
    this.recorded.push(entry);
    if (entry.start === 'refused') return Promise.resolve({ verdict: 'refused' });
    const verdict = this.nextVerdict;
    this.nextVerdict = undefined;
    if (verdict !== undefined) return Promise.resolve({ verdict });
    return Promise.resolve({
      verdict: 'fresh',
      owned: {
        call: entry.call,
        trace: entry.trace,
        state: entry.start,
        tried: [],
        ...(entry.policy === undefined ? {} : { policy: entry.policy }),
        providerKey: entry.intent?.providerKey ?? providerKeyOf(entry.call),
        receivedAtMs: 0,
        ageMs: 0,
        firstDispatchAgeMs: 0,
        instance: this.instance,
        claimId: '1',
      },
    });
  }

  advance(move: Move): Promise<boolean> {
    const moved = this.onMove(move);
    if (moved) this.moves.push(move);
    return Promise.resolve(moved);
  }

  release(owned: OwnedCall): void {
    this.released.push(owned);
  }

  takeOver(): Promise<readonly OwnedCall[]> {
    const orphans = this.orphans;
    this.orphans = [];
    return Promise.resolve(orphans);
  }

  find(): Promise<CallView | undefined> {
    return Promise.resolve(undefined);
  }
}
