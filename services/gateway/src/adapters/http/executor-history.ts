import { callViewSchema, type CallView } from '@action-mesh/contracts/executor';

import type { CallHistory } from '../../application/call-history.port.js';
import { MeshUnavailableError } from '../../domain/gateway.errors.js';

const TIMEOUT_MS = 2_000;

/** Asks the executor's internal API. */
export class ExecutorHistory implements CallHistory {
  readonly #executorUrl: string;
  readonly #tenantId: string;

  constructor(executorUrl: string, tenantId: string) {
    this.#executorUrl = executorUrl;
    this.#tenantId = tenantId;
  }

  async find(callId: string): Promise<CallView | undefined> {
    try {
      const response = await fetch(`${this.#executorUrl}/internal/calls/${encodeURIComponent(callId)}`, {
        headers: { 'x-mesh-tenant': this.#tenantId },
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (response.status === 200) return callViewSchema.parse(await response.json());
      await response.body?.cancel();
      if (response.status === 404) return undefined;
      throw new Error(`the executor answered ${response.status}`);
    } catch (cause) {
      throw new MeshUnavailableError('The history of calls cannot be asked now.', { cause });
    }
  }
}
