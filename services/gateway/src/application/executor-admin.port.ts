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

/** What came of a person's wish to change how a call stands. */
export type Intervention =
  | { readonly kind: 'done'; readonly view: CallView }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly refusal: InterventionRefused };

/**
 * Where people look into the ledger and intervene. Never on the path of a call. Every method rejects with
 * `MeshUnavailableError` when nobody can say; repeating what was asked is safe then.
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
  /** Breakers, blocks and concurrency, as one executor knows them. */
  breakers(): Promise<Readonly<Record<string, unknown>>>;
}

export const ExecutorAdmin = Symbol('ExecutorAdmin');
