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

/** The result of a person's request to change a call. */
export type Intervention =
  | { readonly kind: 'done'; readonly view: CallView }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly refusal: InterventionRefused };

/**
 * Lets people read and change the ledger; calls never use it. Every method rejects with `MeshUnavailableError` when the
 * executor does not answer. A repeated request is safe.
 */
export interface ExecutorAdmin {
  cancel(callId: string, request: CancelRequest): Promise<Intervention>;
  resolve(callId: string, verdict: VerdictRequest): Promise<Intervention>;
  reschedule(callId: string, request: RescheduleRequest): Promise<Intervention>;
  waiting(query: WaitingQuery): Promise<WaitingPage>;
  dead(query: DeadQuery): Promise<DeadPage>;
  deadCall(callId: string): Promise<DeadCallView | undefined>;
  redrive(request: RedriveRequest): Promise<RedriveReport>;
  /** The calls of a saga that succeeded, the last first. */
  saga(sagaId: string): Promise<readonly CallView[]>;
  /** Breakers, blocks and concurrency, as one executor sees them. */
  breakers(): Promise<Readonly<Record<string, unknown>>>;
}

export const ExecutorAdmin = Symbol('ExecutorAdmin');
