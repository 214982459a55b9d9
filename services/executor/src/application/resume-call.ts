import { MeshError, type Clock } from '@action-mesh/kernel';

import type { Command } from '../domain/call.js';
import { CallRun } from './call-run.js';
import type { FairShare } from './fair-share.js';
import type { Ledger, OwnedCall } from './ledger.port.js';
import { withReference } from './provider-request.js';
import type { RunCall, RunReport } from './run-call.js';
import { shareKeyOf } from './share-key.js';
import type { PreparedTool, ProviderRequest, Tools } from './tools.port.js';

/** `now`: it has waited in a way that cannot be repeated. `in_turn`: it can wait for its place like any other. */
export type Turn = 'now' | 'in_turn';

/** Goes on with a call of which the ledger holds everything: its owner died, or its wait is over. */
export class ResumeCall {
  constructor(
    private readonly ledger: Ledger,
    private readonly tools: Tools,
    private readonly share: FairShare,
    private readonly runCall: RunCall,
    private readonly clock: Clock,
    private readonly report: RunReport,
  ) {}

  /** Runs it in a place of its tenant's share, at once or when its turn comes. Never rejects. */
  async execute(owned: OwnedCall, turn: Turn): Promise<void> {
    const found = this.#request(owned);
    const key = shareKeyOf(owned.call, found?.prepared.tool.provider.slug ?? owned.call.tool.slug);
    if (turn === 'now') this.share.force(key);
    else await this.share.join(key);
    try {
      if (found === undefined) await this.#settleWithoutTool(owned);
      else await this.runCall.resumed(owned, found.prepared, found.request);
    } catch (error) {
      this.report.broken(owned.call.call_id, error);
    } finally {
      this.share.release(key);
    }
  }

  #request(owned: OwnedCall): { prepared: PreparedTool; request: ProviderRequest } | undefined {
    const { tool, arguments: args } = owned.call;
    try {
      const prepared = this.tools.get(tool.slug, tool.version);
      if (prepared === undefined) return undefined;
      const request = withReference(prepared.buildRequest(args), prepared.tool, owned.providerKey);
      return { prepared, request };
    } catch (error) {
      if (error instanceof MeshError) return undefined;
      throw error;
    }
  }

  /** The tool was withdrawn meanwhile, or makes no request any more, so that nobody can say whether repeating is safe. */
  async #settleWithoutTool(owned: OwnedCall): Promise<void> {
    const run = new CallRun(owned, this.ledger, this.clock);
    const { state, attempt } = owned.state;
    const mayHaveLeft = state === 'DISPATCHING' || state === 'INDETERMINATE';
    const lost: Command[] = state === 'DISPATCHING' ? [{ type: 'loseTrack' }] : [];
    const { slug, version } = owned.call.tool;
    const failure = {
      code: 'tool_not_found',
      category: mayHaveLeft ? ('unknown_effect' as const) : ('request' as const),
      message: `the tool ${slug} of version ${version} was withdrawn while the call was under way`,
    };
    const moved = mayHaveLeft
      ? await run.move([...lost, { type: 'askPerson' }], { ending: { status: 'needs_review', failure } })
      : await run.move([{ type: 'fail', attempt }], { ending: { status: 'failed', failure } });
    if (!moved) this.report.fenced(owned.call.call_id);
    this.ledger.release(owned);
  }
}
