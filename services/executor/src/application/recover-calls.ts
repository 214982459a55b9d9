import type { Ledger } from './ledger.port.js';
import type { ResumeCall } from './resume-call.js';

/** Settles what dead instances left behind. */
export class RecoverCalls {
  constructor(
    private readonly ledger: Pick<Ledger, 'takeOver'>,
    private readonly resumeCall: ResumeCall,
  ) {}

  /** One sweep. Returns how many calls were taken over; they run on after it. */
  async execute(): Promise<number> {
    const orphans = await this.ledger.takeOver();
    // What a dead instance had begun may not wait behind what is new.
    for (const owned of orphans) void this.resumeCall.execute(owned, 'now');
    return orphans.length;
  }
}
