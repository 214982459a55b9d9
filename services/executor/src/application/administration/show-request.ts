import type { SentRequest } from '@action-mesh/contracts/executor';

import { shownRequest } from '../shown-request.js';
import type { Tools } from '../tools.port.js';
import { builtAgain } from './built-again.js';
import type { CallRecords } from './call-records.port.js';

/** Shows the request of a call. */
export class ShowRequest {
  readonly #records: CallRecords;
  readonly #tools: Tools;

  constructor(records: CallRecords, tools: Tools) {
    this.#records = records;
    this.#tools = tools;
  }

  /** The request, or only its digest when it cannot be rebuilt. Undefined when the call has no intent. */
  async execute(tenantId: string, callId: string): Promise<SentRequest | undefined> {
    const intended = await this.#records.intended(tenantId, callId);
    if (intended === undefined) return undefined;
    const digest = intended.intent.digest.toString('hex');
    const again = builtAgain(intended, this.#tools);
    return 'reason' in again
      ? { digest, not_shown: again.reason }
      : { digest, ...shownRequest(again.request) };
  }
}
