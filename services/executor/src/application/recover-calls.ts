import { transitions } from '../domain/call.js';
import { ImpossibleTransitionError } from '../domain/executor.errors.js';
import { describeEnding } from '../domain/outcome.js';
import { MeshError, type Clock } from '@action-mesh/kernel';
import type { Ledger, OwnedCall } from './ledger.port.js';
import type { Permits } from './permits.js';
import type { RunCall, RunReport } from './run-call.js';
import type { Tools } from './tools.port.js';

/** Settles what dead instances left behind. */
export class RecoverCalls {
  constructor(
    private readonly ledger: Ledger,
    private readonly tools: Tools,
    private readonly permits: Permits,
    private readonly runCall: RunCall,
    private readonly clock: Clock,
    private readonly report: Pick<RunReport, 'broken'>,
  ) {}

  /** One sweep. Returns how many calls were taken over; they run on after it. */
  async execute(): Promise<number> {
    const orphans = await this.ledger.takeOver();
    for (const owned of orphans) {
      this.permits.force();
      void this.#recover(owned)
        .catch((error: unknown) => this.report.broken(owned.call.call_id, error))
        .finally(() => this.permits.release());
    }
    return orphans.length;
  }

  async #recover(owned: OwnedCall): Promise<void> {
    const { slug, version } = owned.call.tool;
    try {
      const prepared = this.tools.get(slug, version);
      if (prepared !== undefined) {
        await this.runCall.takenOver(owned, prepared, prepared.buildRequest(owned.call.arguments));
        return;
      }
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
    }
    await this.#settleWithoutTool(owned);
    this.ledger.release(owned);
  }

  /** The tool was withdrawn meanwhile, or makes no request any more, so that nobody can say whether repeating is safe. */
  async #settleWithoutTool(owned: OwnedCall): Promise<void> {
    const from = owned.state;
    const mayHaveLeft = from.state === 'DISPATCHING' || from.state === 'INDETERMINATE';
    const next = mayHaveLeft
      ? transitions(from, ...(from.state === 'DISPATCHING' ? [{ type: 'loseTrack' } as const] : []), {
          type: 'askPerson',
        })
      : transitions(from, { type: 'fail', attempt: from.attempt });
    if (!next.ok) throw new ImpossibleTransitionError(next.reason);
    const { slug, version } = owned.call.tool;
    const outcome = describeEnding(owned.call, {
      status: mayHaveLeft ? 'needs_review' : 'failed',
      failure: {
        code: 'tool_not_found',
        category: mayHaveLeft ? 'unknown_effect' : 'request',
        message: `the tool ${slug} of version ${version} was withdrawn while the call was under way`,
      },
      attempts: from.attempt,
      recovered: true,
      receivedAtMs: owned.receivedAtMs,
      endedAtMs: this.clock.now(),
    });
    await this.ledger.advance({ owned, from, to: next.call, outcome, evidence: false });
  }
}
