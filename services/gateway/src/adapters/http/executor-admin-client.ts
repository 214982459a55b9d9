import {
  callViewSchema,
  deadCallSchema,
  deadPageSchema,
  interventionRefusedSchema,
  redriveReportSchema,
  waitingPageSchema,
  type CallView,
  type CancelRequest,
  type DeadCallView,
  type DeadPage,
  type DeadQuery,
  type RedriveReport,
  type RedriveRequest,
  type RescheduleRequest,
  type VerdictRequest,
  type WaitingPage,
  type WaitingQuery,
} from '@action-mesh/contracts/executor';
import type { Principal } from '@action-mesh/identity';
import { z } from 'zod';

import type { ExecutorAdmin, Intervention } from '../../application/executor-admin.port.js';
import {
  InternalApi,
  unexpected,
  type InternalAnswer,
  type InternalRequest,
  type ServiceAddress,
} from './internal-api.js';

const timeoutMs = 5_000;

const sagaSchema = z.object({ calls: z.array(callViewSchema) });
const breakersSchema = z.record(z.string(), z.unknown());

/** Reads and changes calls through the executor's internal API. */
export class ExecutorAdminClient implements ExecutorAdmin {
  readonly #api: InternalApi;

  constructor(executor: ServiceAddress) {
    this.#api = new InternalApi({
      ...executor,
      timeoutMs: timeoutMs,
      unavailable:
        'The executor, which keeps the ledger, did not answer. It may have done the request all the same.',
      fix: 'Send the same request again later. The executor does it once, however often it arrives.',
    });
  }

  cancel(caller: Principal, callId: string, request: CancelRequest): Promise<Intervention> {
    return this.#intervene(caller, callId, 'cancel', request);
  }

  resolve(caller: Principal, callId: string, verdict: VerdictRequest): Promise<Intervention> {
    return this.#intervene(caller, callId, 'resolve', verdict);
  }

  reschedule(caller: Principal, callId: string, request: RescheduleRequest): Promise<Intervention> {
    return this.#intervene(caller, callId, 'reschedule', request);
  }

  waiting(caller: Principal, query: WaitingQuery): Promise<WaitingPage> {
    return this.#get(caller, ['waiting'], waitingPageSchema, query);
  }

  dead(caller: Principal, query: DeadQuery): Promise<DeadPage> {
    return this.#get(caller, ['dead-letters'], deadPageSchema, query);
  }

  deadCall(caller: Principal, callId: string): Promise<DeadCallView | undefined> {
    return this.#api.ask({ caller, method: 'GET', path: ['dead-letters', callId] }, (answer) => {
      if (answer.status === 404) return undefined;
      return answer.status === 200 ? deadCallSchema.parse(answer.body) : unexpected(answer);
    });
  }

  redrive(caller: Principal, body: RedriveRequest): Promise<RedriveReport> {
    return this.#api.ask({ caller, method: 'POST', path: ['dead-letters', 'redrive'], body }, (answer) =>
      answer.status === 200 ? redriveReportSchema.parse(answer.body) : unexpected(answer),
    );
  }

  async saga(caller: Principal, sagaId: string): Promise<readonly CallView[]> {
    return (await this.#get(caller, ['sagas', sagaId], sagaSchema)).calls;
  }

  breakers(caller: Principal): Promise<Readonly<Record<string, unknown>>> {
    return this.#get(caller, ['breakers'], breakersSchema);
  }

  #get<Schema extends z.ZodType>(
    caller: Principal,
    path: readonly string[],
    schema: Schema,
    query: InternalRequest['query'] = {},
  ): Promise<z.output<Schema>> {
    return this.#api.ask({ caller, method: 'GET', path, query }, (answer) =>
      answer.status === 200 ? schema.parse(answer.body) : unexpected(answer),
    );
  }

  #intervene(caller: Principal, callId: string, what: string, body: object): Promise<Intervention> {
    return this.#api.ask({ caller, method: 'POST', path: ['calls', callId, what], body }, readIntervention);
  }
}

function readIntervention(answer: InternalAnswer): Intervention {
  switch (answer.status) {
    case 200:
      return { kind: 'done', view: callViewSchema.parse(answer.body) };
    case 404:
      return { kind: 'unknown' };
    case 409:
      return { kind: 'refused', refusal: interventionRefusedSchema.parse(answer.body) };
    default:
      return unexpected(answer);
  }
}
