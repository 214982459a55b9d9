import type { Ledger } from './ledger.port.js';
import type { Permits } from './permits.js';
import type { ResumeCall } from './resume-call.js';

/** Settles what dead instances left behind. */
export class RecoverCalls {
  constructor(
    private readonly ledger: Pick<Ledger, 'takeOver'>,
    private readonly permits: Permits,
    private readonly resumeCall: ResumeCall,
  ) {}

  /** One sweep. Returns how many calls were taken over; they run on after it. */
  async execute(): Promise<number> {
    const orphans = await this.ledger.takeOver();
    for (const owned of orphans) {
      this.permits.force();
      void this.resumeCall.execute(owned).finally(() => this.permits.release());
    }
    return orphans.length;
  }
}
