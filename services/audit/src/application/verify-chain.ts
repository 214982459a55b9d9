import { genesisHash } from '../domain/chain-hash.js';
import type { ChainEnd } from '../domain/chain-record.js';
import { ChainVerifier, type ChainProblem, type KeptCheckpoint } from '../domain/chain-verifier.js';
import type { ChainPublicKeys } from '../domain/signing-keys.js';
import type { ChainStore, ChainView } from './chain-store.port.js';

/** The records in one read. */
const readAtOnce = 1_000;

export interface VerificationRequest {
  readonly tenantId: string;
  /** The last place that an earlier page verified. @default the begin of the chain */
  readonly after?: number | undefined;
  /** The most entries of this page. @default no limit */
  readonly limit?: number | undefined;
  readonly checkpoints?: readonly KeptCheckpoint[] | undefined;
  readonly onProgress?: (verified: number, of: number) => void;
}

/** The verdict about a chain, or a part of it. */
export interface ChainVerification {
  /** The first place that was verified. */
  readonly from: number;
  /** The last place that was verified. One below `from`: none was. */
  readonly to: number;
  /** Whether the end of the chain is verified too. */
  readonly complete: boolean;
  readonly end: ChainEnd;
  /** The place up to which retention deleted entries, with a valid mark. */
  readonly prunedTo?: number;
  /** Absent: nobody changed anything. */
  readonly problem?: ChainProblem;
}

/** Verifies chains as they are stored (AV1 to AV3). */
export class VerifyChain {
  readonly #store: ChainStore;
  readonly #keys: ChainPublicKeys;

  constructor(store: ChainStore, keys: ChainPublicKeys) {
    this.#store = store;
    this.#keys = keys;
  }

  /** Undefined: the tenant has no chain. */
  run(request: VerificationRequest): Promise<ChainVerification | undefined> {
    return this.#store.view(request.tenantId, (chain) => this.#verify(chain, request));
  }

  async #verify(chain: ChainView, request: VerificationRequest): Promise<ChainVerification> {
    const { tenantId, limit = Infinity, checkpoints = [], onProgress } = request;
    const start = await this.#anchor(chain, request);
    const prunedTo = chain.mark === undefined ? {} : { prunedTo: chain.mark.seq };
    const about = { from: start.anchor.seq + 1, ...prunedTo };
    if (start.problem !== undefined)
      return { ...about, to: start.anchor.seq, complete: false, end: start.anchor, problem: start.problem };
    const verifier = new ChainVerifier({
      tenantId,
      keys: this.#keys,
      anchor: start.anchor,
      checkpoints,
    });
    const verdict = (complete: boolean, problem?: ChainProblem): ChainVerification => ({
      ...about,
      to: verifier.end.seq,
      complete,
      end: verifier.end,
      ...(problem === undefined ? {} : { problem }),
    });
    for (let left = limit; left > 0; ) {
      const records = await chain.after(verifier.end.seq, Math.min(left, readAtOnce));
      for (const record of records) {
        const problem = verifier.add(record);
        if (problem !== undefined) return verdict(false, problem);
      }
      left -= records.length;
      onProgress?.(verifier.end.seq, chain.head.seq);
      if (records.length === 0) {
        await this.#explain(chain, verifier);
        return verdict(true, verifier.finish(chain.head));
      }
    }
    const unexplained = await this.#explain(chain, verifier);
    return verdict(false, unexplained);
  }

  /** The place before the first record: the end of the last page, the mark of retention, or the begin. */
  async #anchor(
    chain: ChainView,
    { tenantId, after = 0 }: VerificationRequest,
  ): Promise<{ readonly anchor: ChainEnd; readonly problem?: ChainProblem }> {
    const { mark } = chain;
    const marked = mark?.seq ?? 0;
    if (after > marked) {
      const hash = await chain.hashAt(after);
      const anchor = { seq: after, hash: Buffer.from(hash ?? []) };
      return hash === undefined
        ? { anchor, problem: { seq: after, code: 'missing_entries', message: `there is no entry ${after}` } }
        : { anchor };
    }
    if (mark === undefined) return { anchor: { seq: 0, hash: genesisHash(tenantId) } };
    const isValid = this.#keys.isMark({ tenantId, seq: mark.seq, hash: mark.hash }, mark.at, mark.signature);
    return isValid
      ? { anchor: mark }
      : {
          anchor: mark,
          problem: {
            seq: mark.seq,
            code: 'mark_invalid',
            message: `no trusted key signed that entries up to ${mark.seq} were deleted`,
          },
        };
  }

  /** The problem of content that is missing for no reason. An erasure may stand later in the chain. */
  async #explain(chain: ChainView, verifier: ChainVerifier): Promise<ChainProblem | undefined> {
    const erased = await chain.erased([...verifier.unexplained.keys()]);
    for (const person of erased) verifier.erased(person);
    return verifier.contentProblem();
  }
}
