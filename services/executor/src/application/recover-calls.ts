import type { Ledger } from './ledger.port.js';
import type { ResumeCall } from './resume-call.js';

/** Takes over and continues the calls of dead instances. */
export class RecoverCalls {
  readonly #ledger: Pick<Ledger, 'takeOver'>;
  readonly #resumeCall: ResumeCall;

  constructor(ledger: Pick<Ledger, 'takeOver'>, resumeCall: ResumeCall) {
    this.#ledger = ledger;
    this.#resumeCall = resumeCall;
  }

  /** Runs one sweep. Returns the number of taken calls. They continue in the background. */
  async execute(): Promise<number> {
    const orphans = await this.#ledger.takeOver();
    // Work that a dead instance had begun may not wait behind new work.
    for (const owned of orphans) void this.#resumeCall.execute(owned, 'now');
    return orphans.length;
  }
}
