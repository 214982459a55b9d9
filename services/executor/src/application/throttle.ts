import type { CallState } from '@action-mesh/contracts/executor';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import type { Clock } from '@action-mesh/kernel';

import type { Ending } from '../domain/outcome.js';
import type { Admission, Governor } from './governor.port.js';
import type { Park } from './ledger.port.js';
import type { ThrottleSpacing } from './throttle-spacing.js';
import type { PreparedTool } from './tools.port.js';

/** A further wait of at least this is news to whoever waits for the call. */
const worthTellingMs = 30_000;

type Denial = Exclude<Admission, { allowed: true }>;

/** Asks the governor for the leave to send a call's next request, and says how a call waits that did not get it. */
export class Throttle {
  constructor(
    private readonly governor: Governor,
    private readonly spacing: ThrottleSpacing,
    private readonly clock: Clock,
  ) {}

  admit(call: AcceptedCall, { tool, endpoint }: PreparedTool): Promise<Admission> {
    const provider = tool.provider.slug;
    return this.governor.admit({
      tenantId: call.tenant_id,
      userId: call.user_id,
      // Until users have connections of their own, a provider knows them by tenant and user.
      credential: call.connection_id ?? `${call.tenant_id}/${call.user_id}/${provider}`,
      provider,
      tool: tool.slug,
      endpoint,
    });
  }

  /**
   * The wait of a denied call, and what its caller is told. It burns no attempt. A call that waited for a moment already
   * and waits for another is not told of again.
   */
  parking(denial: Denial, before: CallState): { readonly park: Park; readonly ending?: Ending } {
    const delayMs = this.spacing.delayMs(denial);
    const { reason, scope, circuit } = denial;
    if (before === 'THROTTLED' && delayMs < worthTellingMs) return { park: { delayMs, reason, scope } };
    const until = new Date(this.clock.now() + delayMs).toISOString();
    return {
      park: { delayMs, reason, scope },
      ending: { status: 'waiting', circuit, waiting: { reason, until, scope } },
    };
  }
}
