import {
  callComparisonSchema,
  callPageSchema,
  callViewSchema,
  type CallComparison,
  type CallPage,
  type CallQuery,
  type CallView,
} from '@action-mesh/contracts/executor';
import type { Principal } from '@action-mesh/identity';

import type { CallHistory } from '../../application/call-history.port.js';
import { InternalApi, unexpected, type ServiceAddress } from './internal-api.js';

const timeoutMs = 2_000;

/** A filtered page reads more of the ledger than one call does. */
const listTimeoutMs = 10_000;

/** Reads the history of calls from the executor's internal API. */
export class ExecutorHistory implements CallHistory {
  readonly #one: InternalApi;
  readonly #list: InternalApi;

  constructor(executor: ServiceAddress) {
    const service = {
      ...executor,
      unavailable: 'The history of calls cannot be read now.',
      fix: 'Send the same request again later.',
    };
    this.#one = new InternalApi({ ...service, timeoutMs: timeoutMs });
    this.#list = new InternalApi({ ...service, timeoutMs: listTimeoutMs });
  }

  find(caller: Principal, callId: string): Promise<CallView | undefined> {
    return this.#one.ask({ caller, method: 'GET', path: ['calls', callId] }, (answer) => {
      if (answer.status === 404) return undefined;
      return answer.status === 200 ? callViewSchema.parse(answer.body) : unexpected(answer);
    });
  }

  compare(caller: Principal, callId: string, other: string): Promise<CallComparison | undefined> {
    const ask = {
      caller,
      method: 'GET',
      path: ['calls', callId, 'comparison'],
      query: { with: other },
    } as const;
    return this.#one.ask(ask, (answer) => {
      if (answer.status === 404) return undefined;
      return answer.status === 200 ? callComparisonSchema.parse(answer.body) : unexpected(answer);
    });
  }

  list(caller: Principal, query: CallQuery): Promise<CallPage> {
    return this.#list.ask({ caller, method: 'GET', path: ['calls'], query }, (answer) =>
      answer.status === 200 ? callPageSchema.parse(answer.body) : unexpected(answer),
    );
  }
}
