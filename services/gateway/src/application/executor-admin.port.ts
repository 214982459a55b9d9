import type {
  CallView,
  CancelRequest,
  DeadCallView,
  DeadPage,
  DeadQuery,
  InterventionRefused,
  RedriveReport,
  RedriveRequest,
  RescheduleRequest,
  VerdictRequest,
  WaitingPage,
  WaitingQuery,
} from '@action-mesh/contracts/executor';
import type { Principal } from '@action-mesh/identity';

/** The result of a person's request to change a call. */
export type Intervention =
  | { readonly kind: 'done'; readonly view: CallView }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly refusal: InterventionRefused };

/**
 * Lets people read and change the calls of the caller's tenant in the ledger; calls never use it. Every method rejects with `MeshUnavailableError` when the
 * executor does not answer. A repeated request is safe.
 */
export interface ExecutorAdmin {
  cancel(caller: Principal, callId: string, request: CancelRequest): Promise<Intervention>;
  resolve(caller: Principal, callId: string, verdict: VerdictRequest): Promise<Intervention>;
  reschedule(caller: Principal, callId: string, request: RescheduleRequest): Promise<Intervention>;
  waiting(caller: Principal, query: WaitingQuery): Promise<WaitingPage>;
  dead(caller: Principal, query: DeadQuery): Promise<DeadPage>;
  deadCall(caller: Principal, callId: string): Promise<DeadCallView | undefined>;
  redrive(caller: Principal, request: RedriveRequest): Promise<RedriveReport>;
  /** The calls of a saga that succeeded, the last first. */
  saga(caller: Principal, sagaId: string): Promise<readonly CallView[]>;
  /** Breakers, blocks and concurrency, as one executor sees them. */
  breakers(caller: Principal): Promise<Readonly<Record<string, unknown>>>;
}

export const ExecutorAdmin = Symbol('ExecutorAdmin');
